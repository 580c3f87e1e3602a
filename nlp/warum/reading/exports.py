"""Takes the further header rows of a recognised export off its data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from warum.reading.part import Part
from warum.reading.profiles import Profile, recognise

# What SurveyMonkey writes below a question that has no options.
_NO_OPTION = frozenset({"", "response", "open-ended response", "antwort", "offene antwort"})


def unwrap_export(part: Part) -> Part:
    """Recognise the export by its headers and take its further header rows off.

    Args:
        part: One file's rows.

    Returns:
        The part with `profile` set, header rows dropped, their texts in `questions`, and columns
        that only an option names called "question – option". Unchanged if it is no known export.
    """
    profile = recognise(list(part.columns))
    if profile is None:
        return part
    extra = _extra_rows(part, profile)
    names = tuple(part.columns)
    renamed = {name: name for name in names}
    questions: dict[str, str] = {}
    for held, row in extra.items():
        if held == "questions":
            questions = {name: " ".join(cell.split()) for name, cell in row.items() if cell}
        if held == "options":
            renamed, questions = _with_options(part, row)
    note = f"'{part.name}' was recognised as an export of {profile.title}"
    note += f"; {len(extra)} further header rows are no data." if extra else "."
    return replace(
        part,
        columns={renamed[name]: cells[len(extra) :] for name, cells in part.columns.items()},
        line=part.line[len(extra) :],
        questions=questions,
        profile=profile.name,
        notes=(*part.notes, note),
    )


def _extra_rows(part: Part, profile: Profile) -> dict[str, Mapping[str, str | None]]:
    found: dict[str, Mapping[str, str | None]] = {}
    for wanted in profile.extra_rows:
        position = len(found)
        if position >= len(part):
            break
        row = {name: cells[position] for name, cells in part.columns.items()}
        if wanted.matches(row):
            found[wanted.holds] = row
    return found


def _with_options(
    part: Part, row: Mapping[str, str | None]
) -> tuple[dict[str, str], dict[str, str]]:
    """New names by old ones, and questions by new names."""
    renamed: dict[str, str] = {}
    questions: dict[str, str] = {}
    question = ""
    for name in part.columns:
        option = " ".join((row[name] or "").split())
        if name not in part.unnamed:
            question = name
        new = name
        if option.casefold() not in _NO_OPTION:
            new = f"{question} – {option}" if question else option
        elif name in part.unnamed and question:
            new = f"{question} – {name}"
        while new in renamed.values():
            new = f"{new} ({name})"
        renamed[name] = new
        if row[name] is not None and question:
            questions[new] = question
    return renamed, questions
