"""How the labels of others become ours: emotions of GoEmotions, classes of app feedback."""

from __future__ import annotations

EKMAN = "the authors' Ekman group"
FOLDING: dict[str, tuple[str, str]] = {
    "admiration": ("joy", EKMAN),
    "amusement": ("joy", EKMAN),
    "approval": ("joy", EKMAN),
    "caring": ("joy", EKMAN),
    "desire": ("joy", EKMAN),
    "excitement": ("joy", EKMAN),
    "joy": ("joy", "the same word"),
    "love": ("joy", EKMAN),
    "optimism": ("joy", EKMAN),
    "pride": ("joy", EKMAN),
    "relief": ("joy", EKMAN),
    "gratitude": (
        "gratitude",
        "the same word; apart from joy because thanks are what feedback is full of",
    ),
    "anger": ("anger", "the same word"),
    "annoyance": ("anger", EKMAN),
    "disapproval": ("anger", EKMAN),
    "disgust": ("anger", "the nine have none; feedback voices disgust as anger"),
    "disappointment": ("disappointment", "the same word; apart from sadness, as the nine are"),
    "embarrassment": ("sadness", EKMAN),
    "grief": ("sadness", EKMAN),
    "remorse": ("sadness", EKMAN),
    "sadness": ("sadness", "the same word"),
    "fear": ("fear", "the same word"),
    "nervousness": ("fear", EKMAN),
    "confusion": ("confusion", "the same word; apart from surprise, as the nine are"),
    "curiosity": ("surprise", EKMAN),
    "realization": ("surprise", EKMAN),
    "surprise": ("surprise", "the same word"),
    "neutral": ("neutral", "the same word"),
}
"""GoEmotions label to one of the nine emotions, with the reason (groups: Demszky et al. 2020)."""

SHAH = {"B": "bug_report", "M": "bug_report", "R": "suggestion", "E": "other", "rate": "other"}
"""App-feedback class to intent: bugs, requests, and everything else; "M" is a bug and a request in one."""

SHAH_INTENTS = ("bug_report", "suggestion", "other")


def emotion_of(labels: list[str]) -> str | None:
    """The one of nine emotions that all labels of a text fold to; None where they fold to several.

    Raises:
        KeyError: If a label is none of GoEmotions' 28.
    """
    folded = {FOLDING[label][0] for label in labels}
    return folded.pop() if len(folded) == 1 else None


def app_intent(intent: str | None) -> str:
    """An intent as the app-feedback set knows it: what is no bug report and no suggestion is other."""
    return intent if intent in SHAH_INTENTS else "other"
