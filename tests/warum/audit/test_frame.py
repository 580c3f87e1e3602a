"""From a result to a sheet and from a labelled sheet to what is known of the occasions."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.warum.audit.readings import CODES, SCALE, occasions_of, reading
from warum.audit.correcting import correct_score
from warum.audit.frame import audited_occasions, draw_audit, frame_of, pairs_of
from warum.audit.sampling import METHODS, Method
from warum.audit.sheet import write_new_sheet
from warum.audit.sheet_reading import read_sheet
from warum.errors import InputError, UsageError
from warum.records import Polarity
from warum.table import strings
from warum.taxonomy import load_taxonomy

SEEN = frozenset({(CODES[0], "negative")})


def test_units_hold_whole_occasions() -> None:
    whole = reading()
    frame = frame_of(whole)
    occasions, row = occasions_of(whole)
    of = occasions.index[row[frame.comments]]
    for occasion in set(of.tolist()):
        assert len(set(frame.of[of == occasion].tolist())) == 1
    assert frame.mentions.shape == (len(frame.units), len(frame.pairs))
    texts = whole.comments["text"][frame.comments]
    assert all(texts)
    assert len(frame.comments) == sum(text is not None for text in whole.comments["text"])
    assert (frame.doubt >= 0).all()
    assert set(frame.scores.tolist()) == {-100.0, 0.0, 100.0}


@pytest.mark.parametrize("method", METHODS)
def test_the_draw(method: Method, tmp_path: Path) -> None:
    sheet = draw_audit(reading(), labels=40, seed=3, method=method)
    units = {row.unit for row in sheet.rows}
    assert 25 < len(units) < 55
    assert method == "poisson" or abs(len(units) - 40) <= 2
    assert (sheet.model, sheet.seed) == ("linear 1", 3)
    assert [row.id for row in sheet.rows] != sorted(row.id for row in sheet.rows)
    # The order of the file does not matter.
    rng = np.random.default_rng(1)
    order = rng.permutation(len(reading().comments)).tolist()
    assert draw_audit(reading(order=order), labels=40, seed=3, method=method) == sheet
    assert draw_audit(reading(), labels=40, seed=4, method=method) != sheet
    # What is read back is what was drawn.
    write_new_sheet(tmp_path / "audit.csv", sheet)
    assert read_sheet(tmp_path / "audit.csv", load_taxonomy()) == sheet


def test_a_larger_sample_holds_the_smaller_one() -> None:
    small = draw_audit(reading(), labels=30, seed=3)
    large = draw_audit(reading(), labels=90, seed=3)
    assert {row.id for row in small.rows} < {row.id for row in large.rows}
    assert draw_audit(reading(), labels=30, seed=3).draw != large.draw


def test_more_labels_than_units_are_all() -> None:
    sheet = draw_audit(reading(40), labels=5_000)
    assert len(sheet.rows) == sum(t is not None for t in reading(40).comments["text"])
    assert {row.probability for row in sheet.rows} == {1.0}
    with pytest.raises(UsageError, match="0 labels"):
        draw_audit(reading(40), labels=0)


def test_labels_reach_their_occasions() -> None:
    whole = reading()
    drawn = draw_audit(whole, labels=60, seed=1)
    labels = {row.id: SEEN if i % 2 else frozenset() for i, row in enumerate(drawn.rows)}
    sheet = drawn.with_labels(labels, "Ada")
    occasions, row = occasions_of(whole)
    pairs = pairs_of(whole, sheet)
    assert (CODES[0], "negative") in pairs
    audited = audited_occasions(whole, sheet, occasions, row, pairs)
    ids = whole.comments["comment_id"].tolist()
    place = dict(zip(audited.rows.tolist(), range(len(audited)), strict=True))
    texts = whole.comments["text"].tolist()
    k = pairs.index((CODES[0], "negative"))
    seen = {int(occasions.index[row[ids.index(one)]]) for one, found in labels.items() if found}
    for one in drawn.rows:
        at = place[int(occasions.index[row[ids.index(one.id)]])]
        assert audited.probability[at] == one.probability
        assert audited.gold[at, k] == (int(occasions.index[row[ids.index(one.id)]]) in seen)
        assert audited.gold[at].sum() == audited.gold[at, k]
    # Occasions without a text are known: nothing is mentioned there.
    silent = set(range(len(occasions))) - {
        int(occasions.index[row[i]]) for i, text in enumerate(texts) if text
    }
    assert silent
    assert audited.silent is not None
    assert set(audited.rows[audited.silent].tolist()) == silent
    for occasion in silent:
        assert audited.probability[place[occasion]] == 1
        assert not audited.gold[place[occasion]].any()


def test_what_only_a_person_saw_is_a_pair() -> None:
    whole = reading()
    drawn = draw_audit(whole, labels=10)
    rare: tuple[str, Polarity] = ("place.cleanliness", "neutral")
    sheet = drawn.with_labels({drawn.rows[0].id: frozenset({rare})})
    assert rare in pairs_of(whole, sheet)
    assert rare not in pairs_of(whole, drawn)


def test_what_does_not_match_is_refused() -> None:
    whole = reading()
    drawn = draw_audit(whole, labels=60, seed=1)
    done = drawn.with_labels({row.id: SEEN for row in drawn.rows})
    occasions, row = occasions_of(whole)
    pairs = pairs_of(whole, done)

    def refused(of: object, sheet: object, said: str) -> None:
        with pytest.raises(InputError, match=said):
            audited_occasions(of, sheet, occasions, row, pairs)  # type: ignore[arg-type]

    refused(whole, drawn, "no label yet")
    refused(reading(version="2"), done, "'linear 2'")
    other = replace(done, rows=(replace(done.rows[0], id="elsewhere"), *done.rows[1:]))
    refused(whole, other, "'elsewhere'")
    pair = next(r for r in done.rows if r.id.endswith("-1"))
    refused(
        whole, replace(done, rows=tuple(r for r in done.rows if r != pair)), "only some comments"
    )
    renamed = replace(done, rows=(replace(done.rows[0], text="Something else"), *done.rows[1:]))
    refused(whole, renamed, "another text in the data")
    # Responses that came later had no chance of being drawn; those that are gone were drawn for nobody.
    refused(reading(203), done, "drawn from .* hold")
    refused(reading(150), done, "drawn from|not in the data")
    taxonomy = replace(whole.facts, taxonomy_hash="0123")
    refused(replace(whole, facts=taxonomy), done, "'0123'")


def test_a_trained_model_draws_its_own_lots() -> None:
    """What a model may have learned from an earlier draw must not come back in the next one."""
    whole = reading(version="1")
    again = reading(version="2")
    first, second = (draw_audit(one, labels=60, seed=1) for one in (whole, again))
    assert {r.id for r in first.rows} != {r.id for r in second.rows}
    shipped = [
        draw_audit(replace(one, facts=replace(one.facts, model_name="auto")), labels=60, seed=1)
        for one in (whole, again)
    ]
    assert {r.id for r in shipped[0].rows} == {r.id for r in shipped[1].rows}


def test_there_must_be_something_to_draw() -> None:
    whole = reading(20)
    columns = {name: whole.comments[name] for name in whole.comments.columns}
    n = len(whole.comments)
    from warum.table import Table

    for name, values in (("text", strings([None] * n)), ("nps", np.full(n, math.nan))):
        bare = replace(whole, comments=Table({**columns, name: values}))
        with pytest.raises(InputError, match="nothing to draw"):
            draw_audit(bare)


def test_from_a_labelled_sheet_to_corrected_drivers() -> None:
    whole = reading(900)
    drawn = draw_audit(whole, labels=250, seed=2)
    found: dict[str, set[tuple[str, str | None]]] = {}
    opinions = whole.opinions
    for one, category, polarity in zip(
        *(opinions[name].tolist() for name in ("comment_id", "category", "polarity")), strict=True
    ):
        found.setdefault(one, set()).add((category, polarity))
    # The person agrees with the model but for a miss now and then.
    labels = {
        row.id: frozenset(
            found.get(row.id, set()) | ({(CODES[1], "negative")} if i % 9 == 0 else set())
        )
        for i, row in enumerate(drawn.rows)
    }
    occasions, row = occasions_of(whole)
    fit = correct_score(whole, drawn.with_labels(labels), SCALE, occasions, row)
    units = {row.unit for row in drawn.rows}
    assert fit.labelled == len(
        units
    )  # those without a text are known too, but nobody labelled them
    rows = {(d.category, d.polarity): d for d in fit.drivers}
    missed = rows[CODES[1], "negative"]
    assert missed.share.naive.high < missed.share.corrected.value
    assert missed.share.missed > 10
    for pair, driver in rows.items():
        if pair != (CODES[1], "negative"):
            assert driver.share.corrected.value == pytest.approx(driver.share.naive.value, abs=0.02)
            assert driver.share.missed == driver.share.invented == 0
    assert all(driver.score == "nps" for driver in fit.drivers)
