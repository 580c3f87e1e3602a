"""What a form says of columns becomes what a project keeps of them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from warum_api.pages.column_choices import CHOICES, SINGLE, columns_of, taken_as, twice
from warum_api.projects.forms import ColumnSeen, PreviewOut
from warum_api.projects.importing import options_of

TAKEN = {"t": "text", "s": "score", "d": "date", "c": "customer"}


def test_every_chosen_role_is_named_and_what_was_taken_and_is_not_chosen_is_switched_off() -> None:
    chosen = {"t": "text", "s": "score:csat", "b": "by", "x": "by", "c": "id"}
    assert columns_of(chosen, TAKEN, {}) == {
        "text": ["t"], "score": ["s:csat"], "by": ["b", "x"], "id": "c", "date": "none", "customer": "none",
    }  # fmt: skip


def test_without_a_score_there_is_none_and_the_text_is_found_again() -> None:
    assert columns_of({"d": "date"}, TAKEN, {}) == {
        "score": ["none"],
        "date": "d",
        "customer": "none",
    }


def test_what_is_not_about_columns_stays_and_so_do_metrics() -> None:
    before = {
        "encoding": "cp1252", "scale": "1:5", "score": "s:mean", "number": ["n:churn@d", "gone"],
        "date": "d", "weight": "none",
    }  # fmt: skip
    said = columns_of({"s": "score", "n": "number", "t": "text"}, TAKEN, before)
    assert said == {
        "encoding": "cp1252", "scale": "1:5", "text": ["t"], "score": ["s:mean"], "number": ["n:churn@d"],
        "date": "none", "customer": "none", "weight": "none",
    }  # fmt: skip


def test_the_first_role_of_a_column_counts() -> None:
    seen = [("text", "q"), ("question", "q"), ("score", "s")]
    taken = [ColumnSeen(role=role, column=column, how="") for role, column in seen]
    preview = PreviewOut(columns=["q", "s"], rows=[], taken=taken, problem=None, notes=[])
    assert taken_as(preview) == {"q": "text", "s": "score"}


def test_a_role_of_one_column_is_chosen_once() -> None:
    assert twice({"a": "date", "b": "date"}) == "date"
    assert twice({"a": "by", "b": "by", "c": "text", "d": "text", "e": "date"}) is None


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(CHOICES)))
def test_what_is_kept_is_read_as_it_was_chosen(chosen: dict[str, str]) -> None:
    if twice(chosen) is not None:
        return
    options = options_of(columns_of(chosen, TAKEN, {}))
    assert set(options.text) == {c for c, role in chosen.items() if role == "text"}
    assert set(options.by) == {c for c, role in chosen.items() if role == "by"}
    for role in SINGLE:
        named = [c for c, said in chosen.items() if said == role]
        assert getattr(options, role) in ((named[0],) if named else (None, "none"))
