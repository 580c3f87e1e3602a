"""Events as the body that incoming webhooks of Slack (and of what is compatible with it) take.

`text` is what stands in notifications, `blocks` what is shown (Block Kit). Slack reads `&`, `<` and `>` as
markup, so that a text could call everybody (`<!channel>`): they are escaped everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from warum.caveats import Ui
from warum_api.notifying.events import Event

MOST_HEADER, MOST_SECTION = 150, 3_000
"""Characters that Slack allows in a header and in a section."""
SHOWN_COMMENTS, SHOWN_TEXT = 10, 200

_WORDS: Mapping[Ui, Mapping[str, str]] = {
    "en": {
        "spike.rise": "{title}: {polarity} mentions jumped",
        "spike.fall": "{title}: {polarity} mentions dropped suddenly",
        "drift.rise": "{title}: {polarity} mentions are rising",
        "drift.fall": "{title}: {polarity} mentions are falling",
        "negative": "negative", "neutral": "neutral", "positive": "positive",
        "segment": "{by} = {value}",
        "everybody": "All customers",
        "counted": "Since {began}: {seen} of {occasions} occasions mention it, expected {expected}{range}.",
        "few": "Since {began}, in {occasions} occasions; expected {expected}{range}.",
        "range": " ({low} to {high})",
        "comments": "Comments behind it",
        "more": "and {n} more",
        "job.finished": "Job finished: {what}",
        "job.failed": "Job failed: {what}",
        "webhook.test": "Test message from warum",
        "job": "Job `{job}`",
        "project": "Project `{project}`",
    },
    "de": {
        "spike.rise": "{title}: {polarity} Nennungen sprunghaft gestiegen",
        "spike.fall": "{title}: {polarity} Nennungen plötzlich gesunken",
        "drift.rise": "{title}: {polarity} Nennungen nehmen zu",
        "drift.fall": "{title}: {polarity} Nennungen nehmen ab",
        "negative": "negative", "neutral": "neutrale", "positive": "positive",
        "segment": "{by} = {value}",
        "everybody": "Alle Kundinnen und Kunden",
        "counted": "Seit {began}: in {seen} von {occasions} Anlässen genannt, erwartet {expected}{range}.",
        "few": "Seit {began}, in {occasions} Anlässen; erwartet {expected}{range}.",
        "range": " ({low} bis {high})",
        "comments": "Kommentare dahinter",
        "more": "und {n} weitere",
        "job.finished": "Auftrag fertig: {what}",
        "job.failed": "Auftrag gescheitert: {what}",
        "webhook.test": "Testnachricht von warum",
        "job": "Auftrag `{job}`",
        "project": "Projekt `{project}`",
    },
}  # fmt: skip


def slack_body(
    event: Event, ui: Ui, *, comments: Sequence[str], texts: Mapping[str, str]
) -> dict[str, Any]:
    """The body for an event.

    Args:
        event: What happened.
        ui: Language of the sentences.
        comments: Ids of comments to name; ten are, and how many more there are.
        texts: Texts of some of them; those that are here are quoted.
    """
    header = _header(event, ui)
    lines = _alert_lines(event, ui) if event.kind == "alert.raised" else _job_lines(event, ui)
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": {"type": "plain_text", "text": _cut(header, MOST_HEADER)}}
    ]
    if lines:
        blocks.append(_section("\n".join(lines)))
    if comments:
        blocks.append(_section(_comments(comments, texts, ui)))
    if event.project:
        about = _say(ui, "project", project=_escaped(event.project))
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": about}]})
    # In `text`, unlike in a plain_text header, signs of markup count too.
    return {"text": _cut(" – ".join((_escaped(header), *lines)), MOST_SECTION), "blocks": blocks}


def _header(event: Event, ui: Ui) -> str:
    data = event.data
    if event.kind != "alert.raised":
        return _say(ui, event.kind, what=str(data.get("what", "")))
    return _say(
        ui,
        f"{data['kind']}.{data['direction']}",
        title=data["title"][ui],
        polarity=_WORDS[ui][data["polarity"]],
    )


def _alert_lines(event: Event, ui: Ui) -> list[str]:
    data, expected = event.data, event.data["expected"]
    between = ""
    if expected["low"] is not None and expected["high"] is not None:
        between = _say(
            ui, "range", low=_number(expected["low"], ui), high=_number(expected["high"], ui)
        )
    counted = _say(
        ui,
        "few" if data["seen"] is None else "counted",
        began=_day(data["began"], ui),
        seen=data["seen"],
        occasions=data["occasions"],
        expected="–" if expected["value"] is None else _number(expected["value"], ui),
        range=between,
    )
    if not data["by"]:
        return [_say(ui, "everybody"), counted]
    by, value = _escaped(str(data["by"])), _escaped(str(data["value"]))
    return [_say(ui, "segment", by=by, value=value), counted]


def _job_lines(event: Event, ui: Ui) -> list[str]:
    if "job" not in event.data:
        return []
    lines = [_say(ui, "job", job=_escaped(str(event.data["job"])))]
    if event.kind == "job.failed":
        lines.append(_escaped(f"{event.data['code']}: {event.data['detail']}"))
    return lines


def _comments(comments: Sequence[str], texts: Mapping[str, str], ui: Ui) -> str:
    lines = [f"*{_say(ui, 'comments')}*"]
    for comment in comments[:SHOWN_COMMENTS]:
        line = f"• `{_escaped(comment.replace('`', ' '))[:100]}`"
        if comment in texts:
            line += f" {_escaped(_cut(' '.join(texts[comment].split()), SHOWN_TEXT))}"
        lines.append(line)
    if len(comments) > SHOWN_COMMENTS:
        lines.append(_say(ui, "more", n=len(comments) - SHOWN_COMMENTS))
    return "\n".join(lines)


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, MOST_SECTION)}}


def _say(ui: Ui, name: str, **values: object) -> str:
    return _WORDS[ui][name].format(**values)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _number(value: float, ui: Ui) -> str:
    text = f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"
    return text.replace(".", ",") if ui == "de" else text


def _day(iso: str, ui: Ui) -> str:
    return date.fromisoformat(iso).strftime("%d.%m.%Y") if ui == "de" else iso
