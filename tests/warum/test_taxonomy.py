"""The shipped taxonomy is complete, and a broken one is refused with what to do."""

from pathlib import Path

import pytest

from warum.errors import ModelError
from warum.taxonomy import (
    STAGES,
    TOUCHPOINTS,
    load_taxonomy,
    parse_taxonomy,
    shipped_text,
    taxonomy_of,
)

CODES = [
    "service.attitude",
    "service.competence",
    "service.communication",
    "service.reachability",
    "service.resolution",
    "wait_time",
    "price.value",
    "price.discounts",
    "price.billing",
    "product.quality",
    "product.range",
    "product.features",
    "food_drink",
    "delivery",
    "digital.usability",
    "digital.stability",
    "digital.account",
    "ordering",
    "returns",
    "place.cleanliness",
    "place.facilities",
    "place.ambience",
    "place.location",
    "safety",
    "reliability",
    "outcome",
    "competitor",
    "general",
]

MINIMAL = """
name: mine
categories:
  - code: speed
    title: Speed
    description: How fast it is
"""


def test_no_code_of_cx_was_renamed_or_removed() -> None:
    assert set(CODES) <= set(load_taxonomy("cx").codes)


@pytest.mark.parametrize("code", CODES)
def test_every_category_is_described_in_both_languages(code: str) -> None:
    category = load_taxonomy()[code]
    for language in ("en", "de"):
        assert category.title[language]
        assert len(category.description[language]) > 30
        assert len(category.examples[language]) >= 2
    assert category.stage in STAGES
    assert category.touchpoint in TOUCHPOINTS


def test_first_levels_have_titles() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.title("service", "de") == "Service"
    assert taxonomy["service.attitude"].parent == "service"
    assert {c.parent for c in taxonomy.categories if "." in c.code} == set(taxonomy.parents)


def test_the_hash_follows_the_meaning_not_the_layout() -> None:
    text = shipped_text()
    same = parse_taxonomy(text + "\n# a comment\n", origin="x")
    other = parse_taxonomy(text.replace("Waiting time", "Waiting"), origin="x")
    assert same.hash == load_taxonomy().hash
    assert other.hash != same.hash


def test_one_language_is_enough(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(MINIMAL, "utf-8")
    taxonomy = load_taxonomy(path)
    assert taxonomy.name == "mine"
    assert taxonomy.title("speed", "de") == "Speed"
    assert taxonomy.title("unknown") == "unknown"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no readable YAML"),
        ("name: x", "no list 'categories'"),
        ("categories: []", "no categories"),
        ("categories: [{title: A, description: B}]", "has no code"),
        ("categories: [{code: a, title: A}]", "'a' has no description"),
        ("categories: [{code: a, description: A}]", "'a' has no title"),
        ("categories: [{code: a, title: A, description: B, stage: later}]", "'later'"),
        (MINIMAL + MINIMAL.partition("categories:")[2], "stand twice"),
        (MINIMAL + "    examples: [a]", "'speed' has the examples"),
        (MINIMAL + "    examples: {en: a}", "'speed' has the examples"),
        (MINIMAL + "    owner: 5", "'speed' has the owner 5"),
        (MINIMAL + "    owner: ''", "'speed' has the owner ''"),
        (MINIMAL + "parents: [a]", "parents is"),
        (MINIMAL + "released: 2025-01-01", "something else than text"),
        (MINIMAL + "1: a", "something else than text"),
        ("categories: [{code: '', title: A, description: B}]", "has no code"),
    ],
)
def test_a_broken_taxonomy_is_refused(text: str, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        parse_taxonomy(text, origin="mine.yaml")


def test_a_taxonomy_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes("title: Größe".encode("cp1252"))
    with pytest.raises(ModelError, match="no UTF-8 text"):
        load_taxonomy(path)


def test_an_unknown_taxonomy_says_what_there_is() -> None:
    with pytest.raises(ModelError, match="expected 'cx' or a YAML file"):
        load_taxonomy("cxx")


def test_a_category_may_have_an_owner_who_is_no_part_of_the_hash() -> None:
    owned = parse_taxonomy(MINIMAL + "    owner: Logistics", origin="x")
    plain = parse_taxonomy(MINIMAL, origin="x")
    assert (owned["speed"].owner, plain["speed"].owner) == ("Logistics", None)
    assert owned.hash == plain.hash
    assert {category.owner for category in load_taxonomy().categories} == {None}


def test_the_hash_of_cx_is_as_it_was() -> None:
    assert load_taxonomy().hash == "f0856942d06255f5"


def test_titles_of_first_levels_may_be_in_one_language() -> None:
    taxonomy = parse_taxonomy(MINIMAL + "parents: {a: Alpha, b: {de: Beta}}", origin="x")
    assert taxonomy.title("a", "de") == "Alpha"
    assert (taxonomy.title("b", "de"), taxonomy.title("b", "en")) == ("Beta", "b")


def test_what_is_parsed_already_is_checked_alike() -> None:
    data = {"categories": [{"code": "a", "title": "A", "description": "B"}]}
    assert taxonomy_of(data, origin="mine").name == "mine"
    with pytest.raises(ModelError, match="no list"):
        taxonomy_of([], origin="mine")
    data["categories"][0]["title"] = "\ud800"
    with pytest.raises(ModelError, match="something else than text"):
        taxonomy_of(data, origin="mine")
