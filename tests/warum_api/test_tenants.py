"""No route shows or changes what belongs to another tenant."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.warum_api.asking import Asked

BODIES: dict[str, Any] = {
    "/comments": {"comments": [{"id": "x", "text": "intruder"}]},
    "/erasures": {"customer": "kim"},
    "/jobs": {"kind": "analyze"},
    "/uploads": {"name": "x.csv"},
    "/rotate": {},
    "/corrections": {"comment": "1", "opinion": None, "new": {"category": "price"}},
    "/audits": {"labels": 5},
    "/{comment}": {"labels": []},
}
QUERIES = {"/quotes": {"category": "price", "polarity": "negative"}}
SECRET = "ONLY-FOR-A"
TOOLS = tuple(f"/v1/adapters/{tool}/" for tool in ("zendesk", "freshdesk", "json"))
"""They are opened by a secret of the adapter, not by a key."""


class Keyed(Asked):
    """A service with keys, asked with one of them."""

    def __init__(self, app: Any, key: str) -> None:
        super().__init__(app)
        self.key = key

    def __call__(self, method: str, path: str, **how: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.key}", **how.pop("headers", {})}
        return super().__call__(method, path, headers=headers, **how)


@pytest.fixture
def both(tmp_path: Path) -> tuple[Keyed, Keyed]:
    from warum_api.app import create_app
    from warum_api.guarding.keys import create_key
    from warum_api.settings import Settings
    from warum_api.storing.opening import open_database
    from warum_api.storing.tenants import ensure_tenant

    settings = Settings(model="nothing", data=tmp_path, auth="keys", rate_limit="10000/minute")
    database, keys = open_database(settings), []
    with database.writing() as connection:
        for tenant in ("a", "b"):
            ensure_tenant(tenant, connection)
            made = create_key(
                tenant, connection, name="k", scopes=["read", "write", "admin"], who="test"
            )
            keys.append(made.text)
    database.close()
    app = create_app(settings)
    return Keyed(app, keys[0]), Keyed(app, keys[1])


def test_every_route_is_shut_to_other_tenants(both: tuple[Keyed, Keyed], tmp_path: Path) -> None:
    a, b = both
    project = a.project(name=SECRET)
    upload = a.upload(project, f"{SECRET}.csv", b"id,comment\n1,ONLY-FOR-A\n")
    a(
        "POST",
        f"{project}/comments",
        json={"comments": [{"id": "1", "text": SECRET, "customer": "kim"}]},
    )
    job = a("POST", f"{project}/jobs", json={"kind": "analyze"}).headers["location"]
    hook = a(
        "POST", "/v1/webhooks", json={"url": "https://203.0.114.7/x", "events": ["job.failed"]}
    )
    adapter = a("POST", "/v1/adapters", json={"name": SECRET, "tool": "freshdesk"}).json()
    of_a = {
        "project": project.rpartition("/")[2], "upload": upload.rpartition("/")[2],
        "job": job.rpartition("/")[2], "webhook": hook.json()["id"], "adapter": adapter["id"], "version": "1",
        **_audit_and_model(tmp_path, project.rpartition("/")[2]),
    }  # fmt: skip
    before = _everything(a, project, upload, job, of_a)
    asked = 0
    for path, item in b.app.openapi()["paths"].items():
        if "{" not in path or path.startswith(TOOLS):
            continue
        there = re.sub(r"\{(\w+)\}", lambda name: of_a[name[1]], path)
        end = "/" + path.rpartition("/")[2]
        for method in item:
            how: dict[str, Any] = {"params": QUERIES.get(end, {})}
            if method in ("post", "put"):
                how["json"] = BODIES.get(end, {})
            elif method == "patch" and end == "/{upload}":
                how |= {"content": b"x", "headers": {"Upload-Offset": "0"}}
            elif method == "patch":
                how["json"] = {"name": "intruder"}
            answer = b(method.upper(), there, **how)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), (method, path)
            assert SECRET not in answer.text
            asked += 1
    assert asked > 25
    for path in ("/v1/projects", "/v1/jobs", "/v1/webhooks", "/v1/adapters", "/v1/audit-log"):
        assert not re.search("|".join([SECRET, *of_a.values()][:6]), b("GET", path).text), path
    assert _everything(a, project, upload, job, of_a) == before


def _audit_and_model(data: Path, project: str) -> dict[str, str]:
    """An audit and a model of the first tenant, as jobs and draws would have left them."""
    from warum_api.storing.audits import Drawn, add_sample
    from warum_api.storing.database import Database, in_folder
    from warum_api.storing.models import add_model, new_model_id

    database, facts = Database(in_folder(data)), {"categories": [["price", {"en": SECRET}]]}
    with database.writing() as connection:
        audit = add_sample("a", connection, project, facts, [Drawn("1", "1", 0.5)])
        model = add_model(
            "a", connection, project, model_id=new_model_id(), name=SECRET, version="1", path="x", facts={}
        )  # fmt: skip
    database.close()
    return {"audit": audit.id, "model": model.id, "comment": "1"}


def _everything(a: Keyed, project: str, upload: str, job: str, of_a: dict[str, str]) -> list[Any]:
    paths = (
        project,
        upload,
        job,
        f"/v1/webhooks/{of_a['webhook']}",
        "/v1/adapters",
        f"{upload}/preview",
        f"{project}/audits",
    )
    return [a("GET", path).json() for path in paths]


@pytest.mark.parametrize("scope", ["read", "write"])
def test_a_key_does_what_its_scope_allows(
    both: tuple[Keyed, Keyed], tmp_path: Path, scope: str
) -> None:
    from warum_api.guarding.keys import create_key
    from warum_api.storing.database import Database, in_folder

    admin, _ = both
    project = admin.project()
    database = Database(in_folder(tmp_path))
    with database.writing() as connection:
        key = create_key("a", connection, name="k", scopes=["read", scope], who="test").text
    database.close()
    some = Keyed(admin.app, key)
    assert some("GET", project).status_code == 200
    written = some("POST", f"{project}/comments", json=BODIES["/comments"])
    assert written.status_code == (200 if scope == "write" else 403)
    for method, path, body in (
        ("DELETE", project, None), ("POST", f"{project}/erasures", {"customer": "k"}),
        ("POST", "/v1/webhooks", {"url": "https://203.0.114.7", "events": ["job.failed"]}),
    ):  # fmt: skip
        answer = some(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "missing_scope")
