"""Prometheus metrics, also of several worker processes together."""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder that worker processes share; set before anything of this module is imported."""

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The numbers of one app, in a registry of its own.

    Labels are route templates, methods, statuses and codes; never anything that a caller can invent.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._more: list[Collector] = []
        self.requests = Counter(
            "warum_requests", "Requests answered.", ("method", "route", "status"),
            registry=self.registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "warum_request_seconds", "Time from the first byte of a request to the last of its answer.",
            ("method", "route"), buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.comments = Counter(
            "warum_comments", "Comments by what became of them.", ("outcome",),
            registry=self.registry,
        )  # fmt: skip
        self.batch = Histogram(
            "warum_batch_comments", "Comments read together.", buckets=_SIZES,
            registry=self.registry,
        )  # fmt: skip
        self.reading = Histogram(
            "warum_batch_seconds", "Time that reading a batch took.", buckets=_SECONDS,
            registry=self.registry,
        )  # fmt: skip
        self.waiting = Gauge(
            "warum_waiting_comments", "Comments that wait to be read.",
            registry=self.registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self.ready = Gauge(
            "warum_ready", "Processes whose model is loaded.",
            registry=self.registry, multiprocess_mode="livesum",
        )  # fmt: skip

    def add(self, collector: Collector) -> None:
        """Show further numbers, which are collected when the page is asked for."""
        self._more.append(collector)

    def page(self) -> tuple[bytes, str]:
        """All numbers in the text format of Prometheus, and its media type."""
        registry = self.registry
        if os.environ.get(MULTIPROCESS):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        further = CollectorRegistry()
        for one in self._more:
            further.register(one)
        return generate_latest(registry) + generate_latest(further), CONTENT_TYPE_LATEST
