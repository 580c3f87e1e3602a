"""Every route is fuzzed: what is malformed gets a problem document, and schemathesis finds nothing.

With keys and without, on both databases; in one file, so that a service of each kind is filled once.

Two things are told to schemathesis, which makes requests of OpenAPI. A `504` is as documented where a caller gives a
millisecond (`X-Deadline-Ms: 1`). And that what fits the schema is accepted is not checked: no schema says that an
address is public, or that a column exists.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.warum_api.damaging import Damaging
from tests.warum_api.whole_service import Whole

needs_schemathesis = pytest.mark.skipif(
    find_spec("schemathesis") is None, reason="schemathesis is not installed"
)
TOLD = """
[checks]
positive_data_acceptance.enabled = false
not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 504]
"""


def found(whole: Whole, folder: Path, *options: str, ids: bool = True) -> str:
    """What schemathesis says of a service; empty if it found nothing.

    Args:
        whole: The service.
        folder: Where its settings are written.
        *options: What it is told besides.
        ids: Whether it knows what there is; else it makes all of it itself, as the links say.
    """
    told = [TOLD]
    if whole.key is not None:
        told.append(f'[auth.openapi.bearer]\nbearer = "{whole.key}"\n')
    if ids:
        told.append("[parameters]")
        told += [f'"path.{name}" = {json.dumps(one)}' for name, one in whole.ids.items()]
    (folder / "schemathesis.toml").write_text("\n".join(told), "utf-8")
    call = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(folder / "schemathesis.toml"),
        "run", f"{whole.url}/openapi.json", "--no-color", "--seed", "1",
        "--suppress-health-check", "all", "--request-timeout", "60", "--no-shrink", "--warnings", "off",
        "--continue-on-failure", *options,
    ]  # fmt: skip
    done = subprocess.run(call, capture_output=True, text=True, cwd=folder)
    tested = re.search(r"Tested: (\d+)", done.stdout)
    assert tested is not None, done.stdout + done.stderr
    assert int(tested[1]) >= len(whole.ids), done.stdout
    said = done.stdout + done.stderr
    return "" if done.returncode == 0 else said[said.find("= FAILURES") :]


KEEP = ("--exclude-name", "DELETE /v1/projects/{project}")  # all else would stand behind a 404


@needs_schemathesis
@pytest.mark.parametrize(
    "whole", [pytest.param("off", marks=pytest.mark.full), "keys"], indirect=True
)
def test_nothing_is_found(whole: Whole, tmp_path: Path) -> None:
    few = ("--phases", "examples,fuzzing", "--max-examples", "2")
    assert found(whole, tmp_path, *few, *KEEP) == ""
    assert whole.client.get("/health/ready").status_code == 200


@needs_schemathesis
@pytest.mark.full
def test_nothing_is_found_in_a_long_run(whole: Whole, tmp_path: Path) -> None:
    many = ("--phases", "examples,coverage,fuzzing", "--max-examples", "100")
    assert found(whole, tmp_path, *many, *KEEP) == ""
    assert found(whole, tmp_path, "--phases", "stateful", "--max-examples", "100", ids=False) == ""
    assert whole.client.get("/health/ready").status_code == 200


def bombard(whole: Whole, count: int, seed: int) -> tuple[Counter[int], Counter[str]]:
    """Send malformed requests; how often each status came, and how often each operation was asked."""
    damaging = Damaging(whole.client.get("/openapi.json").json(), whole.ids, seed)
    statuses: Counter[int] = Counter()
    ways: Counter[str] = Counter()
    for _ in range(count):
        made = damaging.request()
        answer = whole.client.request(
            made.method, made.path, params=made.query, headers=made.headers, content=made.body
        )
        told = (answer.status_code, made, answer.text[:300])
        assert 400 <= answer.status_code < 500, told
        assert answer.headers["content-type"] == "application/problem+json", told
        assert answer.json()["code"], told
        statuses[answer.status_code] += 1
        ways.update(made.why)
    return statuses, ways


def lives(whole: Whole) -> bool:
    path: Any = f"/v1/projects/{whole.ids['project']}/results/current/summary"
    ready = whole.client.get("/health/ready").status_code
    return (ready, whole.client.get(path).status_code) == (200, 200)


def test_hundreds_of_malformed_requests(whole: Whole) -> None:
    statuses, ways = bombard(whole, 600, seed=5)
    assert {400, 404, 405, 415, 422} <= statuses.keys()
    assert len(ways) == 7
    assert lives(whole)


@pytest.mark.full
def test_ten_thousand_malformed_requests(whole: Whole) -> None:
    bombard(whole, 10_000, seed=6)
    assert lives(whole)
