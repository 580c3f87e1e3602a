"""Which column is what: named by the user, by a known export, or detected; and said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from warum.errors import UsageError
from warum.reading.facts import Facts, look
from warum.reading.headers import find_column, looks_like_question
from warum.reading.numberchoice import NumberAsk, choose_numbers, given_numbers
from warum.reading.profiles import Profile, profile_named
from warum.reading.records import Detected, RawTable, ReadOptions, Role
from warum.reading.roles import detect_role, fits_role, is_invented, why_no_id
from warum.reading.scorechoice import choose_scores, given_columns
from warum.reading.scores import ScoreAsk
from warum.reading.texts import detect_text

# In this order: what is taken first is no candidate for what follows.
_DETECTABLE: tuple[Role, ...] = (
    "id",
    "customer",
    "date",
    "question",
    "source",
    "channel",
    "language",
    "stage",
    "touchpoint",
)
_SINGLE: tuple[Role, ...] = (*_DETECTABLE, "weight")
_ORDER: tuple[Role, ...] = (
    "text",
    "question",
    "score",
    "number",
    "weight",
    "id",
    "customer",
    "date",
    "by",
    "source",
    "channel",
    "language",
    "stage",
    "touchpoint",
)
_NONE = "none"


@dataclass(frozen=True)
class Choice:
    """What each column is used as.

    Attributes:
        texts: The comment columns, at least one.
        scores: The score columns and how to read them.
        numbers: The number columns and what they measure.
        by: The segment columns.
        single: Role to column, for roles that one column can have.
        detected: All decisions, to be said to the user.
        invented: Whether the file declares itself as invented example data.
        source: Source of all rows where the recognised export tells it and no column does.
        notes: What was seen and not taken.
    """

    texts: tuple[str, ...]
    scores: tuple[ScoreAsk, ...]
    numbers: tuple[NumberAsk, ...]
    by: tuple[str, ...]
    single: Mapping[Role, str]
    detected: tuple[Detected, ...]
    invented: bool
    source: str | None = None
    notes: tuple[str, ...] = ()


def choose_columns(table: RawTable, options: ReadOptions) -> Choice:
    """Give each role its column.

    A column the user named has the role; "none" for a role (`--date none`) leaves it without a
    column. What is not named is taken from a recognised export's profile, else detected.

    Args:
        table: The rows.
        options: What the user said.

    Raises:
        ColumnError: If a named column does not exist, none holds text, or a choice is in doubt.
        UsageError: If a metric is unknown or a column has two roles that exclude each other.
    """
    columns = {name: cells for name, cells in table.columns.items() if not is_invented(name)}
    facts = look(columns, table.questions)
    headers = tuple(columns)
    given, off = _given_roles(options, headers)
    texts = _given_list(options.text, headers, "--text")
    asked = given_numbers(options.number, facts)
    by = _given_list(options.by, headers, "--by")
    scores = given_columns(options, headers)
    values = (*(ask.column for ask in asked), *(option.column for option in scores or ()))
    _exclusive(texts, values)
    named = {*texts, *values}
    profile = profile_named(table.profile) if table.profile else None
    single = _single_roles(facts, given, off, named, profile)
    taken = {*named, *(use.column for use in single.values()), *by}
    text_uses = _uses("text", texts) or _found_texts(facts, taken, profile)
    texts = tuple(use.column for use in text_uses)
    taken.update(texts)
    chosen = choose_scores(options, scores, facts, taken, profile)
    taken.update(ask.column for ask in chosen.asks)
    numbers = choose_numbers(asked, facts, taken)
    detected = (
        *text_uses,
        *chosen.detected,
        *single.values(),
        *numbers.detected,
        *_uses("by", by),
        *_header_questions(text_uses, table.questions),
    )
    return Choice(
        texts=texts,
        scores=chosen.asks,
        numbers=numbers.asks,
        by=by,
        single={role: use.column for role, use in single.items()},
        detected=tuple(sorted(detected, key=lambda use: _ORDER.index(use.role))),
        invented=len(columns) < len(table.columns),
        source=None if profile is None or {"source"} & {*single, *off} else profile.source,
        notes=_id_notes(facts, taken, {*single, *off}),
    )


def header_question(header: str, questions: Mapping[str, str]) -> str | None:
    """The question that a text column answers by its header, None if the header is none.

    Args:
        header: The column.
        questions: Header to question text, where the export holds them.
    """
    if header in questions:
        return questions[header]
    return header.strip() if looks_like_question(header) else None


def _given_roles(
    options: ReadOptions, headers: Sequence[str]
) -> tuple[dict[Role, str], frozenset[Role]]:
    """Role to column as named, and the roles the user wants no column for."""
    given: dict[Role, str] = {}
    off: set[Role] = set()
    for role in _SINGLE:
        name: str | None = getattr(options, role)
        if name is None:
            continue
        if name.casefold() == _NONE not in headers:
            off.add(role)
        else:
            given[role] = find_column(name, headers, f"--{role}")
    return given, frozenset(off)


def _given_list(names: Sequence[str], headers: Sequence[str], option: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(find_column(name, headers, option) for name in names))


def _uses(role: Role, headers: Sequence[str]) -> list[Detected]:
    return [Detected(role, header, "given", True) for header in headers]


def _exclusive(texts: Sequence[str], others: Sequence[str]) -> None:
    for header in texts:
        if header in others:
            raise UsageError(
                f"Column {header!r} cannot be both --text and --score or --number.",
                hint="Name another column for one of them.",
            )


def _single_roles(
    facts: Mapping[str, Facts],
    given: Mapping[Role, str],
    off: frozenset[Role],
    named: set[str],
    profile: Profile | None,
) -> dict[Role, Detected]:
    uses = {role: Detected(role, header, "given", True) for role, header in given.items()}
    taken = named | set(given.values())
    known = profile.columns(tuple(facts)) if profile else {}
    for role in _DETECTABLE:
        if role in given or role in off:
            continue
        header = known.get(role)
        how = f"profile {profile.name}" if profile else "header"
        if header is None or header in taken or not fits_role(role, facts[header]):
            header, how = detect_role(role, facts, taken), "header"
        if header is not None:
            uses[role] = Detected(role, header, how, False)
            taken.add(header)
    return uses


def _found_texts(
    facts: Mapping[str, Facts], taken: set[str], profile: Profile | None
) -> list[Detected]:
    if profile is not None:
        header = profile.columns(tuple(facts)).get("text")
        if header is not None and header not in taken and facts[header].filled:
            return [Detected("text", header, f"profile {profile.name}", False)]
    header, how = detect_text([f for name, f in facts.items() if name not in taken])
    return [Detected("text", header, how, False)]


def _id_notes(facts: Mapping[str, Facts], taken: set[str], settled: set[Role]) -> tuple[str, ...]:
    note = None if "id" in settled else why_no_id(facts, taken)
    return (note,) if note else ()


def _header_questions(texts: Sequence[Detected], questions: Mapping[str, str]) -> list[Detected]:
    return [
        Detected("question", use.column, "header of the text column", False)
        for use in texts
        if header_question(use.column, questions)
    ]
