"""A tenant with something in every table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from warum_api.storing import (
    adapters,
    api_keys,
    audit_log,
    audits,
    comments,
    corrections,
    deliveries,
    idempotency,
    jobs,
    models,
    projects,
    results,
    tables,
    tenants,
    uploads,
    webhooks,
)
from warum_api.storing.comments import NewComment
from warum_api.storing.database import now

LONG_AGO = datetime(2020, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)


@dataclass(frozen=True)
class Filled:
    """The ids of what a tenant has."""

    tenant: str
    project: str
    key: str
    upload: str
    job: str
    sample: str
    webhook: str
    delivery: str
    adapter: str
    model: str


def fill(tenant: str, connection: Connection, secret: str = "SECRET") -> Filled:
    """Give a tenant a row in every table; texts hold the secret."""
    tenants.ensure_tenant(tenant, connection, f"name {secret}")
    key = api_keys.add_key(
        tenant, connection, name=secret, prefix=f"warum_{tenant}", digest="d" * 64, scopes=["read"]
    )
    project = projects.add_project(tenant, connection, name=secret, retention_days=30).id
    upload = uploads.begin_upload(tenant, connection, project, name=f"{secret}.csv", size=10)
    comments.append_comments(tenant, connection, project, [
        NewComment("c1", f"text {secret}", customer="kim", date=LONG_AGO, fields={"nps": 3}),
        NewComment("c2", f"more {secret}", customer="lee"),
    ])  # fmt: skip
    idempotency.claim_key(tenant, connection, "again", "h" * 64, project=project)
    idempotency.store_answer(tenant, connection, "again", 200, secret.encode())
    job = jobs.submit_job(tenant, connection, "analyze", {"a": secret}, project=project)
    results.publish_result(
        tenant, connection, project, path=f"r/{secret}", facts={"n": secret}, job=job.id
    )
    corrections.add_correction(
        tenant, connection, project, comment="c1", opinion="price:0:3", who=secret,
        old={"polarity": "negative"}, new={"polarity": "positive"},
    )  # fmt: skip
    drawn = [audits.Drawn("c1", "kim", 0.5), audits.Drawn("c2", "lee", 0.25)]
    sample = audits.add_sample(tenant, connection, project, {"model": secret}, drawn).id
    audits.set_labels(
        tenant, connection, project, sample, "c1",
        labeller=secret, labels=[("price", "negative")], who=secret,
    )  # fmt: skip
    model = models.add_model(
        tenant, connection, project, model_id=models.new_model_id(), name=secret, version="v",
        path=f"m/{secret}", facts={"n": secret}, job=job.id,
    ).id  # fmt: skip
    audit_log.note_event(tenant, connection, "appended", who=secret, project=project, count=2)
    hook, delivery = hook_of(tenant, secret), delivery_of(tenant, project, secret)
    webhooks.add_webhook(tenant, connection, hook)
    deliveries.queue_deliveries(tenant, connection, [delivery])
    adapter = adapter_of(tenant, secret)
    adapters.add_adapter(tenant, connection, adapter)
    connection.execute(insert(tables.erasures).values(
        tenant=tenant, project=project, id="era_1", created_at=now(connection) - timedelta(1),
        gone={"comments": [], "customers": [secret], "before": None},
    ))  # fmt: skip
    return Filled(
        tenant, project, key.id, upload.id, job.id, sample, hook.id, delivery.id, adapter.id, model
    )


def hook_of(tenant: str, secret: str) -> webhooks.Webhook:
    """A webhook for alerts."""
    return webhooks.Webhook(
        f"whk_{tenant}", None, f"https://example.org/{secret}", ({"value": secret, "until": None},),
        ("alert.raised",), "json", "en", False, None, None, LONG_AGO,
    )  # fmt: skip


def delivery_of(tenant: str, project: str, secret: str, **how: Any) -> deliveries.Delivery:
    """A delivery to it."""
    given: dict[str, Any] = {
        "id": f"dlv_{tenant}", "webhook": f"whk_{tenant}", "project": project, "event": "alert.raised",
        "body": f"text {secret}".encode(), "quotes": ("c1",), "state": "waiting", "attempts": 0,
        "due_at": LONG_AGO, "began_at": None, "status": None, "problem": secret, "created_at": LONG_AGO,
    }  # fmt: skip
    return deliveries.Delivery(**{**given, **how})


def adapter_of(tenant: str, secret: str) -> adapters.StoredAdapter:
    """A connected tool."""
    return adapters.StoredAdapter(
        tenant, f"adp_{tenant}", secret, "zendesk", (secret,), None, "cx", None, "de", LONG_AGO
    )


def rows_of(tenant: str, connection: Connection) -> dict[str, list[Any]]:
    """Everything that a tenant has, by table."""
    found = {}
    for table in tables.metadata.sorted_tables:
        column = table.c.get("tenant", table.c.get("id"))
        query = select(table).where(column == tenant)
        found[table.name] = sorted(tuple(row) for row in map(_shown, connection.execute(query)))
    return found


def _shown(row: Any) -> list[str]:
    return [repr(value) for value in row]
