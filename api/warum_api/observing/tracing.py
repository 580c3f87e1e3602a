"""OpenTelemetry spans, only where the setting `tracing` asks for them.

FastAPI makes them; where they go is told by OpenTelemetry's own variables (`OTEL_EXPORTER_OTLP_ENDPOINT`,
`OTEL_SERVICE_NAME`, …). Its log records are off: they hold the messages of exceptions, which may quote a comment.
"""

from __future__ import annotations

from importlib.util import find_spec

from fastapi.telemetry import TelemetryConfig

from warum.errors import WarumError


def telemetry(*, on: bool) -> TelemetryConfig:
    """What FastAPI records of requests: spans, or nothing.

    Args:
        on: Whether spans are wanted.
    """
    return {
        "tracing": on,
        "metrics": False,  # ours are Prometheus's
        "logs": False,
        "operation_spans": False,
        "auto_configure": on,
    }


def check_tracing() -> None:
    """See whether spans can be sent.

    Raises:
        WarumError: If OpenTelemetry is not installed.
    """
    for needed in ("opentelemetry.sdk", "opentelemetry.exporter"):
        if find_spec(needed) is None:
            raise WarumError(
                "The setting 'tracing' needs OpenTelemetry.",
                hint='Install it with: pip install "warum[api,otel]"',
            )
