"""Columns are told by the names that they came with."""

from __future__ import annotations

from warum.reading.records import ReadOptions
from warum.report.column_words import column_reason
from warum.result import ColumnUse
from warum_api.working.naming import MADE, as_they_came, unused

FOUND = (
    ColumnUse("text", "comment", "longest free text", given=False),
    ColumnUse("id", "warum_id", "given", given=True),
    ColumnUse("customer", "warum_customer", "given", given=True),
)


def test_the_names_of_the_files() -> None:
    named = [{"warum_id": "nr", "warum_customer": "who"}, {"warum_customer": "kunde"}]
    text, id_, customer = as_they_came(FOUND, named, ReadOptions(id="nr"))
    assert text == FOUND[0]
    assert (id_.column, column_reason(id_, "en")) == ("nr", "named by you")
    assert (customer.column, column_reason(customer, "de")) == ("who, kunde", "Überschrift")


def test_what_no_file_had_was_made() -> None:
    _, id_, _ = as_they_came(FOUND, [{"warum_customer": "who"}], ReadOptions())
    assert (id_.column, id_.how) == ("", MADE)
    assert column_reason(id_, "en") == "made by the service"
    assert column_reason(id_, "de") == "vom Dienst vergeben"


def test_columns_that_are_nothing() -> None:
    assert unused(FOUND, ["branch", "comment", "phone"]) == ["branch", "phone"]
