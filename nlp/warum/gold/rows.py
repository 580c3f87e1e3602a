"""From rows to texts: judgements gathered per text, faulty rows put aside with their reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from warum.gold.cells import Names, UnreadableCellError, is_nothing, read_polarity
from warum.gold.layout import Layout
from warum.gold.records import GoldText, Judgement, Problem
from warum.reading.languages import language_code
from warum.reading.records import RawTable

_YES = frozenset(["1", "1.0", "x", "yes", "ja", "true", "wahr", "y", "j", "✓"])
_NO = frozenset(["0", "0.0", "no", "nein", "false", "falsch", "absent", "not mentioned", "n"])
_TRUE_AUDIT = _YES | {"audit"}


@dataclass(frozen=True, slots=True)
class _Row:
    """One row: where it stands, its text and what it says of it."""

    at: int
    text: GoldText
    problem: Problem | None


class Gatherer:
    """Gathers the texts of a table.

    Args:
        table: The rows.
        layout: What each column is.
        names: The categories' names.
    """

    def __init__(self, table: RawTable, layout: Layout, names: Names) -> None:
        self._table = table
        self._layout = layout
        self._names = names
        self.notes: list[str] = []
        self._wide = self._wide_reader()

    def gather(self) -> tuple[list[GoldText], list[Problem]]:
        """The texts, and the rows that cannot be used.

        A text with a faulty row is left out whole: without one of its labels it would count as a wrong
        negative.
        """
        rows = [self._row(i) for i in range(len(self._table))]
        problems = [row.problem for row in rows if row.problem]
        problems += [
            Problem(r.file, r.row, r.line, r.code, "", "", r.message) for r in self._table.rejected
        ]
        if self._layout.form == "long":
            texts, more = self._merged(rows)
        else:
            texts, more = [row.text for row in rows if not row.problem], []
        agreed, contradictions = self._agreed(texts)
        problems += [*more, *contradictions]
        return agreed, sorted(problems, key=lambda p: p.row)

    def _cell(self, column: str | None, i: int) -> str | None:
        if column is None:
            return None
        value: str | None = self._table.columns[column][i]
        return value.strip() if value else None

    def _problem(self, row: int, code: str, column: str, value: str, message: str) -> Problem:
        table = self._table
        i = int((table.row == row).argmax())
        return Problem(
            table.files[int(table.file[i])], row, int(table.line[i]), code, column, value, message
        )

    def _row(self, i: int) -> _Row:
        layout, row = self._layout, int(self._table.row[i])
        text = self._cell(layout.text, i)
        judgements: frozenset[Judgement] = frozenset()
        problem = None
        if text is None:
            problem = self._problem(
                row,
                "empty_text",
                layout.text,
                "",
                "there is no text; fill it in, or delete the row.",
            )
        else:
            try:
                judgements = frozenset(self._judgements(i))
            except UnreadableCellError as error:
                problem = self._problem(
                    row, error.code, self._faulty_column(error), error.value, str(error)
                )
        return _Row(i, self._gold_text(i, text or "", judgements), problem)

    def _faulty_column(self, error: UnreadableCellError) -> str:
        if error.code == "unknown_polarity" and self._layout.polarity:
            return self._layout.polarity
        return error.column or self._layout.category

    def _gold_text(self, i: int, text: str, judgements: frozenset[Judgement]) -> GoldText:
        roles = self._layout.roles
        language = self._cell(roles.get("language"), i)
        return GoldText(
            text=text,
            judgements=judgements,
            rows=(int(self._table.row[i]),),
            id=self._cell(self._layout.id, i),
            customer=self._cell(roles.get("customer"), i),
            language=language_code(language) if language else None,
            question=self._cell(roles.get("question"), i),
            source=self._cell(roles.get("source"), i),
            by={column: self._cell(column, i) for column in self._layout.by},
            audit=(self._cell(self._layout.audit, i) or "").casefold() in _TRUE_AUDIT,
        )

    def _judgements(self, i: int) -> Iterable[Judgement]:
        layout = self._layout
        if layout.form == "wide":
            return self._wide(i)
        cell = self._cell(layout.category, i)
        if layout.form == "list" and layout.polarity is None:
            return self._names.read_list(cell)
        if is_nothing(cell):
            return ()
        held = self._names.read_list(cell)
        if layout.polarity is None:
            return held
        sides = read_polarity(self._cell(layout.polarity, i))
        return {(code, own or side) for code, own in held for side in sides}

    def _wide_reader(self) -> Callable[[int], list[Judgement]]:
        """How cells of category columns are read; said in the notes where it could be otherwise."""
        layout = self._layout
        cells = [
            None if cell is None else str(cell).strip().casefold()
            for column in layout.wide
            for cell in self._table.columns[column].tolist()
        ]
        known = {cell for cell in cells if cell is not None}
        signed = any(_is_polarity(cell) for cell in known - _YES - _NO)
        zero = signed and None in cells and bool(known & {"0", "0.0"})
        if signed and known & {"0", "0.0"}:
            meaning = "a neutral mention, and an empty cell none" if zero else "no mention"
            self.notes.append(f"In the category columns 0 was read as {meaning}.")

        def read(i: int) -> list[Judgement]:
            found: list[Judgement] = []
            for column, code in layout.wide.items():
                try:
                    found += _wide_cell(self._cell(column, i), code, signed=signed, zero=zero)
                except UnreadableCellError as error:
                    error.column = column
                    raise
            return found

        return read

    def _merged(self, rows: Sequence[_Row]) -> tuple[list[GoldText], list[Problem]]:
        """Rows of one text put together, by its id, or else by text and question."""
        held: dict[object, list[_Row]] = {}
        for row in rows:
            text = row.text
            key = ("id", text.id) if text.id else ("text", text.text, text.question)
            held.setdefault(key if text.text or text.id else ("row", row.at), []).append(row)
        texts: list[GoldText] = []
        problems: list[Problem] = []
        for together in held.values():
            faulty = [row for row in together if row.problem]
            sound = [row.text for row in together if not row.problem]
            if faulty or len({t.text for t in sound}) > 1:
                problems += [self._unusable(text, bool(faulty)) for text in sound]
                continue
            judgements = frozenset(j for text in sound for j in text.judgements)
            rows_of = tuple(t.rows[0] for t in sound)
            audit = any(text.audit for text in sound)
            texts.append(replace(sound[0], judgements=judgements, rows=rows_of, audit=audit))
        return texts, problems

    def _unusable(self, text: GoldText, beside: bool) -> Problem:
        if beside:
            code, message = "beside_fault", "another row of this text is faulty, see there."
        else:
            code = "contradiction"
            message = f"id {text.id!r} stands for different texts; give each text an id of its own."
        return self._problem(text.rows[0], code, self._layout.id or "", text.id or "", message)

    def _agreed(self, texts: Sequence[GoldText]) -> tuple[list[GoldText], list[Problem]]:
        """Of equal texts that were labelled differently, those with the commonest labels."""
        held: dict[tuple[str, str | None], list[GoldText]] = {}
        for text in texts:
            held.setdefault((" ".join(text.text.casefold().split()), text.question), []).append(
                text
            )
        refused: set[int] = set()
        problems: list[Problem] = []
        for alike in held.values():
            counts = Counter(text.judgements for text in alike)
            if len(counts) == 1:
                continue
            kept = max(counts, key=lambda j: (counts[j], -alike.index(_first(alike, j))))
            first = _first(alike, kept).rows[0]
            for text in alike:
                if text.judgements != kept:
                    refused.add(text.rows[0])
                    problems += [self._contradiction(row, text, first) for row in text.rows]
        return [text for text in texts if text.rows[0] not in refused], problems

    def _contradiction(self, row: int, text: GoldText, first: int) -> Problem:
        said = (
            ", ".join(sorted(f"{code}:{side or '?'}" for code, side in text.judgements)) or "none"
        )
        return self._problem(
            row, "contradiction", "", said,
            f"the text of row {first} stands here again with other labels ({said}); make them the same.",
        )  # fmt: skip


def _first(texts: Sequence[GoldText], judgements: frozenset[Judgement]) -> GoldText:
    return next(text for text in texts if text.judgements == judgements)


def _is_polarity(cell: str) -> bool:
    try:
        return read_polarity(cell) != (None,)
    except UnreadableCellError:
        return False


def _wide_cell(cell: str | None, code: str, *, signed: bool, zero: bool) -> list[Judgement]:
    text = (cell or "").strip().casefold()
    if is_nothing(text):
        return []
    if text in ("0", "0.0"):
        return [(code, "neutral")] if zero else []
    if not signed and text in _YES:
        return [(code, None)]
    if text in _NO and not (signed and text == "n"):
        return []
    try:
        sides = read_polarity(text)
    except UnreadableCellError:
        sides = (None,) if text in _YES else ()
    if sides:
        return [(code, side) for side in sides]
    raise UnreadableCellError(
        "unknown_value",
        text,
        f"{text[:60]!r} is no mark; expected 0 or 1, or -1, 0 and 1, or negative, neutral and positive.",
    )
