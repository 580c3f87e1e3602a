"""From stored tables to metrics: what too few people say is not told."""

from __future__ import annotations

import math

import warum

TEXTS = ("Great staff", "Waited far too long", "The app crashes all the time", "Fine")


def rows(n: int) -> dict[str, list[object]]:
    return {
        "comment": [TEXTS[i % 4] for i in range(n)],
        "nps": [(10, 2, 3, 8)[i % 4] for i in range(n)],
    }


def test_a_whole_of_too_few_people_has_no_metric() -> None:
    few = warum.analyze(rows(4), text="comment", score="nps")
    (score,) = few.result.scores
    assert math.isnan(score.metric.value)
    assert (score.metric.n, score.distribution, score.trend) == (4, (), ())
    assert "suppressed" in [caveat.code for caveat in score.caveats]
    assert "Great staff" not in few.summary.to_json()


def test_enough_people_have_one() -> None:
    (score,) = warum.analyze(rows(8), text="comment", score="nps").result.scores
    assert score.metric.value == -25
    assert sum(count for _, count in score.distribution) == 8
    (score,) = warum.analyze(rows(4), text="comment", score="nps", min_group=1).result.scores
    assert score.metric.value == -25
