"""Recall and precision of the redaction on the authored set, 250 + 250 comments a language."""

from __future__ import annotations

from tests.warum.stages.test_redaction import tally


def table() -> str:
    """Spans wanted, found and missed per language, as a markdown table."""
    lines = ["| language | spans to redact | recall | precision |", "|---|---|---|---|"]
    for language in ("de", "en"):
        right, wrong, missed = tally(language)
        lines.append(
            f"| {language} | {right + missed} | {right / (right + missed):.3f} "
            f"| {right / (right + wrong):.3f} |"
        )
    note = (
        "The cases were written before the rules. The rules' first run had recall 0.984 in both languages and "
        "precision 0.981 (de) and 0.984 (en); then they were mended on these very cases, so the figures above "
        "are not held out."
    )
    return "\n".join([*lines, "", note])
