"""Columns of a result by the names that people have for them."""

from __future__ import annotations

from warum.report.column_words import column_name


def test_fixed_columns_are_translated_and_others_stay() -> None:
    assert [column_name(name, "de") for name in ("language", "channel", "branch")] == [
        "Sprache",
        "Kanal",
        "branch",
    ]
    assert column_name("language", "en") == "language"
