"""The table of the service: what is not there is left out, with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.service.latency import Run, _plain_rate
from benchmarks.service.texts import SHORT, short_comments


def test_the_plain_endpoint_is_left_out_where_none_is_named() -> None:
    assert _plain_rate(Run(seconds=1), []) == (0.0, "--baseline-python names no interpreter")


def test_an_interpreter_without_torch_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = tmp_path / "python"
    bare.write_text("#!/bin/sh\necho \"No module named 'torch'\" >&2\nexit 1\n")
    bare.chmod(0o755)
    assert _plain_rate(Run(seconds=1, baseline=bare), []) == (0.0, "No module named 'torch'")
    assert "the plain endpoint is left out: No module named 'torch'" in capsys.readouterr().out


def test_comments_are_short_and_differ() -> None:
    texts = short_comments()
    assert len(texts) == len(set(texts)) > 5_000
    assert max(map(len, texts)) <= SHORT
    assert texts == short_comments()
