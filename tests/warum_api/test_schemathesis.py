"""Schemathesis, which makes requests of OpenAPI, finds nothing: with keys and without, on both databases.

Two things are told to it. A `504` is as documented where a caller gives a millisecond (`X-Deadline-Ms: 1`). And that
what fits the schema is accepted is not checked: no schema says that an address is public, or that a column exists.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.warum_api.whole_service import Whole

pytestmark = pytest.mark.skipif(
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


def test_nothing_is_found(whole: Whole, tmp_path: Path) -> None:
    few = ("--phases", "examples,fuzzing", "--max-examples", "2")
    assert found(whole, tmp_path, *few, *KEEP) == ""
    assert whole.client.get("/health/ready").status_code == 200


@pytest.mark.full
def test_nothing_is_found_in_a_long_run(whole: Whole, tmp_path: Path) -> None:
    many = ("--phases", "examples,coverage,fuzzing", "--max-examples", "100")
    assert found(whole, tmp_path, *many, *KEEP) == ""
    assert found(whole, tmp_path, "--phases", "stateful", "--max-examples", "100", ids=False) == ""
    assert whole.client.get("/health/ready").status_code == 200
