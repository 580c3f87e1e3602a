"""`warum work`: several workers share the jobs of one PostgreSQL."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.warum_api.asking import Asked
from tests.warum_api.databases import new_postgresql, postgresql, why_no_postgresql

_JOBS = 4


def started(environment: dict[str, str], *options: str) -> subprocess.Popen[str]:
    run = "import typer; from warum_api.working.commands import work; typer.run(work)"
    paths = os.pathsep.join(str(Path(path).resolve()) for path in sys.path if path)
    return subprocess.Popen(
        [sys.executable, "-c", run, *options],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def database_url() -> Iterator[str]:
    why_not = why_no_postgresql()
    if why_not:
        pytest.skip(f"no PostgreSQL: {why_not}")
    with postgresql() as url:
        yield new_postgresql(url)()


def test_several_workers_do_every_job_once(database_url: str, tmp_path: Path) -> None:
    from warum_api.app import create_app
    from warum_api.settings import Settings, environment_of

    settings = Settings.model_validate(
        {
            "model": "nothing",
            "data": tmp_path / "data",
            "database_url": database_url,
            "jobs": False,
        }
    )
    ask = Asked(create_app(settings))
    for n in range(_JOBS):
        project = ask.project(name=str(n), columns={"text": "comment"})
        texts = {"comments": [{"id": str(i), "text": f"text {i} {n}"} for i in range(20)]}
        assert ask("POST", f"{project}/comments", json=texts).status_code == 200
        assert ask("POST", f"{project}/jobs", json={"kind": "analyze"}).status_code == 202
    workers = [started(environment_of(settings), "--until-idle") for _ in range(2)]
    told = [worker.communicate(timeout=240)[1] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], told
    jobs: list[Any] = ask("GET", "/v1/jobs").json()
    assert [job["state"] for job in jobs] == ["done"] * _JOBS
    taken = [line for text in told for line in text.splitlines() if "job taken" in line]
    assert len(taken) == _JOBS
    page = ask("GET", "/metrics").text
    assert f'warum_jobs{{kind="analyze",state="done"}} {_JOBS}.0' in page


def test_a_worker_ends_when_it_is_told_to(tmp_path: Path) -> None:
    worker = started({"WARUM_DATA": str(tmp_path / "data"), "WARUM_MODEL": "nothing"})
    assert worker.stderr is not None
    assert "warum works" in worker.stderr.readline()
    time.sleep(0.5)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=30) == 0
    worker.stderr.close()
