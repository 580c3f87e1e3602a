from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binom

from warum.errors import InputError, UsageError
from warum.metrics import ScoreScale, estimate_metric
from warum.reasons.happiness import HappinessIndex, happiness_index
from warum.reasons.index_scale import observed_ends, scaled_between, scaled_contributions
from warum.reasons.index_weights import known_scores, read_weights

SCALES = {
    "nps": ScoreScale("nps", "nps", 0, 10),
    "ces": ScoreScale("ces", "ces", 1, 7),
    "churned": ScoreScale("churned", "rate", 0, 1, lower_is_better=True),
    "marks": ScoreScale("marks", "mean", 1, 6, lower_is_better=True),
    "stars": ScoreScale("stars", "csat", 1, 5),
}


def objects(values: list[str | None]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def index_of(
    scores: dict[str, np.ndarray], weights: dict[str, float], **options: object
) -> HappinessIndex:
    scaled = {name: scaled_contributions(np.asarray(s), SCALES[name]) for name, s in scores.items()}
    return happiness_index(scaled, weights, **{"min_group": 1, **options})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "scores", "wanted"),
    [
        ("nps", [10, 7, 0], [100, 50, 0]),
        ("ces", [1, 4, 7], [0, 50, 100]),
        ("churned", [0, 1, np.nan], [100, 0, np.nan]),
        ("marks", [1, 6, 3.5], [100, 0, 50]),
        ("stars", [5, 4, 3], [100, 100, 0]),
    ],
)
def test_scaled(name: str, scores: list[float], wanted: list[float]) -> None:
    got = scaled_contributions(np.array(scores, dtype=float), SCALES[name])
    assert got == pytest.approx(np.array(wanted), nan_ok=True)


def test_a_scale_of_one_value_is_not_scaled() -> None:
    same = scaled_contributions(np.full(4, 3.0), ScoreScale("x", "mean", 3, 3))
    assert np.isnan(same).all()


def test_what_has_no_ends_is_cut_at_its_percentiles() -> None:
    hours = np.append(np.arange(101.0), [np.nan, 5000])
    worst, best = observed_ends(hours, lower_is_better=True) or (0, 0)
    assert (worst, best) == pytest.approx((95.95, 5.05))
    assert scaled_between(np.array([5000.0, best, np.nan]), worst, best) == pytest.approx(
        np.array([0, 100, np.nan]), nan_ok=True
    )
    assert observed_ends(np.full(9, 2.0), lower_is_better=False) is None
    with pytest.raises(ValueError, match="two different numbers"):
        scaled_between(hours, 3, 3)


def test_the_index_is_the_weighted_mean_of_the_scaled_metrics() -> None:
    scores = {"nps": np.array([10.0, 0, 8, np.nan]), "ces": np.array([7.0, 7, np.nan, 4])}
    index = index_of(scores | {"churned": np.zeros(4)}, {"ces": 1, "nps": 3, "churned": 0})
    assert index.overall.value == pytest.approx(0.75 * 50 + 0.25 * (250 / 3))
    assert [(p.score, p.weight, p.n) for p in index.parts] == [("nps", 0.75, 3), ("ces", 0.25, 3)]
    assert index.overall.n == 4


def test_one_score_alone_is_its_metric_with_its_interval() -> None:
    rng = np.random.default_rng(3)
    scores, who = rng.integers(1, 8, 200).astype(float), rng.integers(0, 60, 200)
    weights = rng.uniform(0.5, 2, 200)
    index = index_of({"ces": scores}, {"ces": 2}, people=who, row_weights=weights)
    metric = estimate_metric(scores, SCALES["ces"], weights=weights, clusters=who)
    for name in ("value", "low", "high"):
        wanted = (getattr(metric, name) - 1) / 6 * 100
        assert getattr(index.overall, name) == pytest.approx(wanted, rel=1e-9)


def test_rows_of_weight_nought_play_no_part() -> None:
    scores = np.array([7.0] * 10 + [1.0] * 10 + [4.0])
    index = index_of({"ces": scores}, {"ces": 1}, row_weights=np.r_[np.ones(10), np.zeros(10), 1.0])
    assert index.overall.value == pytest.approx(100 * 10.5 / 11)
    assert index.overall.n == 11


def test_few_people_with_one_of_the_metrics_widen_the_interval() -> None:
    rng = np.random.default_rng(1)
    nps = rng.choice([0.0, 10], 2000)
    ces = np.full(2000, np.nan)
    ces[:6] = [1, 7, 1, 7, 4, 7]
    index = index_of({"nps": nps, "ces": ces}, {"nps": 1, "ces": 1})
    alone = estimate_metric(ces[:6], SCALES["ces"])
    half = (index.overall.high - index.overall.low) / 2
    # Half of the index is a mean of six: its own t interval, hardly more.
    assert half > 0.95 * (alone.high - alone.low) / 2 / 6 * 100 / 2
    assert [c.code for c in index.overall.caveats] == ["small_n"]


def test_a_metric_of_too_few_people_hides_the_index() -> None:
    scores = {"nps": np.full(50, 10.0), "ces": np.r_[np.full(4, 7.0), np.full(46, np.nan)]}
    index = index_of(scores, {"nps": 1, "ces": 1}, min_group=5)
    assert np.isnan(index.overall.value)
    assert [c.details for c in index.overall.caveats] == [(("n", 4),)]
    assert np.isnan(index.parts[0].scaled)


def test_equal_scores_have_no_interval() -> None:
    index = index_of({"nps": np.full(50, 10.0)}, {"nps": 1})
    assert index.overall.value == 100
    assert np.isnan(index.overall.low)
    assert "constant_score" in [c.code for c in index.overall.caveats]


def test_segments_by_rank_and_how_far_the_order_hangs_on_the_weights() -> None:
    rng = np.random.default_rng(1)
    branch = objects(["good"] * 200 + ["quick"] * 200 + ["kind"] * 200 + ["tiny"] * 3)
    nps = np.concatenate(
        [
            np.full(200, 10.0),
            rng.choice([0.0, 10], 200, p=(0.7, 0.3)),
            rng.choice([0.0, 10], 200, p=(0.3, 0.7)),
            np.zeros(3),
        ]
    )
    ces = np.concatenate(
        [
            np.full(200, 7.0),
            rng.choice([1.0, 7], 200, p=(0.3, 0.7)),
            rng.choice([1.0, 7], 200, p=(0.7, 0.3)),
            np.ones(3),
        ]
    )
    weights = {"nps": 1.0, "ces": 1.0}
    index = index_of(
        {"nps": nps, "ces": ces}, weights, segments={"branch": branch}, min_group=5
    )  # fmt: skip
    # "tiny" is too small to be shown, and with it goes the one that would tell it.
    shown = [s.value for s in index.segments]
    assert (len(shown), index.suppressed) == (2, 2)
    assert "tiny" not in shown
    full = index_of(
        {"nps": nps[:600], "ces": ces[:600]}, weights,
        segments={"branch": branch[:600]}, min_group=5,
    )  # fmt: skip
    first, second, third = full.segments
    assert (first.value, first.rank, first.rank_low, first.rank_high) == ("good", 1, 1, 1)
    assert (second.rank, second.rank_low, second.rank_high) == (2, 2, 3)
    assert third.rank == 3
    assert 0.3 < dict(full.agreement)["branch"] < 0.9
    assert [c.code for c in full.caveats] == ["rank_by_weights"]


def test_order_of_rows_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    ces, who = rng.integers(1, 8, 90).astype(float), rng.integers(0, 40, 90)
    branch, order = objects(rng.choice(["a", "b"], 90).tolist()), rng.permutation(90)
    one, two = (
        index_of({"ces": ces[o]}, {"ces": 1}, people=who[o], segments={"branch": branch[o]})
        for o in (np.arange(90), order)
    )
    assert two.overall.low == pytest.approx(one.overall.low, abs=1e-9)
    assert [s.value for s in two.segments] == [s.value for s in one.segments]


def test_a_segment_without_one_of_the_scores_has_no_index() -> None:
    scores = {"nps": np.r_[np.full(9, 10.0), np.full(9, np.nan)], "ces": np.full(18, 4.0)}
    index = index_of(scores, {"nps": 1, "ces": 1}, segments={"b": objects(["x"] * 9 + ["y"] * 9)})
    assert [(s.value, s.rank) for s in index.segments] == [("x", 1), ("y", 0)]
    assert np.isnan(index.segments[1].index.value)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ({"nps": -1}, "The weight of 'nps' is -1"),
        ({"nps": float("nan")}, "The weight of 'nps' is nan"),
        ({"nps": "much"}, "The weight of 'nps' is 'much'"),
        ({"nps": True}, "The weight of 'nps' is True"),
        ({"nps": 0}, "All 1 weights are 0"),
        ({"joy": 1}, "There is no score 'joy' to weight"),
    ],
)
def test_refused_weights(weights: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        index_of({"nps": np.ones(3)}, weights)


def test_known_columns_are_named_once() -> None:
    with pytest.raises(UsageError, match=r"there are 'ces', 'nps'\."):
        known_scores(["mood"], ["nps", "nps", "ces"])


def test_unequal_lengths() -> None:
    with pytest.raises(ValueError, match="3 rows, but 2 people"):
        index_of({"nps": np.ones(3)}, {"nps": 1}, people=np.zeros(2))
    with pytest.raises(ValueError, match="2 values of a segment"):
        index_of({"nps": np.ones(3)}, {"nps": 1}, segments={"b": objects(["x", "y"])})


def weights_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "weights.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text", ["nps: 2\nces: 2\n", "weights:\n  nps: 1.0e+308\n  ces: 1.0e+308\n"]
)
def test_weights_from_yaml(tmp_path: Path, text: str) -> None:
    read = read_weights(weights_file(tmp_path, text))
    assert read.shares == {"nps": 0.5, "ces": 0.5}
    assert read.ends == {}


def test_ends_from_yaml(tmp_path: Path) -> None:
    text = "nps: 3\nhours: {weight: 1, worst: 72, best: 0}\nminutes: {weight: 0}\n"
    read = read_weights(weights_file(tmp_path, text))
    assert read.shares == {"nps": 0.75, "hours": 0.25}
    assert read.ends == {"hours": (72.0, 0.0)}


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("- nps\n", InputError, "expected lines like"),
        ("", InputError, "expected lines like"),
        ("nps: {", InputError, "no readable YAML"),
        ("nps: -2\n", UsageError, "The weight of 'nps' is -2"),
        ("nps: .inf\n", UsageError, "The weight of 'nps' is inf"),
        ("nps: {worst: 1, best: 2}\n", UsageError, "The weight of 'nps' is"),
        ("nps: {weight: 1, least: 2}\n", UsageError, "The weight of 'nps' is"),
        ("nps: {weight: 1, worst: 2}\n", UsageError, "The ends of 'nps' are 2"),
        ("nps: {weight: 1, worst: 2, best: 2}\n", UsageError, "two different numbers"),
    ],
)
def test_refused_files(tmp_path: Path, text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_weights(weights_file(tmp_path, text))


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no readable YAML"):
        read_weights(tmp_path / "none.yaml")


def _covered(runs: int, n: int) -> int:
    """Two scores of customers who repeat, a third of the second missing."""
    covered = 0
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        who = rng.integers(0, n // 2, n)
        level = rng.normal(0, 1.5, n)[who]
        first = np.clip(np.round(4 + level + rng.normal(size=n)), 1, 7)
        second = np.clip(np.round(4 + level + rng.normal(size=n)), 1, 7)
        second[rng.random(n) < 1 / 3] = np.nan
        scaled = {name: scaled_between(one, 1, 7) for name, one in (("a", first), ("b", second))}
        index = happiness_index(scaled, {"a": 2, "b": 1}, people=who)
        covered += index.overall.low <= 50 <= index.overall.high
    return covered


def test_coverage() -> None:
    runs = 200
    assert _covered(runs, 200) >= binom.ppf(0.0005, runs, 0.95)


@pytest.mark.full
@pytest.mark.parametrize("n", [200, 1000, 5000])
def test_coverage_in_many_runs(n: int) -> None:
    runs = 2000
    covered = _covered(runs, n)
    print(f"\nn {n}: {covered / runs:.2%} of the intervals of the index cover")
    assert 0.93 * runs <= covered <= 0.97 * runs
