"""An alert and the events of the tests."""

from __future__ import annotations

import math

from tests.warum_api.notifying.kept import NOON
from warum.alerts.alerts import Alert
from warum.records import Estimate
from warum.taxonomy import load_taxonomy
from warum_api.notifying.events import Event, alert_raised, job_failed, job_finished


def alert(**how: object) -> Alert:
    given: dict[str, object] = {
        "day": "2026-03-01", "until": "2026-03-01", "began": "2026-03-01", "category": "digital.stability",
        "polarity": "negative", "by": "", "value": "", "kind": "spike", "direction": "rise", "seen": 23,
        "occasions": 410, "expected": Estimate(8.2, 3, 14, 410, "beta-binomial"), "p": 0.0001, "people": 21,
        "comments": tuple(f"c{i:04}" for i in range(23)), "method": "beta-binomial, lord",
    }  # fmt: skip
    return Alert(**{**given, **how})  # type: ignore[arg-type]


def raised(**how: object) -> Event:
    return alert_raised(
        alert(**how), load_taxonomy("cx"), tenant="acme", project="shop", created=NOON
    )


def finished(job: str = "job_1") -> Event:
    links = {"report": "/v1/jobs/job_1/report"}
    return job_finished(
        tenant="acme", project="shop", job=job, what="analyze", created=NOON, links=links
    )


def failed() -> Event:
    return job_failed(
        tenant="acme", project=None, job="job_2", what="report <b>", created=NOON,
        code="internal", detail="A & B < C",
    )  # fmt: skip


UNKNOWN = Estimate(math.nan, math.nan, math.nan, 3, "beta-binomial")
