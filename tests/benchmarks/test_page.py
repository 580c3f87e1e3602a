"""A part measured alone replaces its section and leaves the others."""

from __future__ import annotations

from benchmarks.page import page


def test_a_section_is_replaced_in_place_and_a_new_one_comes_last() -> None:
    former = page("# Old", {"A": "one", "B": "two\n\n### under B\n\nmore"})
    text = page("# New", {"A": "uno", "C": "three"}, former)
    assert text.startswith("# New\n\n## A\n\nuno\n\n## B\n\ntwo")
    assert text.endswith("### under B\n\nmore\n\n## C\n\nthree\n")
    assert "one" not in text


def test_without_a_former_page_there_is_only_what_was_measured() -> None:
    assert page("# T", {"A": "x"}) == "# T\n\n## A\n\nx\n"
