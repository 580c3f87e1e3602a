"""What the reading of labels gives: texts with judgements, and rows that cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Judgement = tuple[str, str | None]
"""A category's code and the polarity a person saw, None where not said."""
Form = Literal["long", "list", "wide"]
FORMS: tuple[Form, ...] = ("long", "list", "wide")


@dataclass(frozen=True, slots=True)
class GoldOptions:
    """What the user said about a file of labels; what is None is detected.

    Attributes:
        format: How labels stand in the file.
        text: Column of the texts.
        category: Column of categories (long) or of lists of them (list).
        polarity: Column of polarities (long).
        id: Column naming the text.
        customer: Column naming the customer.
        language: Column of languages.
        question: Column of questions.
        source: Column of sources.
        by: Further columns that figures are wanted for.
        encoding: Encoding of text files.
        sheet: Sheet of a workbook.
        skip_bad: Whether to go on without rows that cannot be used.
    """

    format: Form | None = None
    text: str | None = None
    category: str | None = None
    polarity: str | None = None
    id: str | None = None
    customer: str | None = None
    language: str | None = None
    question: str | None = None
    source: str | None = None
    by: tuple[str, ...] = ()
    encoding: str | None = None
    sheet: str | None = None
    skip_bad: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that cannot be used.

    Attributes:
        file: Name of the file.
        row: Number of the row over all files, from 1, headers not counted.
        line: Line in its file.
        code: `unknown_category`, `unknown_polarity`, `unknown_value`, `empty_text`, `contradiction`,
            `beside_fault` (another row of the same text is faulty), or why the row could not be read.
        column: Where it is; empty for a whole row.
        value: What stands there.
        message: What was expected, and what to do.
    """

    file: str
    row: int
    line: int
    code: str
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        where = f", column {self.column!r}" if self.column else ""
        return f"row {self.row} (line {self.line}{where}): {self.message}"


@dataclass(frozen=True, slots=True)
class GoldText:
    """A text with what a person saw in it.

    Attributes:
        text: The text, not empty.
        judgements: Its labels; empty if it holds none.
        rows: Numbers of the rows it comes from.
        id: Its name in the file, None where there is none.
        customer: Who wrote it.
        language: ISO 639-1 code where the file gives it.
        question: What it answers.
        source: Where it came from.
        by: Further columns.
        audit: Whether it is marked as part of an audit sample.
    """

    text: str
    judgements: frozenset[Judgement]
    rows: tuple[int, ...]
    id: str | None = None
    customer: str | None = None
    language: str | None = None
    question: str | None = None
    source: str | None = None
    by: Mapping[str, str | None] = field(default_factory=dict)
    audit: bool = False


@dataclass(frozen=True)
class GoldLabels:
    """The labelled texts of one or several files.

    Attributes:
        texts: In the order of the files.
        problems: Rows left out; the rows of `texts` and these are `rows_in`.
        rows_in: Rows of the files.
        form: How labels stand in them.
        notes: Plain sentences about how they were read, to be said to the user.
        files: Names of the files.
        audit: Whether a file is marked as an audit sample as a whole.
    """

    texts: tuple[GoldText, ...]
    problems: tuple[Problem, ...]
    rows_in: int
    form: Form
    notes: tuple[str, ...]
    files: tuple[str, ...]
    audit: bool = False
