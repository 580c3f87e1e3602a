"""A service with an analysed project, of its own for every test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.warum_api.analysed import Working, copied


@pytest.fixture
def analysed(tmp_path: Path) -> Working:
    return copied(tmp_path / "copied")
