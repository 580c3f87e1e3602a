from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.warum.reading.rawtables import raw, texts, unparsed
from warum.errors import ColumnError, InputError, UsageError
from warum.reading.join import Aggregate, JoinAsk, join_tables
from warum.reading.records import RawTable, ReadOptions, ScoreOption
from warum.reading.responses import make_responses


def other(columns: dict[str, Any], **more: Any) -> RawTable:
    return raw(columns, files=("data/survey.csv.gz",), **more)


def main(keys: list[str | None], **columns: Any) -> RawTable:
    return raw({"ticket": keys, "comment": texts(len(keys)), **columns})


def test_join_is_many_to_one_and_never_multiplies_rows() -> None:
    table = main(["a", "b", "a ", None, "x"])
    joined = join_tables(
        table, other({"ticket": [" a", "b", "c", None], "nps": ["9", "3", "1", "2"]}), JoinAsk()
    )
    assert joined.table.columns["nps"].tolist() == ["9", "3", "9", None, None]
    assert len(joined.table) == 5
    assert joined.unmatched.left == ("x",)
    assert joined.unmatched.right == ("c",)
    caveat = joined.table.caveats[0]
    assert caveat.code == "unmatched_keys"
    assert dict(caveat.details) == {"left": 2, "right": 2, "other": "survey"}
    assert any("'survey' (1): x" in note for note in joined.table.notes)


def test_all_unmatched_keys_are_kept_and_twenty_shown() -> None:
    keys = [f"k{i}" for i in range(30)]
    joined = join_tables(main([*keys]), other({"ticket": ["k0"], "nps": ["1"]}), JoinAsk())
    assert len(joined.unmatched.left) == 29
    assert "k20 …" in joined.table.notes[0]
    assert "k21" not in joined.table.notes[0]


def test_keys_may_differ_in_name() -> None:
    table = other({"Ticket No": ["a"], "nps": ["1"]})
    joined = join_tables(main(["a"]), table, JoinAsk("ticket=ticket no"))
    assert joined.table.columns["nps"].tolist() == ["1"]
    assert joined.table.columns["Ticket No"].tolist() == ["a"]


def test_a_header_with_an_equals_sign_is_a_header() -> None:
    joined = join_tables(raw({"a=b": ["1"]}), other({"a=b": ["1"], "x": ["y"]}), JoinAsk("a=b"))
    assert joined.table.columns["x"].tolist() == ["y"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"x": ["a"]}, "share no column"),
        ({"ticket": ["a"], "comment": ["b"]}, "share the columns 'ticket', 'comment'"),
    ],
)
def test_an_unclear_key_is_an_error(columns: dict[str, Any], message: str) -> None:
    with pytest.raises(ColumnError, match=message):
        join_tables(main(["a"]), other(columns), JoinAsk())


def test_an_unknown_key_names_the_nearest() -> None:
    with pytest.raises(ColumnError, match=r"'tickt' \(--on\). Did you mean 'ticket'"):
        join_tables(main(["a"]), other({"ticket": ["a"]}), JoinAsk("tickt"))


def test_duplicate_keys_are_an_error_with_lines() -> None:
    with pytest.raises(InputError, match=r"1 keys .* 'a' in lines 2, 4.*--join-agg"):
        join_tables(
            main(["a"]), other({"ticket": ["a", "b", "a"], "n": ["1", "2", "3"]}), JoinAsk()
        )


@pytest.mark.parametrize(
    ("aggregate", "n", "word"),
    [("mean", ["3", "5"], "new"), ("sum", ["6", "5"], "new"), ("last", ["4", "5"], "new")],
)
def test_aggregates(aggregate: Aggregate, n: list[str], word: str) -> None:
    columns = {
        "ticket": ["a", "b", "a", "a"],
        "n": ["2", "5", None, "4"],
        "word": ["old", "x", "mid", "new"],
    }
    joined = join_tables(main(["a", "b"]), other(columns), JoinAsk(aggregate=aggregate))
    assert joined.table.columns["n"].tolist() == n
    assert joined.table.columns["word"].tolist() == [word, "x"]


def test_missing_codes_take_no_part_in_a_mean() -> None:
    columns = {"ticket": ["a", "a", "b", "b"], "nps": ["9", "99", "99", "99"]}
    options = ReadOptions(
        score=(ScoreOption("NPS"),), join="survey.csv", join_agg="mean", missing=(99,)
    )
    got = make_responses(main(["a", "b"]), options, other(columns))
    np.testing.assert_array_equal(got.scores[0].values, [9, np.nan])


def test_unknown_aggregate() -> None:
    with pytest.raises(UsageError, match="'max' is unknown"):
        join_tables(main(["a"]), other({"ticket": ["a"]}), JoinAsk(aggregate="max"))  # type: ignore[arg-type]


def test_equal_names_get_the_other_files_name() -> None:
    columns = {"ticket": ["a"], "date": ["2025-01-02"]}
    table = join_tables(main(["a"], date=["2025-01-01"]), other(columns), JoinAsk("ticket")).table
    assert table.columns["date"].tolist() == ["2025-01-01"]
    assert table.columns["date (survey)"].tolist() == ["2025-01-02"]
    assert any("'date (survey)'" in note for note in table.notes)


def test_rows_lost_in_the_other_file_are_said() -> None:
    lost = other({"ticket": ["a"], "nps": ["1"]}, rejected=(unparsed(2),))
    table = join_tables(main(["a"]), lost, JoinAsk()).table
    assert any("1 rows could not be read (lines 3)" in note for note in table.notes)


def test_joined_columns_take_any_role() -> None:
    survey = other(
        {"ticket": ["a", "b", "c"], "nps": ["9", "0", "3"], "customer": ["k", "l", None]},
    )
    got = make_responses(main(["a", "b", "b", "z"]), ReadOptions(join="survey.csv"), survey)
    np.testing.assert_array_equal(got.scores[0].values, [9, 0, 0, np.nan])
    assert got.customer is not None
    assert got.customer.tolist() == ["k", "l", "l", None]
    assert got.unmatched is not None
    assert (got.unmatched.left, got.unmatched.right) == (("z",), ("c",))
    assert got.rows_in == len(got) == 4


def test_on_needs_a_join() -> None:
    with pytest.raises(UsageError, match="need --join"):
        make_responses(main(["a"]), ReadOptions(on="ticket"))
    with pytest.raises(UsageError, match="was not read"):
        make_responses(main(["a"]), ReadOptions(join="survey.csv"))


def test_an_error_shows_no_personal_data() -> None:
    twice = other({"ticket": ["anna@example.com"] * 2, "nps": ["1", "2"]})
    with pytest.raises(InputError, match="in lines 2, 3") as said:
        join_tables(main(["a"]), twice, JoinAsk())
    assert "example.com" not in str(said.value)
