"""Corrected drivers: special cases, reference implementations, doubts, bad input."""

from __future__ import annotations

import math
import time
import warnings
from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.linalg import sqrtm
from scipy.special import stdtrit

from tests.warum.audit.worlds import REPEATED, WIDE, Read, Reader, audit, read
from warum.audit.debiasing import debias
from warum.audit.driver_records import CorrectedFit
from warum.audit.drivers import correct_drivers
from warum.audit.phases import Audited, Phases
from warum.audit.regression import decided, fit_labelled
from warum.caveats import SENTENCES


@pytest.fixture(scope="module")
def seen() -> tuple[Read, Audited]:
    rng = np.random.default_rng(11)
    sample = read(REPEATED, Reader(), 700, rng)
    return sample, audit(sample, 400, rng)


def fit_of(sample: Read, audited: Audited, **more: object) -> CorrectedFit:
    return correct_drivers(
        sample.drawn.y, sample.predicted, REPEATED.pairs, audited, score="nps",
        clusters=sample.drawn.customers, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def test_with_all_labelled_it_is_the_regression_on_the_truth(seen: tuple[Read, Audited]) -> None:
    sample, _ = seen
    m = len(sample.predicted)
    whole = Audited(np.arange(m), sample.drawn.mentions, np.ones(m))
    fit = fit_of(sample, whole)
    truth = sm.OLS(sample.drawn.y, sm.add_constant(sample.drawn.mentions.astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": sample.drawn.customers}
    )
    assert len(fit.drivers) == 12
    for driver in fit.drivers:
        k = REPEATED.pairs.index((driver.category, driver.polarity))
        assert driver.effect.value == pytest.approx(truth.params[k + 1])
        assert driver.labels_alone.value == pytest.approx(truth.params[k + 1])
        # Few mentions, few degrees of freedom.
        times = float(stdtrit(driver.labelled - 1, 0.975))
        reach = driver.labels_alone.high - driver.labels_alone.value
        assert reach == pytest.approx(times * truth.bse[k + 1], rel=0.1)


def test_labels_alone_are_weighted_least_squares(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    fit = fit_of(sample, audited)
    held = [d for d in fit.drivers if not math.isnan(d.effect.value)]
    columns = sorted(REPEATED.pairs.index((d.category, d.polarity)) for d in held)
    x = audited.gold[:, columns].astype(float)
    rest = [k for k in range(12) if k not in columns]
    for side in (0, 1):
        pooled = [k for k in rest if k % 2 == side and audited.gold[:, k].any()]
        if pooled and audited.gold[:, pooled].any(axis=1).sum() >= 5:
            x = np.column_stack((x, audited.gold[:, pooled].any(axis=1)))
    y = sample.drawn.y[audited.rows]
    theirs = sm.WLS(y, sm.add_constant(x), weights=1 / audited.probability).fit()
    for driver in held:
        j = columns.index(REPEATED.pairs.index((driver.category, driver.polarity)))
        assert driver.labels_alone.value == pytest.approx(theirs.params[j + 1])


def test_influences_are_those_of_cr2(seen: tuple[Read, Audited]) -> None:
    """Customer by customer, with the symmetric root of I - H; with single occasions, HC2 of statsmodels."""
    sample, audited = seen
    phases = Phases.of(len(sample.predicted), audited, clusters=sample.drawn.customers)
    x, y = phases.audited.gold[:, :5].astype(float), sample.drawn.y[phases.audited.rows]
    fit = fit_labelled(x, y, phases)
    theirs = sm.WLS(y, sm.add_constant(x), weights=phases.design).fit()
    assert fit.coefficients == pytest.approx(theirs.params)
    root = np.sqrt(phases.design)
    white = np.column_stack((np.ones(len(x)), x)) * root[:, None]
    bread = np.linalg.inv(white.T @ white)
    assert np.bincount(phases.of_labelled).max() > 2
    for g in range(phases.groups):
        at = phases.of_labelled == g
        left = np.eye(at.sum()) - white[at] @ bread @ white[at].T
        enlarged = np.linalg.solve(sqrtm(left).real, (root * theirs.resid)[at])
        assert fit.influence[g] == pytest.approx(bread @ white[at].T @ enlarged, abs=1e-9)
    single = fit_labelled(x, y, Phases.of(len(sample.predicted), audited))
    robust = sm.WLS(y, sm.add_constant(x), weights=phases.design).fit(cov_type="HC2")
    assert np.sqrt((single.influence**2).sum(axis=0)) == pytest.approx(robust.bse)


def test_the_variance_is_that_of_refitting() -> None:
    """The paper's bootstrap of customers, refitting three regressions each time, tunings held."""
    rng = np.random.default_rng(12)
    world = replace(
        REPEATED, effects=WIDE.effects[:5], shares=WIDE.shares[:5], themes=WIDE.themes[:5]
    )
    sample = read(world, Reader(), 600, rng)
    audited = audit(sample, 500, rng)
    y, people = sample.drawn.y, sample.drawn.customers
    m = len(y)
    phases = Phases.of(m, audited, clusters=people)
    usable = np.arange(5)
    fit = debias(phases.audited.gold, sample.predicted, y, usable, phases, people)
    push = fit.influence + fit.tuning * fit.difference
    ours = np.sqrt(phases.spread * (push**2).sum(axis=0) + fit.tuning**2 * fit.unlabelled)
    v, gold = np.zeros(m), np.zeros((m, 5))
    v[audited.rows], gold[audited.rows] = 1 / audited.probability, audited.gold
    parts = [
        (gold, v),
        (sample.predicted.astype(float), v),
        (sample.predicted.astype(float), np.ones(m)),
    ]
    draws = []
    for _ in range(400):
        times = np.bincount(
            rng.integers(0, people.max() + 1, people.max() + 1), minlength=people.max() + 1
        )
        counted = times[people]
        one, two, three = (_slopes(x, y, w * counted) for x, w in parts)
        draws.append(one + fit.tuning * (three - two))
    assert np.std(draws, axis=0) / ours == pytest.approx(np.ones(5), abs=0.15)
    assert fit.corrected == pytest.approx(
        _slopes(*_with_y(parts[0], y)) + fit.tuning * (_slopes(*_with_y(parts[2], y)) - _slopes(*_with_y(parts[1], y)))
    )  # fmt: skip


def test_against_ppi_py() -> None:
    """Predict-then-debias of the reference: single occasions, equal probabilities.

    It stands in the reference's repository, not yet in the release 0.2.3; it puts the labelled against
    the others, and we against all, which only scales the tuning.
    """
    with warnings.catch_warnings():  # it switches warnings off at import
        reference = pytest.importorskip("ppi_py.ptd")
    rng = np.random.default_rng(21)
    world = replace(WIDE, effects=WIDE.effects[:5], shares=WIDE.shares[:5], themes=WIDE.themes[:5])
    sample = read(world, Reader(), 4_000, rng)
    y, model, m = sample.drawn.y, sample.predicted, 4_000
    rows = np.sort(rng.choice(m, 600, replace=False))
    phases = Phases.of(m, Audited(rows, sample.drawn.mentions[rows], np.full(600, 600 / m)))
    fit = debias(phases.audited.gold, model, y, np.arange(5), phases, None)
    push = fit.influence + fit.tuning * fit.difference
    ours = np.sqrt(phases.spread * (push**2).sum(axis=0) + fit.tuning**2 * fit.unlabelled)
    others = np.setdiff1d(np.arange(m), rows)
    gold, found, rest = (
        sm.add_constant(part.astype(float))
        for part in (phases.audited.gold, model[rows], model[others])
    )
    np.random.seed(0)  # the reference draws from it
    tuning, value, (low, high) = reference.ptd_linear_regression(
        gold, found, rest, y[rows], y[rows], y[others], B=1_000
    )
    assert fit.tuning * (1 - 600 / m) == pytest.approx(np.diag(tuning)[1:], abs=0.08)
    assert np.abs(fit.corrected - value[1:]) == pytest.approx(np.zeros(5), abs=0.15 * ours.max())
    assert 2 * 1.96 * ours == pytest.approx((high - low)[1:], rel=0.12)


def _with_y(part: tuple[np.ndarray, np.ndarray], y: np.ndarray) -> tuple[np.ndarray, ...]:
    return part[0], y, part[1]


def _slopes(x: np.ndarray, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    x = np.column_stack((np.ones(len(x)), x))
    return np.linalg.solve((x * w[:, None]).T @ x, x.T @ (w * y))[1:]


def test_order_does_not_matter(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    order = np.random.default_rng(13).permutation(len(sample.predicted))
    back = np.argsort(order)
    turned = correct_drivers(
        sample.drawn.y[order], sample.predicted[order], REPEATED.pairs,
        Audited(back[audited.rows], audited.gold, audited.probability),
        score="nps", clusters=np.array([f"c{c}" for c in sample.drawn.customers[order]]),
    )  # fmt: skip
    straight = fit_of(sample, audited)
    assert [d.category for d in turned.drivers] == [d.category for d in straight.drivers]
    for one, two in zip(straight.drivers, turned.drivers, strict=True):
        for name in ("effect", "impact", "naive", "labels_alone"):
            low = getattr(one, name).low
            assert getattr(two, name).low == pytest.approx(low, rel=1e-8, nan_ok=True)


def test_rows_are_ranked_by_the_corrected_impact(seen: tuple[Read, Audited]) -> None:
    fit = fit_of(*seen)
    sizes = [abs(d.impact.value) for d in fit.drivers if not math.isnan(d.impact.value)]
    assert sizes == sorted(sizes, reverse=True)
    assert all(d.q_value >= d.p_value for d in fit.drivers if not math.isnan(d.p_value))
    for d in fit.drivers:
        if not math.isnan(d.effect.value):
            assert d.impact.value == pytest.approx(d.effect.value * d.share.corrected.value)
            assert d.naive_impact.value == pytest.approx(d.naive.value * d.share.naive.value)
            assert 0 <= d.tuning <= 1
            assert d.effect_parts.rest <= d.effect_parts.seen + d.effect_parts.rest


def test_weights_count_like_copies() -> None:
    """An occasion of weight 2 is worth two labelled and unlabelled copies of one customer."""
    rng = np.random.default_rng(14)
    sample = read(WIDE, Reader(), 900, rng)
    audited = audit(sample, 300, rng)
    m = len(sample.predicted)
    weights = rng.integers(0, 3, m).astype(float)
    copies = np.repeat(np.arange(m), weights.astype(int))
    of_row = {int(r): i for i, r in enumerate(audited.rows)}
    drawn = np.array([i for i, c in enumerate(copies) if int(c) in of_row])
    at = np.array([of_row[int(copies[i])] for i in drawn])
    twin = Audited(drawn, audited.gold[at], audited.probability[at])
    one = correct_drivers(
        sample.drawn.y, sample.predicted, WIDE.pairs, audited,
        score="s", weights=weights, clusters=np.arange(m),
    )  # fmt: skip
    two = correct_drivers(
        sample.drawn.y[copies],
        sample.predicted[copies],
        WIDE.pairs,
        twin,
        score="s",
        clusters=copies,
    )
    twins = {(d.category, d.polarity): d for d in two.drivers}
    for a in one.drivers:
        b = twins[a.category, a.polarity]
        assert a.labels_alone.value == pytest.approx(b.labels_alone.value, nan_ok=True)
        assert a.naive.value == pytest.approx(b.naive.value, nan_ok=True)
        if not math.isnan(a.effect.value):
            width = a.effect.high - a.effect.low
            assert a.effect.value == pytest.approx(b.effect.value, abs=0.03 * width)


def test_controls_are_adjusted_for() -> None:
    rng = np.random.default_rng(15)
    sample = read(WIDE, Reader(), 2_500, rng)
    branch = rng.random(len(sample.predicted)) < 0.1 + 0.7 * sample.drawn.mentions[:, 0]
    y = sample.drawn.y + 80 * branch
    audited = audit(sample, 600, rng)
    plain = correct_drivers(y, sample.predicted, WIDE.pairs, audited, score="s")
    held = correct_drivers(
        y, sample.predicted, WIDE.pairs, audited, score="s", controls=branch[:, None]
    )
    effects = [
        next(d.effect for d in fit.drivers if (d.category, d.polarity) == WIDE.pairs[0])
        for fit in (plain, held)
    ]
    assert effects[0].low > -40
    assert effects[1].low < -50 < effects[1].high


def test_differential_errors_are_found() -> None:
    rng = np.random.default_rng(16)

    def share_of_doubts(reader: Reader) -> float:
        doubts, rows = 0, 0
        for _ in range(8):
            sample = read(WIDE, reader, 3_000, rng)
            fit = correct_drivers(
                sample.drawn.y, sample.predicted, WIDE.pairs, audit(sample, 600, rng), score="s"
            )
            codes = [{c.code for c in d.caveats} for d in fit.drivers if d.labelled >= 20]
            doubts += sum("differential_error" in found for found in codes)
            rows += len(codes)
        return doubts / rows

    assert share_of_doubts(Reader(anger=1.2)) > 0.3
    assert share_of_doubts(Reader(anger=0.0)) < 0.05


def test_rare_pairs_stand_together_and_say_so() -> None:
    rng = np.random.default_rng(17)
    sample = read(WIDE, Reader(), 2_000, rng)
    audited = audit(sample, 120, rng)
    fit = correct_drivers(sample.drawn.y, sample.predicted, WIDE.pairs, audited, score="s")
    bare = [d for d in fit.drivers if math.isnan(d.effect.value)]
    assert bare
    assert [c.code for c in fit.caveats] == ["audit_pooled"]
    for driver in fit.drivers:
        if driver.labelled < 20:
            assert "audit_few" in {c.code for c in driver.caveats}
        assert 0 <= driver.share.corrected.low <= driver.share.corrected.high <= 1
    assert fit.drivers[-1] in bare  # without an impact last


def test_pairs_always_together_cannot_be_told_apart(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    gold = audited.gold.copy()
    gold[:, 1] = gold[:, 0]
    fit = fit_of(sample, replace(audited, gold=gold))
    tied = [d for d in fit.drivers if "audit_singular" in {c.code for c in d.caveats}]
    assert {(d.category, d.polarity) for d in tied} == set(REPEATED.pairs[:2])
    assert all(math.isnan(d.effect.value) for d in tied)
    assert sum(not math.isnan(d.effect.value) for d in fit.drivers) >= 7


def test_what_a_single_customer_decides_has_no_interval() -> None:
    """One pair always with another, but for one customer: everything hangs on that one."""
    rng = np.random.default_rng(18)
    m = 400
    gold = np.zeros((m, 3), dtype=bool)
    gold[:12, :2] = True
    gold[12, 1] = True  # the only one with the second pair alone
    gold[:, 2] = rng.random(m) < 0.3
    y = rng.normal(size=m) * 50 + 20 * gold[:, 2]
    pairs = (("a", "negative"), ("b", "negative"), ("c", "positive"))
    whole = Audited(np.arange(m), gold, np.ones(m))
    assert decided(gold, Phases.of(m, whole)).tolist() == [True, True, False]
    fit = correct_drivers(y, gold, pairs, whole, score="s")
    told = {d.category: d for d in fit.drivers}
    assert [c.code for c in told["a"].caveats if c.code == "audit_singular"]
    assert math.isnan(told["a"].effect.value)
    # Without it the other is decided by thirteen.
    assert told["b"].effect.high - told["b"].effect.low > 40
    # Two more customers with it alone, and both can be told, from few.
    gold[13:20, 1] = True
    fit = correct_drivers(y, gold, pairs, replace(whole, gold=gold), score="s")
    assert not any(math.isnan(d.effect.low) for d in fit.drivers)


def test_findings_get_wider_intervals(seen: tuple[Read, Audited]) -> None:
    fit = fit_of(*seen)
    found = [d for d in fit.drivers if d.selected is not None]
    assert 0 < len(found) < len(fit.drivers)
    tested = sum(not math.isnan(d.q_value) for d in fit.drivers)
    for d in fit.drivers:
        assert (d.selected is not None) == (d.q_value <= 0.05)
        if d.selected is not None:
            assert d.selected.level == pytest.approx(1 - 0.05 * len(found) / tested)
            assert d.selected.low <= d.effect.low < d.effect.high <= d.selected.high
            reach = float(stdtrit(d.freedom, (1 + d.selected.level) / 2))
            reach *= math.sqrt(d.effect_parts.seen + d.effect_parts.rest)
            assert d.selected.high - d.effect.value == pytest.approx(reach)


def test_ranks_stand_side_by_side(seen: tuple[Read, Audited]) -> None:
    fit = fit_of(*seen)
    known = [d for d in fit.drivers if d.rank]
    assert [d.rank for d in known] == list(range(1, len(known) + 1))
    naive = sorted((d for d in fit.drivers if d.naive_rank), key=lambda d: d.naive_rank)
    sizes = [abs(d.naive_impact.value) for d in naive]
    assert sizes == sorted(sizes, reverse=True)


def test_occasions_without_text_bear_no_columns() -> None:
    """Thousands who wrote nothing are known, but are no labels: columns and thresholds go by these."""
    rng = np.random.default_rng(19)
    sample = read(WIDE, Reader(), 1_500, rng)
    audited = audit(sample, 150, rng)
    m, more = len(sample.predicted), 4_000
    y = np.concatenate((sample.drawn.y, rng.normal(20, 60, more)))
    found = np.concatenate((sample.predicted, np.zeros((more, 12), dtype=bool)))
    both = Audited(
        np.concatenate((audited.rows, np.arange(m, m + more))),
        np.concatenate((audited.gold, np.zeros((more, 12), dtype=bool))),
        np.concatenate((audited.probability, np.ones(more))),
        np.concatenate((np.zeros(len(audited), dtype=bool), np.ones(more, dtype=bool))),
    )
    alone = correct_drivers(sample.drawn.y, sample.predicted, WIDE.pairs, audited, score="s")
    fit = correct_drivers(y, found, WIDE.pairs, both, score="s")
    assert (fit.labelled, fit.customers) == (alone.labelled, alone.customers) == (len(audited),) * 2
    columns = [
        {(d.category, d.polarity) for d in one.drivers if not math.isnan(d.effect.value)}
        for one in (alone, fit)
    ]
    assert columns[0] == columns[1]
    few = both.take(np.concatenate((np.arange(40), np.arange(len(audited), len(both)))))
    none = correct_drivers(y, found, WIDE.pairs, few, score="s")
    assert [c.code for c in none.caveats] == ["few_labels"]


def test_many_without_text_cost_little_time() -> None:
    """Also where customers come again: time is linear in the rows."""
    rng = np.random.default_rng(20)
    m = 60_000
    gold = rng.random((m, 5)) < 0.1
    people = rng.integers(0, m // 2, m)
    silent = np.arange(m) >= 500
    gold[silent] = False
    known = Audited(np.arange(m), gold, np.ones(m), silent)
    begun = time.process_time()
    correct_drivers(
        rng.normal(size=m), gold, [(f"c{j}", "negative") for j in range(5)], known,
        score="s", clusters=people,
    )  # fmt: skip
    assert time.process_time() - begun < 4


def test_what_the_model_never_finds_is_corrected_by_labels_alone(
    seen: tuple[Read, Audited],
) -> None:
    sample, audited = seen
    blind = replace(sample, predicted=sample.predicted & (np.arange(12) != 0))
    (driver,) = [
        d for d in fit_of(blind, audited).drivers if (d.category, d.polarity) == REPEATED.pairs[0]
    ]
    assert math.isnan(driver.naive.value)
    assert (driver.tuning, driver.effect) == (0.0, replace(driver.labels_alone, method="ptd"))
    assert driver.share.naive.value == 0 < driver.share.corrected.low


def test_too_few_labels_or_one_score_give_no_drivers(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    few = Audited(audited.rows[:30], audited.gold[:30], audited.probability[:30])
    assert [c.code for c in fit_of(sample, few).caveats] == ["few_labels"]
    flat = replace(sample, drawn=replace(sample.drawn, y=np.ones(len(sample.drawn.y))))
    found = fit_of(flat, audited)
    assert ([c.code for c in found.caveats], found.drivers) == (["constant_score"], ())


def test_bad_shapes(seen: tuple[Read, Audited]) -> None:
    sample, audited = seen
    y, found = sample.drawn.y, sample.predicted
    with pytest.raises(ValueError, match="11 pairs"):
        correct_drivers(y, found, REPEATED.pairs[:11], audited, score="s")
    with pytest.raises(ValueError, match="finite"):
        correct_drivers(
            np.where(y > y.mean(), np.nan, y), found, REPEATED.pairs, audited, score="s"
        )
    with pytest.raises(ValueError, match="scores for"):
        correct_drivers(y[:5], found, REPEATED.pairs, audited, score="s")


@pytest.mark.parametrize(
    "code",
    [
        "audit_few",
        "audit_singular",
        "audit_pooled",
        "differential_error",
        "low_agreement",
        "few_labels",
    ],
)
def test_doubts_have_sentences(code: str) -> None:
    assert SENTENCES[code]["en"] != SENTENCES[code]["de"]
