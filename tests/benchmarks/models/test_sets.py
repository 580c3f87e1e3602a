"""Loaders on small files in the forms that the authors publish."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from benchmarks import mappings
from benchmarks.models import comment_sets, sets

from warum.taxonomy import load_taxonomy

KEYS = {
    "fabsa": mappings.FABSA,
    "semeval14": mappings.SEMEVAL14,
    "semeval16": mappings.SEMEVAL16,
    "germeval17": mappings.GERMEVAL,
    "mobasa": mappings.MOBASA,
}


@pytest.mark.parametrize("key", KEYS)
def test_mappings_lead_from_known_codes_to_described_labels(key: str) -> None:
    assert set(KEYS[key]) <= set(load_taxonomy().codes)
    assert set(KEYS[key].values()) <= set(load_taxonomy(sets.TAXONOMIES / f"{key}.yaml").codes)


@pytest.mark.parametrize("path", sorted(sets.TAXONOMIES.glob("*.yaml")), ids=lambda p: p.stem)
def test_every_label_is_described_in_the_language_of_its_set(path: Path) -> None:
    language = "de" if path.stem in ("germeval17", "mobasa") else "en"
    for category in load_taxonomy(path).categories:
        assert len(category.description[language].split()) >= 5
        assert category.examples[language]


def test_fabsa_leaves_test_texts_out_of_training(tmp_path: Path) -> None:
    folder = tmp_path / "fabsa"
    folder.mkdir()
    head = "id,text,labels,org_index,industry,data_source\n"
    (folder / "split_test.csv").write_text(head + "1,Great app!,['value.price.1'],1,x,y\n", "utf-8")
    (folder / "split_train.csv").write_text(
        head + "2,great app,['value.price.-1'],1,x,y\n3,Slow,\"['a.b.-1', 'c.d.0']\",1,x,y\n",
        "utf-8",
    )
    assert [c.gold for c in sets.fabsa(tmp_path)] == [{("value.price", "positive")}]
    (train,) = sets.fabsa(tmp_path, "train")
    assert train.gold == {("a.b", "negative"), ("c.d", "neutral")}


def test_semeval16_finds_its_targets(tmp_path: Path) -> None:
    folder = tmp_path / "semeval2016_restaurants" / "en"
    folder.mkdir(parents=True)
    row = {
        "id": "1",
        "text": "Art of art: artful art",
        "labels": [["a", "positive", "art"], ["b", "negative", "NULL"]],
    }
    (folder / "test.json").write_text(json.dumps(row), "utf-8")
    (case,) = sets.semeval16(tmp_path)
    assert [case.text[a:b] for a, b in case.targets[0].spans] == ["art", "art"]
    assert len(case.targets) == 1
    assert case.whole is None


def test_semeval14_gives_conflict_as_both(tmp_path: Path) -> None:
    folder = tmp_path / "semeval2014_restaurants"
    folder.mkdir()
    (folder / "Restaurants_Test_Gold.xml").write_text(
        "<sentences><sentence><text>So so</text><aspectCategories>"
        "<aspectCategory category='food' polarity='conflict'/></aspectCategories></sentence></sentences>",
        "utf-8",
    )
    (case,) = sets.semeval14(tmp_path)
    assert case.gold == {("food", "positive"), ("food", "negative")}
    assert case.polarity_of("food") is None


def test_germeval_writes_umlauts_out_and_leaves_allgemein_and_irrelevant_out(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "germeval2017"
    folder.mkdir()
    document = (
        "<Document><Opinions><Opinion category='{}#Haupt' polarity='negative'/></Opinions>"
        "<relevance>{}</relevance><sentiment>negative</sentiment><text>t</text></Document>"
    )
    rows = [("Gepäck", "true"), ("Allgemein", "true"), ("Gepäck", "false")]
    text = "".join(document.format(*row) for row in rows)
    (folder / "fixed_test_syn-2017-09-15.xml").write_text(f"<Documents>{text}</Documents>", "utf-8")
    first, second = sets.germeval(tmp_path)
    assert first.labels == {"Gepaeck"}
    assert not second.labels
    assert second.whole == "negative"


def test_sb10k_keeps_every_tenth_row_clean(tmp_path: Path) -> None:
    folder = tmp_path / "sb10k"
    folder.mkdir()
    lines = [f"{i}\tpositive\t@you Nr {i} https://x.y/z" for i in range(21)]
    (folder / "sb10k_corpus_v1.0.cgsa.tsv").write_text("\n".join(lines), "utf-8")
    assert [c.text for c in comment_sets.sb10k(tmp_path)] == ["Nr 0", "Nr 10", "Nr 20"]
    assert len(list(comment_sets.sb10k(tmp_path, "train"))) == 18


def test_shah_is_parted_by_text(tmp_path: Path) -> None:
    folder = tmp_path / "app_feedback_classification"
    folder.mkdir()
    rows = "".join(f"text {i},{'BRME'[i % 4]},0\nText {i}!,rate,0\n" for i in range(100))
    (folder / "SHAH__Sheet1.csv").write_text("reviews,labels,Judgement\n" + rows, "utf-8")
    test, train = list(comment_sets.shah(tmp_path)), list(comment_sets.shah(tmp_path, "train"))
    assert len(test) + len(train) == 200
    assert not {c.text.lower().strip("!") for c in test} & {
        c.text.lower().strip("!") for c in train
    }
    assert {c.intent for c in (*test, *train)} == {"bug_report", "suggestion", "other"}


def test_the_authored_set_stands_side_by_side() -> None:
    german, english = list(sets.held_out("de")), list(sets.held_out("en"))
    assert len(german) == len(english) >= 600
    assert [c.intent for c in german] == [c.intent for c in english]
