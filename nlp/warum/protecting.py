"""Personal data outside the comments: ids, segments, questions and rejected rows, before they are stored.

Comments themselves are redacted by the stage `redaction`, where their length is kept.
"""

from __future__ import annotations

from dataclasses import replace

from warum.reading.records import RejectedRow, Responses, Unmatched
from warum.stages.redaction import redact
from warum.table import Column, strings


def protect(responses: Responses) -> Responses:
    """Black out personal data in everything that is stored besides the comments.

    Ids and customers that hold such data are numbered by first appearance instead: blacked out, two people
    could become one.
    """
    notes = list(responses.notes)
    customer = responses.customer
    if customer is not None and _personal(customer):
        customer = _numbered(customer, "customer")
        notes.append("Customers are named by e-mail, phone or account numbers: numbered instead.")
    ids = responses.ids
    if _personal(ids):
        ids = _numbered(ids, "response")
        notes.append("Responses are named by e-mail, phone or account numbers: numbered instead.")
    return replace(
        responses,
        ids=ids,
        customer=customer,
        questions={name: _redacted(column) for name, column in responses.questions.items()},
        by={name: _redacted(column) for name, column in responses.by.items()},
        source=None if responses.source is None else _redacted(responses.source),
        channel=None if responses.channel is None else _redacted(responses.channel),
        stage=None if responses.stage is None else _redacted(responses.stage),
        touchpoint=None if responses.touchpoint is None else _redacted(responses.touchpoint),
        rejected=tuple(_rejected(row) for row in responses.rejected),
        notes=tuple(redact(note) for note in notes),
        unmatched=None if responses.unmatched is None else _unmatched(responses.unmatched),
    )


def _personal(column: Column) -> bool:
    """Whether ids hold personal data; plain numbers are ids, however phone-like they look."""
    return any(
        value is not None and not str(value).isdigit() and redact(str(value)) != str(value)
        for value in dict.fromkeys(column.tolist())
    )


def _numbered(column: Column, stem: str) -> Column:
    numbers: dict[str, str] = {}
    for value in column.tolist():
        if value is not None:
            numbers.setdefault(value, f"{stem}-{len(numbers) + 1}")
    return strings([None if value is None else numbers[value] for value in column.tolist()])


def _redacted(column: Column) -> Column:
    known = {v: v if v is None else redact(v) for v in dict.fromkeys(column.tolist())}
    return strings([known[value] for value in column.tolist()])


def _unmatched(keys: Unmatched) -> Unmatched:
    return Unmatched(
        left=tuple(redact(key) for key in keys.left), right=tuple(redact(key) for key in keys.right)
    )


def _rejected(row: RejectedRow) -> RejectedRow:
    raw = {redact(name): cell if cell is None else redact(cell) for name, cell in row.raw.items()}
    return replace(row, message=redact(row.message), raw=raw)
