from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.warum.report.why_worlds import NPS, change, change_row
from warum.report.change_steps import SHOWN, waterfall_steps
from warum.report.numbers import MetricFormat

FMT = MetricFormat(NPS, "en")


def test_each_step_begins_where_the_last_one_ended() -> None:
    steps = waterfall_steps(change(), {}, FMT)
    assert [step.kind for step in steps] == [
        "before", "segments", "topic", "topic", "topic", "rest", "rest", "after",
    ]  # fmt: skip
    for one, following in pairwise(steps):
        assert following.start == pytest.approx(one.end, abs=1e-9)
    assert steps[-1].end == change().after.value
    assert sum(step.end - step.start for step in steps) == pytest.approx(-30.0, abs=1e-9)


def test_what_is_clear() -> None:
    clear = {step.name: step.clear for step in waterfall_steps(change(), {}, FMT)}
    assert clear["Who answered"]
    assert clear["reliability"]
    assert not clear["service.attitude"]
    assert not clear["All other topics (1)"]


def test_findings_have_a_step_even_if_many_are_larger() -> None:
    many = [change_row(f"topic{i}", 9.0 - i, 20.0) for i in range(9)]
    found = change_row("small", -0.5, 0.1, found=True)
    told = replace(change(), waterfall=(*many, found))
    steps = waterfall_steps(told, {}, FMT)
    names = [step.name for step in steps if step.kind == "topic"]
    assert len(names) == SHOWN
    assert "small" in names
    (rest,) = [step for step in steps if step.kind == "rest"]
    assert rest.part.value == pytest.approx(2.0 + 1.0)
    assert math.isnan(rest.part.low)


def test_nothing_to_show() -> None:
    assert waterfall_steps(replace(change(), waterfall=()), {}, FMT) == ()
    without = replace(change(), segment_mix=None)
    assert all(step.kind != "segments" for step in waterfall_steps(without, {}, FMT))
