"""Services with an analysed project, and with one that has a model of its own; each test has its own copy."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest

from tests.warum_api.analysed import Working, copied
from tests.warum_api.training.labels import labelled_rows


@pytest.fixture
def analysed(tmp_path: Path) -> Working:
    return copied(tmp_path / "copied")


@cache
def _trained() -> tuple[Path, str]:
    folder = tempfile.mkdtemp(prefix="warum-trained-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    service = Working(Path(folder) / "data", "")
    service.path = service.project(columns={"text": "comment", "score": "nps:nps"})
    upload = service.labels(labelled_rows(60))
    job = service.job("train", labels=upload, name="Sixty")
    assert job["state"] == "done", job
    new = [
        {"id": f"c{n}", "text": text, "customer": f"k{n}", "fields": {"nps": n % 11}}
        for n, text in enumerate(dict.fromkeys(row["text"] for row in labelled_rows(25)))
    ]
    service("POST", f"{service.path}/comments", json={"comments": new})
    return Path(folder) / "data", service.path


@pytest.fixture
def trained(tmp_path: Path) -> Working:
    """A project with a model, a file of labels, and comments that nobody has read yet."""
    data, project = _trained()
    shutil.copytree(data, tmp_path / "copied")
    return Working(tmp_path / "copied", project)
