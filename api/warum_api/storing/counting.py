"""How many jobs there are, by kind and state, and how long they took: of all tenants together, none of them named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy import ColumnElement, Connection, Float, case, cast, func, select
from sqlalchemy.exc import SQLAlchemyError

from warum_api.observing.logs import log, places
from warum_api.storing.database import Database
from warum_api.storing.tables import jobs

STATES = ("queued", "running", "done", "failed", "cancelled")
SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 14_400)
_DAY = 86_400.0


class JobNumbers(Collector):
    """Numbers of jobs, asked of the database when Prometheus asks.

    Args:
        database: Where the jobs are.
        kinds: Which kinds there are; those of which there is no job show zeros.
    """

    def __init__(self, database: Database, kinds: Iterable[str]) -> None:
        self._database, self._kinds = database, tuple(kinds)

    def collect(self) -> Iterator[Metric]:
        """The metrics; none where the database is away."""
        try:
            with self._database.reading() as connection:
                yield self._states(connection)
                yield self._durations(connection)
        except SQLAlchemyError as error:
            log().error("jobs could not be counted", **places(error))

    def describe(self) -> Iterator[Metric]:
        """Nothing is asked of the database when the app is put together."""
        return iter(())

    def _states(self, connection: Connection) -> Metric:
        family = GaugeMetricFamily(
            "warum_jobs", "Jobs that are kept, by kind and state.", labels=("kind", "state")
        )
        query = select(jobs.c.kind, jobs.c.state, func.count()).group_by(jobs.c.kind, jobs.c.state)
        counts = {(kind, state): n for kind, state, n in connection.execute(query)}
        for kind in self._kinds:
            for state in STATES:
                family.add_metric((kind, state), float(counts.get((kind, state), 0)))
        return family

    def _durations(self, connection: Connection) -> Metric:
        family = HistogramMetricFamily(
            "warum_job_seconds", "Time from a job's begin to its end, of those done or failed.", labels=("kind",)
        )  # fmt: skip
        took = _seconds(connection)
        within = [func.sum(case((took <= most, 1), else_=0)) for most in SECONDS]
        ended = jobs.c.state.in_(("done", "failed")) & jobs.c.started_at.is_not(None)
        query = select(jobs.c.kind, func.count(), func.sum(took), *within).where(ended)
        rows = {row[0]: row[1:] for row in connection.execute(query.group_by(jobs.c.kind))}
        for kind in self._kinds:
            n, total, *counts = rows.get(kind, (0, 0.0, *(0 for _ in SECONDS)))
            buckets = [(str(float(m)), float(c)) for m, c in zip(SECONDS, counts, strict=True)]
            family.add_metric((kind,), [*buckets, ("+Inf", float(n))], float(total))
        return family


def _seconds(connection: Connection) -> ColumnElement[float]:
    """How long a job took."""
    begun, ended = jobs.c.started_at, jobs.c.finished_at
    if connection.dialect.name == "sqlite":
        return (func.julianday(ended) - func.julianday(begun)) * _DAY
    return cast(func.extract("epoch", ended - begun), Float)
