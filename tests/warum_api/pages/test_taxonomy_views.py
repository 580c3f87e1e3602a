"""The taxonomy in use: read, downloaded, changed by text and by file."""

from __future__ import annotations

import pytest
import yaml

from tests.warum_api.pages.browsing import Browser
from warum.taxonomy import load_taxonomy, shipped_text
from warum_api.pages.taxonomy_text import read_taxonomy
from warum_api.problems import Problem

OWN = """
name: mine
version: "2"
parents: {speed: {en: Speed, de: Tempo}}
categories:
- code: speed.answer
  title: {en: Answers, de: Antworten}
  description: {en: How fast somebody answers, de: Wie schnell jemand antwortet}
  examples: {en: [no reply for days], de: [tagelang keine Antwort]}
  owner: Team <A>
"""


def test_the_taxonomy_is_shown_and_downloaded(visitor: Browser) -> None:
    project = visitor.project()
    page = visitor.go(f"{project}/taxonomy")
    cx = load_taxonomy()
    assert cx.hash in page
    for category in cx.categories:
        assert category.code in page
        assert category.description["en"] in page
    answer = visitor.ask("GET", f"{project}/taxonomy.yaml")
    assert answer.text == shipped_text()
    assert "attachment" in answer.headers["content-disposition"]
    visitor.language = "de"
    assert cx.categories[0].description["de"] in visitor.go(f"{project}/taxonomy")


def test_it_is_changed_by_text_and_by_file_and_put_back(visitor: Browser) -> None:
    project = visitor.project()
    page = visitor.send(f"{project}/taxonomy", text=OWN)
    assert "The taxonomy is changed." in page
    for said in ("“mine”, 1 category.", "How fast somebody answers", "“no reply for days”"):
        assert said in page
    assert "looked after by Team &lt;A&gt;" in visitor.last.text
    saved = visitor.ask("GET", f"{project}/taxonomy.yaml").text
    assert yaml.safe_load(saved) == yaml.safe_load(OWN)
    file = ("t.yaml", OWN.replace("mine", "file").encode(), "application/yaml")
    assert "“file”, 1 category." in visitor.send(f"{project}/taxonomy", files={"file": file})
    assert "“cx”, 28 categories." in visitor.send(f"{project}/taxonomy", use="cx", text="whatever")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no list 'categories'"),
        ("categories: []", "no categories"),
        ("categories: [", "no readable YAML"),
        ("categories: [&a {code: x}, *a]", "alias"),
        ("categories: [{code: x, title: X, description: X, stage: nowhere}]", "nowhere"),
        ("categories: [{code: 2026-01-01}]", "has no code"),
        ("!!python/object/apply:os.system [id]", "no readable YAML"),
        ("[" * 20_000, "nested more than 20"),
        ("- " * 20_000, "nested more than 20"),
        ("x" * 300_001, "at most 300000"),
    ],
)
def test_what_is_no_taxonomy_is_said_and_the_text_stays(
    visitor: Browser, text: str, said: str
) -> None:
    project = visitor.project()
    page = visitor.send(f"{project}/taxonomy", text=text)
    assert visitor.last.status_code == 422
    assert said in page
    assert text[:200] in page
    assert "cx" in visitor.ask("GET", f"/v1{project}").json()["taxonomy"]


def test_a_small_text_cannot_stand_for_a_large_one() -> None:
    lines = ["a: &a [x,x,x,x,x,x,x,x,x]"]
    lines += [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    with pytest.raises(Problem, match="alias"):
        read_taxonomy("\n".join(lines))
