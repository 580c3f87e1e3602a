from __future__ import annotations

import numpy as np
import pytest

from tests.warum.reasons.test_journey import objects
from tests.warum.reasons.worlds import CLUSTERED, draw
from warum.metrics import ScoreScale
from warum.reasons.journey import JourneyRow, Places, journey_rows
from warum.reasons.journey_impacts import PlaceModel, with_impacts
from warum.reasons.level import estimate_drivers

SCALE = ScoreScale("score", "mean", -1000, 1000)


def world(seed: int = 1, customers: int = 400) -> tuple[Places, PlaceModel]:
    """Every mention is said at one of two stages or at both; touchpoints follow the topic."""
    drawn = draw(CLUSTERED, customers, np.random.default_rng(seed))
    rng = np.random.default_rng(seed + 1)
    occasion, pair = np.nonzero(drawn.mentions)
    times = rng.integers(1, 3, len(pair))
    occasion, pair = np.repeat(occasion, times), np.repeat(pair, times)
    pairs = CLUSTERED.pairs
    places = Places(
        occasion,
        objects(rng.choice(["purchase", "retention"], len(pair)).tolist()),
        objects([("digital", "product")[k % 2] for k in pair.tolist()]),
        objects(["read"] * len(pair)),
        objects(["assumed"] * len(pair)),
        objects([pairs[k][0] for k in pair.tolist()]),
        objects([pairs[k][1] for k in pair.tolist()]),
    )
    model = PlaceModel(
        drawn.y, drawn.mentions, pairs, np.zeros((len(drawn.y), 0), dtype=bool), drawn.customers,
        clusters=drawn.customers,
    )  # fmt: skip
    return places, model


def told(places: Places, model: PlaceModel) -> dict[tuple[str, str], JourneyRow]:
    rows, _ = journey_rows(places, model.y, SCALE, people=model.people)
    return {(r.stage, r.touchpoint): r for r in with_impacts(rows, places, model)}


def test_places_add_up_to_the_drivers() -> None:
    places, model = world()
    rows = told(places, model)
    fit = estimate_drivers(model.y, model.mentions, model.pairs, score="s", clusters=model.clusters)
    impacts = {(d.category, d.polarity): d.impact.value for d in fit.drivers}
    assert rows["", ""].impact.value == pytest.approx(sum(impacts.values()), rel=1e-9)
    for line in (("purchase", ""), ("retention", "")), (("", "digital"), ("", "product")):
        parts = sum(rows[cell].impact.value for cell in line)
        assert parts == pytest.approx(rows["", ""].impact.value, rel=1e-9)
    strongest = rows["", ""].drivers[0]
    assert abs(strongest.impact.value) == pytest.approx(max(map(abs, impacts.values())))
    assert len(rows["", ""].drivers) == 3
    assert rows["", ""].impact.low < rows["", ""].impact.value < rows["", ""].impact.high


def test_order_of_opinions_does_not_matter() -> None:
    places, model = world()
    order = np.random.default_rng(4).permutation(len(places.occasion))
    turned = Places(*(getattr(places, name)[order] for name in Places.__slots__))
    one, two = told(places, model), told(turned, model)
    assert list(one) == list(two)
    for cell, row in one.items():
        assert two[cell].impact.low == pytest.approx(row.impact.low)
        assert [d.category for d in two[cell].drivers] == [d.category for d in row.drivers]


def test_occasions_of_weight_nought_play_no_part() -> None:
    places, model = world(customers=200)
    n = len(model.y)
    weights = (np.arange(n) % 5 > 0).astype(float)
    weighted = PlaceModel(
        model.y, model.mentions, model.pairs, model.controls, model.people, weights, model.clusters
    )
    rows, _ = journey_rows(places, model.y, SCALE, people=model.people)
    found = with_impacts(rows, places, weighted)[0]
    used = weights > 0
    kept = used[places.occasion]
    place = np.cumsum(used) - 1
    fewer = Places(
        place[places.occasion[kept]],
        *(getattr(places, name)[kept] for name in Places.__slots__[1:]),
    )
    alone = PlaceModel(
        model.y[used], model.mentions[used], model.pairs, model.controls[used],
        model.people[used], None, model.people[used],
    )  # fmt: skip
    rows, _ = journey_rows(fewer, alone.y, SCALE, people=alone.people)
    wanted = with_impacts(rows, fewer, alone)[0]
    assert found.impact.value == pytest.approx(wanted.impact.value)
    # Degrees of freedom count all people.
    assert found.impact.high == pytest.approx(wanted.impact.high, rel=0.01)


def test_a_place_without_any_driver_has_no_impact() -> None:
    places, model = world(customers=200)
    general = Places(
        np.append(places.occasion, np.arange(20)),
        *(
            objects([*getattr(places, name).tolist(), *[value] * 20])
            for name, value in zip(
                Places.__slots__[1:],
                ("advocacy", "product", "read", "read", "general", "positive"),
                strict=True,
            )
        ),
    )
    row = told(general, model)["advocacy", ""]
    assert np.isnan(row.impact.value)
    assert row.drivers == ()


def test_no_rows() -> None:
    places, model = world(customers=100)
    assert with_impacts((), places, model) == ()
