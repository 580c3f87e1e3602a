"""Nothing of one tenant is seen or touched by another, through any function of storage."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

import warum_api.storing
from tests.warum_api.storing.filled import (
    Filled,
    adapter_of,
    delivery_of,
    fill,
    hook_of,
    rows_of,
)
from warum_api.storing.comments import NewComment
from warum_api.storing.database import Database, now
from warum_api.storing.erasing import Eraser
from warum_api.storing.errors import ConflictError, NoFileError
from warum_api.storing.files import Files, delete_all
from warum_api.storing.leases import Leases
from warum_api.storing.tenants import delete_tenant, ensure_tenant

SECRET = "ONLY-FOR-A"

WITHOUT_TENANT = {
    "now": "the time",
    "key_by_prefix": "finds out whose key it is",
    "forget_expired_keys": "sweeps all tenants",
    "kept_for_a_time": "sweeps all tenants",
    "abandon_uploads": "sweeps all tenants",
    "forget_failed_uploads": "sweeps all tenants",
    "take_deliveries": "the sender works for all tenants",
    "is_due": "the sender works for all tenants",
    "is_waiting": "workers work for all tenants",
    "find_adapter": "finds out whose adapter it is",
    "asked": "builds a query", "one": "runs a query", "many": "runs a query", "inserting": "builds",
}  # fmt: skip


def _functions() -> dict[str, Callable[..., Any]]:
    """All public functions of storage that take a connection."""
    found = {}
    for module in pkgutil.iter_modules(warum_api.storing.__path__):
        if module.name == "migrations":
            continue
        loaded = importlib.import_module(f"warum_api.storing.{module.name}")
        for name, one in inspect.getmembers(loaded, inspect.isfunction):
            if one.__module__ != loaded.__name__ or name.startswith("_"):
                continue
            if "connection" in inspect.signature(one).parameters and name not in WITHOUT_TENANT:
                found[f"{module.name}.{name}"] = one
    return found


FUNCTIONS = _functions()


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_the_tenant_comes_first(name: str) -> None:
    names = list(inspect.signature(FUNCTIONS[name]).parameters)
    assert names[:2] == ["tenant", "connection"]


def _arguments(name: str, of: Filled) -> dict[str, Any]:
    """What the function would be called with for the tenant whose ids these are."""
    known = {
        "project": of.project, "project_id": of.project, "key_id": of.key, "upload_id": of.upload,
        "job_id": of.job, "sample_id": of.sample, "webhook_id": of.webhook,
        "adapter_id": of.adapter, "model_id": of.model, "labeller": SECRET, "paths": [f"m/{SECRET}"],
        "adapter": adapter_of("b", "x"), "secrets": ("x",), "problem": "p",
        "hook": hook_of(of.tenant, "x"), "delivery": delivery_of(of.tenant, of.project, "x"),
        "comment_id": "c1", "comment": "c1", "customer": "kim", "key": "again", "request": "h" * 64,
        "moment": datetime(2100, 1, 1, tzinfo=UTC), "before": datetime(2100, 1, 1, tzinfo=UTC),
        "version": 1, "ids": ["c1", "c2"], "at": 0, "by": 5, "name": "n", "url": "u", "secret": "s",
        "new": _new(name, of), "old": None, "who": "w",
        "kind": "analyze", "params": {}, "path": "p", "facts": {}, "opinion": "o", "drawn": [],
        "labels": [("price", None)], "action": "appended", "events": ["alert"], "event": "alert",
        "payload": {}, "active": False, "state": "complete", "status": 500, "body": b"x",
        "changes": {"name": "n"}, "prefix": "p", "digest": "d", "scopes": ["read"], "until": now_in_utc(),
    }  # fmt: skip
    signature = inspect.signature(FUNCTIONS[name]).parameters
    needed = [p for p in signature.values() if p.name not in ("tenant", "connection")]
    wanted = [p.name for p in needed if p.default is p.empty or p.name in ("project", "comment")]
    arguments = {parameter: known[parameter] for parameter in wanted}
    if "changes" in arguments:
        arguments |= arguments.pop("changes")
    if name.endswith("replace_key"):
        arguments["by"] = "key_x"
    if name == "deliveries.drop_deliveries":
        arguments["at"] = known["moment"]
    return arguments


def _new(name: str, of: Filled) -> Any:
    if name.startswith("comments"):
        return [NewComment("c1", "intruder"), NewComment("c9", "intruder", customer="kim")]
    if name.startswith("deliveries"):
        return [delivery_of(of.tenant, of.project, "x", id="dlv_intruder")]
    return {"x": 1}


def now_in_utc() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_another_tenant_neither_sees_nor_touches_anything(database: Database, name: str) -> None:
    with database.writing() as connection:
        of_a = fill("a", connection, SECRET)
        ensure_tenant("b", connection)
        before = rows_of("a", connection)
    seen: Any = None
    with suppress(IntegrityError, ConflictError), database.writing() as connection:
        seen = FUNCTIONS[name]("b", connection, **_arguments(name, of_a))
    assert SECRET not in repr(seen)
    with database.reading() as connection:
        assert rows_of("a", connection) == before
    assert all(before.values())


def test_the_same_calls_see_and_touch_what_is_the_tenants_own(database: Database) -> None:
    """Else the test above would pass with functions that do nothing."""
    touched, seen = set(), set()
    for name in sorted(FUNCTIONS):
        with database.writing() as connection:
            of_a = fill("a", connection, SECRET)
            before = rows_of("a", connection)
        try:
            with database.writing() as connection:
                if SECRET in repr(FUNCTIONS[name]("a", connection, **_arguments(name, of_a))):
                    seen.add(name)
                if rows_of("a", connection) != before:
                    touched.add(name)
        except (IntegrityError, ConflictError):
            touched.add(name)
        with database.writing() as connection:
            delete_tenant("a", connection)
    blind = set(FUNCTIONS) - touched - seen
    assert blind <= NEITHER, blind - NEITHER


NEITHER = {
    "comments.count_comments", "comments.newest_comment", "comments.ids_of_customer", "comments.ids_before",
    "projects.lock_project", "tenants.ensure_tenant", "idempotency.let_go_of_key", "uploads.list_uploads",
    "jobs.retry_job", "jobs.delete_jobs_before", "results.delete_old_results", "audits.drawn_of",
    "results.check_not_erasing", "results.result_of_job",
    "deliveries.delete_deliveries_before", "api_keys.keys", "jobs.list_jobs", "audit_log.list_events",
}  # fmt: skip


def test_an_erasure_stays_in_its_tenant(database: Database, files: Files) -> None:
    with database.writing() as connection:
        of_a = fill("a", connection, SECRET)
        ensure_tenant("b", connection)
        before = rows_of("a", connection)
    eraser = Eraser(database, files)
    eraser.erase_customer("b", of_a.project, "kim", who="w")
    eraser.erase_comment("b", of_a.project, "c1", who="w")
    eraser.erase_before("b", of_a.project, datetime(2100, 1, 1, tzinfo=UTC), who="w")
    with database.reading() as connection:
        assert rows_of("a", connection) == before


def test_files_stay_in_their_tenant(files: Files) -> None:
    files.put("a", "projects/p/x", b"secret")
    with pytest.raises(NoFileError):
        files.get("b", "projects/p/x")
    with pytest.raises(NoFileError):
        list(files.stream("b", "projects/p/x"))
    for path in ("../a/projects/p/x", "/a/projects/p/x", "..", "a/../../a/projects/p/x"):
        for use in (files.get, files.delete, lambda t, p: list(files.list(t, p))):
            with pytest.raises(ValueError, match="path is"):
                use("b", path)
    for tenant in ("", "..", "a/projects", "."):
        with pytest.raises(ValueError, match="tenant is"):
            list(files.list(tenant))
    assert list(files.list("b")) == []
    assert delete_all("b", files) == 0
    assert files.get("a", "projects/p/x") == b"secret"


def test_a_prefix_of_a_tenants_name_is_another_tenant(files: Files) -> None:
    files.put("acme-2", "x", b"secret")
    assert list(files.list("acme")) == []
    assert delete_all("acme", files) == 0
    assert files.get("acme-2", "x") == b"secret"


def test_a_lease_is_held_by_its_owner_only(database: Database) -> None:
    with database.writing() as connection:
        fill("a", connection, SECRET)
    mine, other = Leases(database, "one"), Leases(database, "two")
    job = mine.take(["analyze"])
    assert job is not None
    assert other.take(["analyze"]) is None
    assert other.heartbeat(job, 5) == "lost"
    assert not other.finish(job, {})
    assert not other.fail(job, {}, again=timedelta(1))
    assert mine.finish(job, {})


def test_time_of_the_database_is_near(database: Database) -> None:
    with database.reading() as connection:
        assert abs(now(connection) - datetime.now(UTC)) < timedelta(seconds=5)
