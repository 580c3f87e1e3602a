"""A client that is generated from OpenAPI works against a running service."""

from __future__ import annotations

import importlib
import io
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

from tests.warum_api.conftest import Serving
from tests.warum_api.example_rows import COLUMNS, rows

pytestmark = pytest.mark.skipif(
    find_spec("openapi_python_client") is None, reason="openapi-python-client is not installed"
)
NAME = "generated_warum_client"
CANNOT = {"Unsupported content_type application/yaml"}
"""What the generator leaves out, because it knows no YAML."""


class Generated:
    """The client's modules."""

    def __init__(self, told: str) -> None:
        self.told = told

    def route(self, name: str) -> Any:
        """What asks a route, such as `jobs_submit`."""
        return self._module(f"api.{name.partition('_')[0]}.{name}")

    def model(self, name: str) -> Any:
        return getattr(self._module("models"), name)

    def file(self, data: bytes) -> Any:
        return self._module("types").File(payload=io.BytesIO(data))

    def connect(self, url: str) -> Any:
        import httpx

        return self._module("client").AuthenticatedClient(
            base_url=url, token="unused", timeout=httpx.Timeout(60)
        )

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"{NAME}.{name}")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Generated]:
    from warum_api.app import create_app
    from warum_api.settings import Settings

    folder = tmp_path_factory.mktemp("client")
    spec = create_app(Settings(model="nothing", data=folder / "data")).openapi()
    (folder / "openapi.json").write_text(json.dumps(spec), "utf-8")
    (folder / "config.yaml").write_text("post_hooks: []\n", "utf-8")
    call = [
        sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none",
        "--path", str(folder / "openapi.json"), "--config", str(folder / "config.yaml"),
        "--output-path", str(folder / NAME),
    ]  # fmt: skip
    done = subprocess.run(call, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield Generated(done.stdout + done.stderr)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith(NAME)]:
        del sys.modules[name]


def test_nothing_is_left_out_but_yaml(generated: Generated) -> None:
    told = [line for line in generated.told.splitlines() if "(" in line and "Cannot" in line]
    assert {line.rpartition("(")[2].partition(")")[0] for line in told} <= CANNOT
    assert generated.told.count("WARNING") == len(told)
    assert "Unable" not in generated.told


def test_comments_are_read_and_refusals_are_problems(
    generated: Generated, serving: Serving
) -> None:
    with serving(jobs=False) as service, generated.connect(str(service.base_url)) as client:
        analyze, asked = generated.route("analyze"), generated.model("AnalyzeRequest")
        body = asked.from_dict(
            {"comments": [{"id": "1", "text": "The driver was rude."}, {"id": 2}]}
        )
        read = analyze.sync(client=client, body=body)
        assert read.taxonomy.name == "cx"
        first, second = read.results
        assert (first.id, first.opinions[0].polarity) == ("1", "negative")
        assert second.error.code == "invalid_comment"
        refused = analyze.sync_detailed(client=client, body=asked(comments=[]))
        assert refused.status_code == 422
        assert (refused.parsed.code, refused.parsed.errors[0].pointer) == (
            "invalid_request",
            "/comments",
        )
        missing = generated.route("projects_one").sync(client=client, project="prj_none")
        assert (missing.status, missing.code) == (404, "not_found")
        ready = generated.route("operation_ready").sync(client=client)
        assert ready.checks.additional_properties["model"] == "ready"


def test_a_file_goes_in_and_results_come_out(generated: Generated, serving: Serving) -> None:
    with serving() as service, generated.connect(str(service.base_url)) as client:
        project = _project(generated, client)
        submit, kind = generated.route("jobs_submit"), generated.model("AnalyzeJob")
        job = submit.sync(client=client, project=project, body=kind(kind="analyze"))
        until = time.monotonic() + 120
        while job.state not in ("done", "failed"):
            assert time.monotonic() < until, job
            time.sleep(0.2)
            job = generated.route("jobs_one").sync(client=client, job=job.id)
        assert (job.state, job.done, job.error) == ("done", 90, None)
        where = {"client": client, "project": project, "version": "current"}
        page = generated.route("results_listed").sync(**where, limit=5)
        assert (len(page.items), page.total > 5) == (5, True)
        assert page.items[0].additional_properties["evidence"]
        drivers = generated.route("results_driving").sync(**where, accept="application/json")
        assert drivers.items[0].additional_properties["category"]
        versions = generated.route("results_versions").sync(client=client, project=project)
        assert [one.current for one in versions] == [True]
        gone = generated.route("projects_delete").sync_detailed(client=client, project=project)
        assert gone.status_code == 204


def _project(generated: Generated, client: Any) -> str:
    """A new project with a file that came in two pieces."""
    wanted = generated.model("ProjectIn").from_dict({"name": "Shop", "columns": COLUMNS})
    project = generated.route("projects_add").sync(client=client, body=wanted)
    assert project.columns["score"] == "nps:nps"
    data = rows(90)
    asked = generated.model("UploadIn")(name="x.csv", size=len(data))
    begin, put = generated.route("uploads_begin"), generated.route("uploads_put")
    upload = begin.sync(client=client, project=project.id, body=asked)
    half = len(data) // 2
    for at, piece in ((0, data[:half]), (half, data[half:])):
        upload = put.sync(
            client=client, project=project.id, upload=upload.id, upload_offset=at,
            body=generated.file(piece),
        )  # fmt: skip
    assert (upload.state, upload.received) == ("complete", len(data))
    again = put.sync(
        client=client, project=project.id, upload=upload.id, upload_offset=0, body=generated.file(b"x")
    )  # fmt: skip
    assert again.code == "conflict"
    return str(project.id)
