"""The wordings that labels are told in."""

from __future__ import annotations

import json
from collections import Counter

from warum_models.protocol import Label
from warum_models.train.labelbank import (
    CODES,
    VIEWS,
    LabelBank,
    held_out_taxonomies,
    own_taxonomies,
    views,
)


def cx() -> list[Label]:
    return [Label(c, c, f"about {c}", (), x) for c in CODES for x in ("en", "de")]


def test_a_category_of_another_codebook_holds_what_its_codes_hold() -> None:
    told = Label("view tram:late", "Running late", "", (), "en")
    bank = LabelBank(cx(), {}, views=[(told, frozenset({"reliability", "wait_time"}))])
    (row,) = bank.keys["view tram:late"]
    assert bank.wordings[row].text == "Running late"
    present = {"cx:wait_time": [(0, 3, 9)], "cx:general": [(2, 0, 2)]}
    assert bank.merged("view tram:late", present) == [(0, 3, 9)]
    assert bank.merged("view tram:late", {"cx:general": [(2, 0, 2)]}) == []


def test_the_views_have_known_codes_once_each_and_unique_names() -> None:
    rows = [json.loads(line) for line in VIEWS.read_text("utf-8").splitlines()]
    assert len({row["name"] for row in rows}) == len(rows)
    for row in rows:
        assert row["language"] in ("de", "en")
        held = Counter(code for c in row["categories"] for code in c["of"])
        assert set(held) <= set(CODES), row["name"]
        assert max(held.values()) == 1, row["name"]
        for name in ("code", "title"):
            assert len({c[name] for c in row["categories"]}) == len(row["categories"]), row["name"]
    assert len({label.code for label, _ in views()}) == sum(len(row["categories"]) for row in rows)


def test_the_taxonomies_held_out_exist() -> None:
    assert held_out_taxonomies() < set(own_taxonomies())
