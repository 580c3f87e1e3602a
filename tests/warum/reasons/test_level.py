from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.warum.reasons.worlds import CLUSTERED, ORDINARY, Drawn, draw
from warum.errors import UsageError
from warum.occasions import Pair
from warum.reasons.controls import control_dummies
from warum.reasons.driver_rows import same_side
from warum.reasons.level import LevelFit, estimate_drivers, without_general
from warum.records import Estimate
from warum.result import Driver

PAIRS = ORDINARY.pairs


@pytest.fixture
def drawn() -> Drawn:
    return draw(CLUSTERED, 150, np.random.default_rng(3))


def row(fit: LevelFit, pair: Pair) -> Driver:
    return next(d for d in fit.drivers if (d.category, d.polarity) == pair)


def codes(driver: Driver) -> list[str]:
    return [caveat.code for caveat in driver.caveats]


def test_effects_and_counts_are_those_of_one_joint_model(drawn: Drawn) -> None:
    import statsmodels.api as sm

    fit = estimate_drivers(drawn.y, drawn.mentions, PAIRS, score="nps", clusters=drawn.customers)
    matrix = sm.add_constant(drawn.mentions.astype(float))
    reference = sm.OLS(drawn.y, matrix).fit(
        cov_type="cluster", cov_kwds={"groups": drawn.customers}, use_t=True
    )
    assert len(fit.drivers) == len(PAIRS)
    for k, pair in enumerate(PAIRS):
        driver, among = row(fit, pair), drawn.mentions[:, k]
        assert driver.effect.value == pytest.approx(reference.params[k + 1])
        assert driver.mentions == among.sum()
        assert driver.share == pytest.approx(among.mean())
        assert driver.metric_among == pytest.approx(drawn.y[among].mean())
        assert driver.impact.value == pytest.approx(driver.effect.value * driver.share)
        assert (driver.method, driver.score, driver.quote_id) == ("ols-cr3", "nps", "")
        assert driver.effect.n == len(drawn.y)
    assert fit.explained == pytest.approx(reference.rsquared_adj)


def test_common_pairs_use_the_ordinary_t_interval() -> None:
    """Both sides of a pair are large: the degrees of freedom hardly matter."""
    import statsmodels.api as sm

    drawn = draw(ORDINARY, 4_000, np.random.default_rng(4))
    fit = estimate_drivers(drawn.y, drawn.mentions, PAIRS, score="s")
    reference = sm.OLS(drawn.y, sm.add_constant(drawn.mentions.astype(float))).fit(
        cov_type="HC3", use_t=True
    )
    interval = row(fit, PAIRS[0]).effect
    assert (interval.low, interval.high) == pytest.approx(tuple(reference.conf_int()[1]), rel=1e-2)
    assert row(fit, PAIRS[0]).method == "ols-hc3"


def test_few_people_give_few_degrees_of_freedom() -> None:
    """One pair alone: Welch's t test of those who mention it against the others."""
    from scipy import stats

    rng = np.random.default_rng(5)
    mentions = np.zeros((200, 1), dtype=bool)
    mentions[:6] = True
    y = rng.normal(size=200)
    driver = estimate_drivers(y, mentions, PAIRS[:1], score="s").drivers[0]
    welch = stats.ttest_ind(y[:6], y[6:], equal_var=False)
    assert driver.p_value == pytest.approx(float(welch.pvalue), abs=0.05)
    half = stats.t.ppf(0.975, 5) * math.sqrt(y[:6].var() * 6 / 25 + y[6:].var() * 194 / 193**2)
    # The degrees of freedom are those of the whole comparison, a little more than six people's.
    assert driver.effect.high - driver.effect.value == pytest.approx(half, rel=0.03)
    assert "small_n" in codes(driver)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("controlled", [False, True])
def test_impacts_and_rest_add_up_to_the_metric(
    drawn: Drawn, weighted: bool, controlled: bool
) -> None:
    rng = np.random.default_rng(0)
    m = len(drawn.y)
    weights = rng.uniform(0.5, 2, m) if weighted else None
    controls = rng.normal(5, 1, (m, 2)) if controlled else None
    fit = estimate_drivers(
        drawn.y, drawn.mentions, PAIRS, score="s", weights=weights, controls=controls
    )
    total = sum(driver.impact.value for driver in fit.drivers) + fit.rest
    assert total == pytest.approx(np.average(drawn.y, weights=weights), abs=1e-9)
    # The rest is the model's metric with no mention anywhere.
    columns = [np.ones(m), *drawn.mentions.T, *(controls.T if controlled else [])]
    x, w = np.column_stack(columns), np.ones(m) if weights is None else weights
    beta = np.linalg.lstsq(x * np.sqrt(w)[:, None], drawn.y * np.sqrt(w), rcond=None)[0]
    x[:, 1:9] = 0
    assert fit.rest == pytest.approx(np.average(x @ beta, weights=w), abs=1e-9)


def test_ranked_by_impact_and_judged_together(drawn: Drawn) -> None:
    fit = estimate_drivers(drawn.y, drawn.mentions, PAIRS, score="s")
    sizes = [abs(driver.impact.value) for driver in fit.drivers]
    assert sizes == sorted(sizes, reverse=True)
    assert all(driver.p_value <= driver.q_value <= 1 for driver in fit.drivers)


def test_small_groups_are_neither_shown_nor_modelled() -> None:
    rng = np.random.default_rng(6)
    customers = np.repeat(np.arange(100), 2)
    mentions = rng.random((200, 4)) < 0.3
    mentions[:, 1], mentions[:, 2], mentions[:, 3] = False, False, False
    mentions[:8, 1] = True  # 8 occasions of 4 people
    mentions[:10, 2] = True  # 5 people
    y = rng.normal(size=200)
    fit = estimate_drivers(y, mentions, PAIRS[:4], score="s", clusters=customers)
    assert {(d.category, d.polarity) for d in fit.drivers} == {PAIRS[0], PAIRS[2]}
    assert fit.suppressed == 1  # the pair that nobody mentions is no group
    again = estimate_drivers(
        y, mentions[:, [0, 2]], [PAIRS[0], PAIRS[2]], score="s", clusters=customers
    )
    assert again.drivers == fit.drivers
    by_rows = estimate_drivers(
        y, mentions, PAIRS[:4], score="s", clusters=customers, people=np.arange(200)
    )
    assert by_rows.suppressed == 0


def test_pairs_always_together_have_no_effect_of_their_own() -> None:
    drawn = draw(ORDINARY, 200, np.random.default_rng(7))
    mentions = np.column_stack((drawn.mentions[:, :2], drawn.mentions[:, :1]))
    fit = estimate_drivers(drawn.y, mentions, PAIRS[:3], score="s")
    for pair, other in ((PAIRS[0], PAIRS[2]), (PAIRS[2], PAIRS[0])):
        driver = row(fit, pair)
        assert math.isnan(driver.effect.value)
        assert math.isnan(driver.impact.low)
        assert math.isnan(driver.p_value)
        assert math.isnan(driver.q_value)
        assert driver.mentions == mentions[:, 0].sum()
        assert f"{other[0]} {other[1]}" in driver.caveats[0].sentence()
    assert fit.drivers[0] == row(fit, PAIRS[1])
    alone = estimate_drivers(drawn.y, mentions[:, :2], PAIRS[:2], score="s")
    assert row(fit, PAIRS[1]).effect.value == pytest.approx(row(alone, PAIRS[1]).effect.value)


def test_a_pair_that_a_control_repeats_names_it() -> None:
    drawn = draw(ORDINARY, 200, np.random.default_rng(7))
    branch = np.where(drawn.mentions[:, 0], "north", "south").astype(object)
    controls, names = control_dummies({"branch": branch})
    fit = estimate_drivers(
        drawn.y, drawn.mentions, PAIRS, score="s", controls=controls, control_names=names
    )
    assert "branch=north" in row(fit, PAIRS[0]).caveats[0].sentence()
    assert math.isfinite(row(fit, PAIRS[1]).effect.value)


def test_what_everybody_mentions_has_no_comparison(drawn: Drawn) -> None:
    mentions = drawn.mentions.copy()
    mentions[:, 0] = True
    fit = estimate_drivers(drawn.y, mentions, PAIRS, score="s")
    driver = row(fit, PAIRS[0])
    assert math.isnan(driver.effect.value)
    assert driver.share == 1
    assert codes(driver)[0] == "always_mentioned"
    assert fit.drivers[-1] == driver


@pytest.mark.parametrize(
    ("y", "code"), [(np.arange(19.0), "few_scores"), (np.full(50, 7.0), "constant_score")]
)
def test_nothing_to_explain(y: np.ndarray, code: str) -> None:
    mentions = np.zeros((len(y), 2), dtype=bool)
    mentions[:3, 0], mentions[:9, 1] = True, True
    fit = estimate_drivers(y, mentions, PAIRS[:2], score="s")
    assert fit.drivers == ()
    assert math.isnan(fit.explained)
    assert [caveat.code for caveat in fit.caveats] == [code]
    assert fit.suppressed == 1


def test_no_scores_at_all() -> None:
    fit = estimate_drivers(np.zeros(0), np.zeros((0, 2), dtype=bool), PAIRS[:2], score="s")
    assert (fit.drivers, fit.suppressed) == ((), 0)
    assert math.isnan(fit.rest)


def test_nobody_mentions_anything() -> None:
    fit = estimate_drivers(
        np.arange(30.0), np.zeros((30, 2), dtype=bool), PAIRS[:2], score="s", min_group=0
    )
    assert (fit.drivers, fit.suppressed, fit.rest) == ((), 0, 14.5)


def test_too_few_people_for_so_many_pairs() -> None:
    rng = np.random.default_rng(8)
    pairs: list[Pair] = [(f"c{k:02d}", "negative") for k in range(30)]
    mentions = rng.random((40, 30)) < np.linspace(0.6, 0.2, 30)
    controls = rng.random((40, 3)) < 0.5
    fit = estimate_drivers(
        rng.normal(size=40), mentions, pairs, score="s", controls=controls, min_group=1
    )
    modelled = [driver for driver in fit.drivers if math.isfinite(driver.effect.value)]
    assert len(fit.drivers) == 30
    assert len(modelled) == 40 - 1 - 3 - 10
    left = [driver for driver in fit.drivers if math.isnan(driver.effect.value)]
    assert max(d.mentions for d in left) <= min(d.mentions for d in modelled)
    assert {codes(driver)[0] for driver in left} == {"too_many_columns"}
    assert [caveat.code for caveat in fit.caveats] == ["too_many_columns"]


def test_controls_give_way_before_every_pair_does() -> None:
    rng = np.random.default_rng(9)
    fit = estimate_drivers(
        rng.normal(size=25),
        rng.random((25, 1)) < 0.5,
        PAIRS[:1],
        score="s",
        controls=rng.normal(size=(25, 20)),
    )
    assert math.isfinite(fit.drivers[0].effect.low)
    assert [caveat.code for caveat in fit.caveats] == ["controls_left_out"]


def test_few_customers_are_said_beside_each_row() -> None:
    rng = np.random.default_rng(10)
    customers = np.arange(120) % 15
    fit = estimate_drivers(
        rng.normal(size=120), rng.random((120, 2)) < 0.3, PAIRS[:2], score="s", clusters=customers
    )
    assert [caveat.code for caveat in fit.caveats] == ["few_clusters"]
    assert all("few_clusters" in codes(driver) for driver in fit.drivers)


def test_a_perfect_fit_claims_no_interval() -> None:
    mentions = (np.arange(60) % 3 == 0)[:, None]
    driver = estimate_drivers(5.0 - 4 * mentions[:, 0], mentions, PAIRS[:1], score="s").drivers[0]
    assert driver.effect.value == pytest.approx(-4)
    assert math.isnan(driver.effect.low)
    assert math.isnan(driver.p_value)
    assert codes(driver)[0] == "perfect_fit"


def test_mentions_with_one_score_are_flagged() -> None:
    rng = np.random.default_rng(11)
    mentions = (np.arange(200) < 30)[:, None]
    y = np.where(mentions[:, 0], -100.0, rng.choice([-100.0, 0, 100], 200))
    driver = estimate_drivers(y, mentions, PAIRS[:1], score="s").drivers[0]
    assert "pooled_spread" in codes(driver)
    assert driver.effect.high - driver.effect.low > 2 * 1.96 * y[30:].std() / math.sqrt(170)


def test_one_person_alone_gives_no_interval() -> None:
    rng = np.random.default_rng(12)
    mentions = np.zeros((100, 1), dtype=bool)
    mentions[:4] = True
    customers = np.repeat(np.arange(25), 4)
    driver = estimate_drivers(
        rng.normal(size=100), mentions, PAIRS[:1], score="s", clusters=customers, min_group=1
    ).drivers[0]
    assert math.isfinite(driver.effect.value)
    assert math.isnan(driver.effect.low)
    assert codes(driver) == ["interval_withheld"]


@pytest.mark.parametrize(
    ("effect", "impact", "expected"),
    [
        ((2.0, 8.0), (-0.1, 1.2), (0.0, 1.2)),
        ((-8.0, -2.0), (-1.2, 0.1), (-1.2, 0.0)),
        ((-1.0, 8.0), (0.1, 1.2), (0.0, 1.2)),
        ((2.0, 8.0), (0.1, 1.2), (0.1, 1.2)),
    ],
)
def test_an_impact_does_not_contradict_its_effect(
    effect: tuple[float, float], impact: tuple[float, float], expected: tuple[float, float]
) -> None:
    found = same_side(
        Estimate(sum(impact) / 2, *impact, 9, "m"), Estimate(sum(effect) / 2, *effect, 9, "m")
    )
    assert (found.low, found.high) == expected
    unknown = same_side(Estimate(1.0, math.nan, math.nan, 9, "m"), Estimate(5.0, 2.0, 8.0, 9, "m"))
    assert math.isnan(unknown.low)
    assert math.isnan(unknown.high)


def test_findings_get_an_interval_for_their_selection() -> None:
    drawn = draw(ORDINARY, 400, np.random.default_rng(14))
    fit = estimate_drivers(drawn.y, drawn.mentions, PAIRS, score="s")
    found = [one for one in fit.selected if one is not None]
    assert 0 < len(found) < len(fit.drivers)
    for driver, one in zip(fit.drivers, fit.selected, strict=True):
        assert (driver.q_value <= 0.05) == (one is not None)
        if one is not None:
            assert one.level == pytest.approx(1 - 0.05 * len(found) / len(fit.drivers))
            assert one.low < driver.effect.low < driver.effect.high < one.high


def test_wide_intervals_are_said() -> None:
    fits = [
        estimate_drivers(d.y, d.mentions, PAIRS, score="s", min_group=1)
        for d in (draw(ORDINARY, n, np.random.default_rng(13)) for n in (40, 4_000))
    ]
    assert "wide_interval" in codes(fits[0].drivers[0])
    assert all("wide_interval" not in codes(driver) for driver in fits[1].drivers)


def test_zero_weights_count_as_absent(drawn: Drawn) -> None:
    weights = np.ones(len(drawn.y))
    weights[::4] = 0
    kept = weights > 0
    fit = estimate_drivers(
        drawn.y, drawn.mentions, PAIRS, score="s", weights=weights, clusters=drawn.customers
    )
    assert fit == estimate_drivers(
        drawn.y[kept], drawn.mentions[kept], PAIRS, score="s", clusters=drawn.customers[kept]
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100), shift=st.floats(-50, 50))
def test_units_and_order_do_not_matter(seed: int, factor: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    drawn = draw(ORDINARY, 120, rng)
    order = rng.permutation(len(PAIRS))
    fit = estimate_drivers(drawn.y, drawn.mentions, PAIRS, score="s", min_group=1)
    other = estimate_drivers(
        factor * drawn.y + shift,
        drawn.mentions[:, order],
        [PAIRS[k] for k in order],
        score="s",
        min_group=1,
    )
    for driver in fit.drivers:
        same = row(other, (driver.category, driver.polarity))
        assert same.impact.value == pytest.approx(factor * driver.impact.value, abs=1e-7 * factor)
        assert same.p_value == pytest.approx(driver.p_value, abs=1e-7, nan_ok=True)


@pytest.mark.parametrize(
    ("change", "error", "match"),
    [
        ({"y": np.full(30, np.nan)}, ValueError, "NaN or infinite"),
        ({"y": np.arange(29.0)}, ValueError, "29 scores, but"),
        ({"mentions": np.zeros((30, 2))}, ValueError, "float64, expected bool"),
        ({"pairs": PAIRS[:1]}, ValueError, "2 columns of mentions for 1 pairs"),
        ({"weights": np.full(30, -1.0)}, UsageError, "Weight -1.0"),
    ],
)
def test_input_that_cannot_be_meant(
    change: dict[str, object], error: type[Exception], match: str
) -> None:
    given_values: dict[str, object] = {
        "y": np.arange(30.0),
        "mentions": np.zeros((30, 2), dtype=bool),
        "pairs": PAIRS[:2],
    }
    with pytest.raises(error, match=match):
        estimate_drivers(**{**given_values, **change}, score="s")  # type: ignore[arg-type]


def test_the_overall_judgement_is_left_out_by_name() -> None:
    pairs: tuple[Pair, ...] = (("general", "negative"), ("price.value", "negative"))
    assert without_general(pairs) == pairs[1:]


def test_what_comments_explain_is_neither_segments_nor_chance() -> None:
    import statsmodels.api as sm

    rng = np.random.default_rng(5)
    mentions, branch = rng.random((300, len(PAIRS))) < 0.3, rng.integers(0, 3, 300)
    y = 40.0 * branch + rng.normal(0, 20, 300)
    controls, names = control_dummies({"branch": branch.astype(str).astype(object)})
    fit = estimate_drivers(y, mentions, PAIRS, score="s", controls=controls, control_names=names)
    assert fit.explained < 0.05
    y += 30.0 * mentions[:, 0]
    fit = estimate_drivers(y, mentions, PAIRS, score="s", controls=controls, control_names=names)
    both = sm.OLS(y, sm.add_constant(np.column_stack([mentions, controls]).astype(float))).fit()
    alone = sm.OLS(y, sm.add_constant(controls.astype(float))).fit()
    assert fit.explained == pytest.approx(both.rsquared_adj - alone.rsquared_adj)
