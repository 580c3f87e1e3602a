"""How labels stand in a table: one row per label, a list per text, or a column per category."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from warum.errors import ColumnError
from warum.gold.cells import Names, is_nothing
from warum.gold.records import Form, GoldOptions
from warum.reading.facts import Facts, look
from warum.reading.headers import find_column, listed, words_of
from warum.reading.records import RawTable, Role
from warum.reading.roles import detect_role
from warum.reading.texts import detect_text

_ONE = (
    "category", "kategorie", "code", "label", "topic", "thema", "theme", "aspect", "aspekt",
    "category code", "label code",
)  # fmt: skip
_SEVERAL = (
    "labels", "categories", "kategorien", "codes", "topics", "themen", "themes", "aspects", "aspekte", "tags",
)  # fmt: skip
_POLARITY = ("polarity", "polarität", "sentiment", "stimmung", "label polarity", "tonalität")
_ID = (
    "id", "response id", "comment id", "text id", "review id", "document id", "antwort id",
    "kommentar id", "ticket id",
)  # fmt: skip
_AUDIT = ("audit", "audit sample", "is audit", "stichprobe audit")
_LISTED = (";", "|", "[", "\n")
_ROLES: tuple[Role, ...] = ("customer", "language", "question", "source")


@dataclass(frozen=True)
class Layout:
    """What each column is.

    Attributes:
        form: How labels stand in the table.
        text: Column of the texts.
        category: Column of categories; empty in the wide form.
        polarity: Column of polarities; None where there is none.
        wide: Column to category code, in the wide form.
        id: Column that names the text, None where there is none.
        audit: Column that marks an audit sample, None where there is none.
        roles: Customer, language, question, source: to their columns.
        by: Further columns that figures are wanted for.
    """

    form: Form
    text: str
    category: str
    polarity: str | None
    wide: Mapping[str, str]
    id: str | None
    audit: str | None
    roles: Mapping[str, str]
    by: tuple[str, ...]

    def said(self) -> str:
        """What was decided, in a sentence."""
        where = {
            "long": f"one label per row, in {self.category!r}",
            "list": f"a list of labels per text, in {self.category!r}",
            "wide": f"a column per category, {len(self.wide)} of them",
        }[self.form]
        polarity = f", polarity in {self.polarity!r}" if self.polarity else ""
        others = "".join(f", {role} in {column!r}" for role, column in self.roles.items())
        return f"Read as {where}{polarity}; text in {self.text!r}{others}."


def find_layout(table: RawTable, names: Names, options: GoldOptions) -> Layout:
    """Find out how labels stand in a table.

    Args:
        table: The rows.
        names: The categories' names.
        options: What the user said.

    Raises:
        ColumnError: If a named column does not exist, or labels or texts are found nowhere.
    """
    headers = tuple(table.columns)
    facts = look(table.columns, table.questions)
    given = _given(options, headers)
    wide = {h: code for h in headers if (code := names.find(h)) and h not in given.values()}
    category = given.get("category") or _named(headers, (*_ONE, *_SEVERAL), given.values())
    form = options.format or _form(facts, names, category, wide)
    if form == "wide" and not wide:
        raise ColumnError(
            f"No column is named like a category of {names.taxonomy!r}.",
            hint=f"Name columns by code or title. Columns: {listed(headers)}.",
        )
    if form != "wide" and category is None:
        raise ColumnError(
            "No column holds categories.",
            hint=f"Name it with --category COLUMN. Columns: {listed(headers)}.",
        )
    taken = {*given.values(), *(wide if form == "wide" else ())}
    if form != "wide" and category is not None:
        taken.add(category)
        wide = {}
    polarity = None
    if form != "wide":
        polarity = given.get("polarity") or _named(headers, _POLARITY, taken)
    taken |= {polarity} - {None}
    audit = _named(headers, _AUDIT, taken)
    id_ = given.get("id") or _named(headers, _ID, taken)
    taken |= {name for name in (audit, id_) if name}
    roles = _roles(facts, given, taken)
    taken |= set(roles.values())
    text = given.get("text") or detect_text([f for h, f in facts.items() if h not in taken])[0]
    by = tuple(dict.fromkeys(find_column(name, headers, "--by") for name in options.by))
    return Layout(
        form, text, category or "" if form != "wide" else "", polarity, wide, id_, audit, roles, by
    )


def _given(options: GoldOptions, headers: Sequence[str]) -> dict[str, str]:
    names = ("text", "category", "polarity", "id", *_ROLES)
    asked = {name: getattr(options, name) for name in names}
    return {
        name: find_column(value, headers, f"--{name}")
        for name, value in asked.items()
        if value is not None
    }


def _named(headers: Sequence[str], names: Sequence[str], taken: Collection[str]) -> str | None:
    """The first header, by the order of names, that is named so."""
    words = {words_of(header): header for header in reversed(headers) if header not in taken}
    return next((words[name] for name in names if name in words), None)


def _form(
    facts: Mapping[str, Facts], names: Names, category: str | None, wide: Mapping[str, str]
) -> Form:
    if category is None or (len(wide) > 1 and not _holds(facts[category], names)):
        return "wide"
    several = any(mark in cell for cell in facts[category].distinct for mark in _LISTED)
    return "list" if several or words_of(category) in _SEVERAL else "long"


def _holds(facts: Facts, names: Names) -> bool:
    """Whether cells name categories."""
    return any(
        not is_nothing(cell) and names.find(cell.partition(":")[0].partition(";")[0])
        for cell in facts.distinct
    )


def _roles(facts: Mapping[str, Facts], given: Mapping[str, str], taken: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for role in _ROLES:
        column = given.get(role) or detect_role(role, facts, {*taken, *found.values()})
        if column is not None:
            found[role] = column
    return found
