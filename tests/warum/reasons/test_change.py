from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warum.reasons.changing_worlds import NPS, ORDINARY, RETURNING, Answers, answers
from warum.errors import UsageError
from warum.metrics import ScoreScale, estimate_metric
from warum.reasons.buckets import NO_CATEGORY, OTHER_CATEGORIES
from warum.reasons.change import ChangeOptions, estimate_change
from warum.reasons.change_rows import Change, ChangeRow

PAIRS = ORDINARY.pairs
QUICK = ChangeOptions(draws=60, names=("May", "June"))


def change(given: Answers, options: ChangeOptions = QUICK, **more: Any) -> Change:
    more = {"clusters": given.customers, "segments": given.segments} | more
    return estimate_change(
        given.scores, NPS, given.mentions, PAIRS, given.sides, options=options, **more
    )


def answered(seed: int = 1, n: int = 150, world: Any = RETURNING) -> Answers:
    return answers(world, n, np.random.default_rng(seed))


def codes(row: Any) -> set[str]:
    return {caveat.code for caveat in row.caveats}


def row(found: Change, category: str) -> ChangeRow:
    return next(row for row in found.waterfall if row.category == category)


def check_sums(found: Change) -> None:
    mix = found.segment_mix.value if found.segment_mix else 0.0
    whole = found.difference.value
    assert mix + math.fsum(one.total.value for one in found.waterfall) == pytest.approx(
        whole, abs=1e-9
    )
    rest = found.unexplained.value
    assert mix + rest + math.fsum(one.total.value for one in found.adjusted) == pytest.approx(
        whole, abs=1e-9
    )
    for one in found.adjusted:
        both = one.composition.value + one.coefficients.value
        assert both == pytest.approx(one.total.value, abs=1e-9)
    for bar in found.waterfall:
        if not math.isnan(bar.mix.value):
            assert bar.mix.value + bar.rate.value == pytest.approx(bar.total.value, abs=1e-9)
    if found.segments:
        assert math.fsum(one.mix.value for one in found.segments) == pytest.approx(mix, abs=1e-9)
        parts = math.fsum(one.mix.value + one.within.value for one in found.segments)
        assert parts == pytest.approx(whole, abs=1e-9)


def test_everything_adds_up() -> None:
    given_ = answered(n=300)
    language = np.array(["de", "en", "fr"], dtype=object)[np.arange(len(given_.scores)) % 3]
    found = change(given_, controls={"language": language})
    check_sums(found)
    assert [one.category for one in found.waterfall[-1:]] == [NO_CATEGORY]
    assert {pair for one in found.adjusted for pair in one.pairs} == set(PAIRS)
    assert [one.controls for one in found.adjusted if not one.pairs] in (
        [("segment",), ("language",)],
        [("language",), ("segment",)],
    )
    for side, estimate in enumerate((found.before, found.after)):
        on = given_.sides == side
        expected = estimate_metric(given_.scores[on], NPS, clusters=given_.customers[on])
        assert estimate.value == pytest.approx(expected.value)
        assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high))
    assert found.difference.value == pytest.approx(found.after.value - found.before.value)
    assert found.difference.method == "cluster-bootstrap-se"
    assert found.waterfall[0].mix.method == "cluster-bootstrap-percentile"


@settings(deadline=None, max_examples=15)
@given(
    seed=st.integers(0, 1_000),
    n=st.integers(20, 60),
    weighted=st.booleans(),
    silent=st.sampled_from([None, 0, 1]),
    gone=st.sets(st.integers(0, 7)),
    by_polarity=st.booleans(),
    alone=st.booleans(),
)
def test_sums_hold_whatever_is_missing(
    seed: int,
    n: int,
    weighted: bool,
    silent: int | None,
    gone: set[int],
    by_polarity: bool,
    alone: bool,
) -> None:
    """Weights, categories nobody mentions, a period without mentions, a segment of one period."""
    rng = np.random.default_rng(seed)
    given_ = answered(seed, n)
    given_.mentions[:, list(gone)] = False
    if silent is not None:
        given_.mentions[given_.sides == silent] = False
    segments = given_.segments
    assert segments is not None
    if alone:
        segments[given_.sides == 0] = "North"
    weights = rng.choice([0, 0.5, 1, 3.7], len(given_.scores)) if weighted else None
    options = replace(QUICK, draws=5, by_polarity=by_polarity)
    found = change(given_, options, weights=weights)
    used = weights is None or min(((weights > 0) & (given_.sides == s)).sum() for s in (0, 1)) >= 20
    if used and len(found.waterfall):
        check_sums(found)


def test_the_order_of_rows_and_the_names_of_customers_do_not_matter() -> None:
    given_ = answered()
    language = np.array(["de", "en"], dtype=object)[(given_.scores > 4).astype(int)]
    shuffled = np.random.default_rng(2).permutation(len(given_.scores))
    for clusters in (given_.customers, None):
        first = change(given_, clusters=clusters, controls={"language": language})
        mixed = Answers(
            given_.scores[shuffled],
            given_.mentions[shuffled],
            given_.sides[shuffled],
            9_999 - given_.customers[shuffled],
            None if given_.segments is None else given_.segments[shuffled],
        )
        again = change(
            mixed,
            clusters=None if clusters is None else mixed.customers,
            controls={"language": language[shuffled]},
        )
        assert repr(first) == repr(again)
    assert repr(first) != repr(change(given_, replace(QUICK, seed=1), clusters=None))


def test_sides_swapped_change_the_sign() -> None:
    given_ = answered()
    there, back = change(given_), change(replace(given_, sides=1 - given_.sides))
    assert back.difference.value == pytest.approx(-there.difference.value)
    for one in there.waterfall:
        other = row(back, one.category)
        assert other.mix.value == pytest.approx(-one.mix.value)
        assert other.rate.value == pytest.approx(-one.rate.value)
        assert (other.before, other.after) == (one.after, one.before)


def test_only_the_two_sides_count() -> None:
    given_ = answered()
    found = change(given_)
    rng = np.random.default_rng(5)
    extra = 40
    more = Answers(
        np.concatenate((given_.scores, rng.integers(0, 11, extra))),
        np.concatenate((given_.mentions, rng.random((extra, len(PAIRS))) < 0.5)),
        np.concatenate((given_.sides, np.repeat([-1, 0], extra // 2))),
        np.concatenate((given_.customers, np.arange(extra))),
        np.concatenate((given_.segments, np.full(extra, "East", dtype=object))),
    )
    more.scores[-extra // 2 :] = np.nan
    assert repr(change(more)) == repr(found)


def test_plain_figures_stand_beside_the_parts() -> None:
    given_ = answered(world=ORDINARY)
    found = change(given_, clusters=None, segments=None)
    assert found.segment_mix is None
    assert found.segments == ()
    assert found.difference.method == "bootstrap-se"
    bar = row(found, "topic_0")
    holds = given_.mentions[:, :2].any(axis=1)
    for side, figures in enumerate((bar.before, bar.after)):
        on = given_.sides == side
        scores = given_.scores[holds & on]
        nps = 100 * ((scores >= 9).mean() - (scores < 7).mean())
        assert figures.mentions == figures.people == (holds & on).sum()
        assert figures.share == pytest.approx(holds[on].mean())
        assert figures.metric == pytest.approx(nps)


def test_by_polarity() -> None:
    found = change(answered(), replace(QUICK, by_polarity=True))
    check_sums(found)
    assert {(one.category, one.polarity) for one in found.waterfall} == {
        *PAIRS,
        (NO_CATEGORY, None),
    }
    assert all(len(one.pairs) == 1 for one in found.adjusted if one.pairs)


def test_findings_get_an_interval_for_their_selection() -> None:
    given_ = answered(n=2_000, world=ORDINARY)
    found = change(given_, replace(QUICK, draws=200), segments=None)
    q = [one.q_value for one in found.waterfall]
    selected = [one for one in found.waterfall if one.selected is not None]
    assert 0 < len(selected) < len(q)
    for one in found.waterfall:
        assert (one.q_value <= 0.05) == (one.selected is not None)
        assert one.p_value <= one.q_value
    for one in selected:
        assert one.selected is not None
        assert one.selected.level == pytest.approx(1 - 0.05 * len(selected) / len(q))
        assert one.selected.low <= one.total.low <= one.total.high <= one.selected.high


def test_segments_are_split_off_first() -> None:
    """Nothing changes within segments: the whole change is a changed mix of them."""
    scores = np.concatenate([np.tile([10.0, 10, 8, 2], 50), np.tile([10.0, 2, 2, 2], 50)])
    segment = np.array(["good"] * 200 + ["bad"] * 200, dtype=object)
    keep = np.concatenate([np.arange(0, 100), np.arange(200, 300)])  # halves
    most = np.concatenate([np.arange(0, 40), np.arange(200, 360)])
    rows = np.concatenate((keep, most))
    sides = np.repeat([0, 1], [len(keep), len(most)])
    mentions = (scores[rows] < 5)[:, None]
    found = estimate_change(
        scores[rows], NPS, mentions, (("a", "negative"),), sides,
        segments=segment[rows], options=QUICK,
    )  # fmt: skip
    assert found.segment_mix is not None
    assert found.segment_mix.value == pytest.approx(found.difference.value)
    assert found.segment_mix.high < 0
    assert all(abs(one.total.value) < 1e-9 for one in found.waterfall)
    assert {one.value for one in found.segments} == {"good", "bad"}


def test_a_new_segment_is_mix() -> None:
    given_ = answered(n=300)
    assert given_.segments is not None
    given_.segments[(given_.segments == "West") & (given_.sides == 0)] = "North"
    found = change(given_)
    check_sums(found)
    west = next(one for one in found.segments if one.value == "West")
    assert (west.before.mentions, west.before.share) == (0, 0)
    assert west.within.value == 0
    caveat = next(one for one in found.caveats if one.code == "segment_on_one_side")
    assert caveat.details == (("segments", "West"), ("side", "June"))


def test_small_segments_are_put_together() -> None:
    given_ = answered(n=300)
    assert given_.segments is not None
    given_.segments[:16:2] = "tiny"
    given_.segments[1:16:2] = "small"
    assert "segments_pooled" in codes(change(given_))


def test_sides_without_a_common_segment() -> None:
    given_ = answered()
    branches = np.array(["A", "B"], dtype=object)[given_.sides]
    found = change(given_, segments=branches)
    assert "segments_disjoint" in codes(found)
    assert found.segment_mix is None
    check_sums(found)


def test_a_category_of_one_side() -> None:
    given_ = answered(n=300)
    given_.mentions[given_.sides == 0, :2] = False
    found = change(given_, replace(QUICK, by_polarity=True))
    check_sums(found)
    bars = [one for one in found.waterfall if one.category == "topic_0"]
    terms = [one for one in found.adjusted if one.pairs and one.pairs[0][0] == "topic_0"]
    for one in (*bars, *terms):
        assert "on_one_side" in codes(one)
        assert {c.sentence() for c in one.caveats if c.code == "on_one_side"} == {
            "Mentioned in 'June' only: all of its part counts as being mentioned more or less often."
        }
    assert all(one.rate.value == 0 and math.isnan(one.rate.low) for one in bars)
    assert all(one.coefficients.value == 0 for one in terms)


def test_a_few_people_on_a_side_are_not_shown() -> None:
    given_ = answered(n=300, world=ORDINARY)
    before = np.flatnonzero(given_.sides == 0)
    given_.mentions[before, 0] = False
    given_.mentions[before[:3], 0] = True
    found = change(given_, replace(QUICK, by_polarity=True), clusters=None, segments=None)
    check_sums(found)
    bar = next(o for o in found.waterfall if (o.category, o.polarity) == PAIRS[0])
    assert "split_withheld" in codes(bar)
    assert (bar.before.mentions, bar.before.people) == (None, None)
    assert math.isnan(bar.before.share)
    assert math.isnan(bar.before.metric)
    assert math.isnan(bar.mix.value)
    assert math.isfinite(bar.total.value)
    term = next(one for one in found.adjusted if one.pairs == (PAIRS[0],))
    assert "effect_of_other_side" in codes(term)
    assert term.coefficients.value == 0


def test_small_categories_are_not_shown() -> None:
    given_ = answered(n=300, world=ORDINARY)
    given_.mentions[:, 2:6] = False
    given_.mentions[[1, 50, 350], 2] = True
    given_.mentions[[20, 60, 400], 4] = True
    found = change(given_, clusters=None, segments=None)
    check_sums(found)
    assert [one.category for one in found.waterfall[-2:]] == [OTHER_CATEGORIES, NO_CATEGORY]
    assert found.suppressed == 2
    assert "suppressed" in codes(found)
    assert not {"topic_1", "topic_2"} & {p[0] for one in found.adjusted for p in one.pairs}


def test_what_always_comes_together_stands_in_one_row() -> None:
    given_ = answered(n=300)
    given_.mentions[:, 3] = given_.mentions[:, 0]
    found = change(given_, replace(QUICK, by_polarity=True))
    check_sums(found)
    joined = next(one for one in found.adjusted if len(one.pairs) == 2)
    assert joined.pairs == (PAIRS[0], PAIRS[3])
    assert "collinear_row" in codes(joined)


def test_few_people_allow_few_columns() -> None:
    given_ = answered(n=40, world=ORDINARY)
    found = change(given_, clusters=None, segments=None)
    assert "too_many_columns" in codes(found)
    assert sum(len(one.pairs) for one in found.adjusted) <= 4
    check_sums(found)
    halves = np.array(["x", "y"], dtype=object)
    controls = {f"c{i}": halves[(np.arange(80) >> i) & 1] for i in range(3)}
    crowded = change(given_, clusters=None, segments=None, controls=controls)
    assert {one.sentence() for one in crowded.caveats if one.code == "some_controls_left_out"} == {
        "Too few people to adjust for everything; left out: c2."
    }
    assert {name for one in crowded.adjusted for name in one.controls} == {"c0", "c1"}
    check_sums(crowded)


def test_caveats_of_rows() -> None:
    given_ = answered(n=40, world=ORDINARY)
    found = change(given_, replace(QUICK, by_polarity=True), clusters=None, segments=None)
    assert any("small_n" in codes(one) for one in found.waterfall)
    assert any("wide_interval" in codes(one) for one in found.waterfall)
    given_.scores[given_.mentions[:, 0]] = 0
    found = change(given_, replace(QUICK, by_polarity=True), clusters=None, segments=None)
    bar = next(o for o in found.waterfall if (o.category, o.polarity) == PAIRS[0])
    assert "separation" in codes(bar)


def test_a_side_of_few_customers() -> None:
    given_ = answered(n=60)
    found = change(replace(given_, customers=given_.customers % 12))
    assert "few_clusters" in codes(found)
    assert all("few_clusters" in codes(one) for one in found.waterfall)


def test_a_side_that_some_draws_miss() -> None:
    """Five customers on a side: about 1 in 150 draws takes none of them."""
    given_ = answered(n=60, world=ORDINARY)
    customers = np.where(given_.sides == 0, given_.customers, 10_000 + given_.customers % 5)
    found = change(replace(given_, customers=customers), replace(QUICK, draws=1_000))
    check_sums(found)
    assert math.isfinite(found.difference.low)


def test_a_side_without_data() -> None:
    given_ = answered(world=ORDINARY)
    found = change(replace(given_, sides=np.zeros(len(given_.scores), dtype=int)))
    assert [caveat.sentence() for caveat in found.caveats] == [
        "No answer with a score in 'June': there is nothing to compare."
    ]
    assert math.isfinite(found.before.value)
    for one in (found.after, found.difference, found.unexplained):
        assert math.isnan(one.value)
    assert found.waterfall == found.adjusted == ()


def test_no_data_at_all() -> None:
    given_ = answered(world=ORDINARY)
    found = change(replace(given_, sides=np.full(len(given_.scores), -1)))
    assert [caveat.code for caveat in found.caveats] == ["empty_side", "empty_side"]


def test_a_side_of_too_few_people_is_not_shown() -> None:
    given_ = answered(world=ORDINARY)
    sides = given_.sides.copy()
    sides[np.flatnonzero(sides == 1)[4:]] = -1
    found = change(replace(given_, sides=sides))
    assert codes(found) == {"suppressed"}
    assert math.isnan(found.after.value)
    assert math.isnan(found.difference.value)


def test_a_side_of_few_occasions_gets_no_reasons() -> None:
    given_ = answered(world=ORDINARY)
    sides = given_.sides.copy()
    sides[np.flatnonzero(sides == 1)[15:]] = -1
    found = change(replace(given_, sides=sides), segments=None)
    assert codes(found) == {"few_on_side"}
    assert found.waterfall == found.adjusted == ()
    assert found.difference.low < found.difference.value < found.difference.high


def test_equal_scores_have_no_reasons() -> None:
    given_ = answered(world=ORDINARY)
    found = change(replace(given_, scores=np.full(len(given_.scores), 9.0)))
    assert "constant_score" in codes(found)
    assert found.difference.value == 0
    assert math.isnan(found.difference.low)
    assert found.waterfall == ()


def test_each_side_constant() -> None:
    """All 10 before, all 0 after: a change without any spread, and no claim of certainty."""
    given_ = answered(world=ORDINARY)
    found = change(
        replace(given_, scores=np.where(given_.sides == 0, 10.0, 0.0)), clusters=None, segments=None
    )
    check_sums(found)
    assert found.difference.value == -200
    assert math.isnan(found.difference.low)


def test_without_any_mention() -> None:
    given_ = answered(world=ORDINARY)
    found = change(replace(given_, mentions=np.zeros_like(given_.mentions)), segments=None)
    check_sums(found)
    assert [one.category for one in found.waterfall] == [NO_CATEGORY]
    assert found.adjusted == ()
    assert found.unexplained.value == pytest.approx(found.difference.value)


def test_other_metrics() -> None:
    given_ = answered(world=ORDINARY)
    scale = ScoreScale("days", "mean", 0, 10, lower_is_better=True)
    found = estimate_change(
        given_.scores, scale, given_.mentions, PAIRS, given_.sides, options=QUICK
    )
    check_sums(found)
    means = [given_.scores[given_.sides == side].mean() for side in (0, 1)]
    assert found.difference.value == pytest.approx(means[1] - means[0])


def test_errors() -> None:
    given_ = answered(world=ORDINARY)
    with pytest.raises(ValueError, match="expected -1, 0 or 1"):
        change(replace(given_, sides=given_.sides + 1))
    with pytest.raises(ValueError, match="8 columns of mentions for 1 pairs"):
        estimate_change(given_.scores, NPS, given_.mentions, PAIRS[:1], given_.sides)
    with pytest.raises(ValueError, match="expected bool"):
        change(replace(given_, mentions=given_.mentions.astype(int)))
    with pytest.raises(ValueError, match="300 scores, but"):
        change(given_, clusters=np.arange(7))
    with pytest.raises(UsageError, match="Weight -1"):
        change(given_, weights=-np.ones(300))
