"""A job on its page: waiting, running, done, failed, cancelled, tried again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.warum_api.pages.browsing import CSV, Browser
from warum_api.pages.job_views import facts_of
from warum_api.storing.jobs import Job


def _started(visitor: Browser) -> str:
    project = visitor.project()
    visitor.upload(project, "a.csv", CSV)
    visitor.go(f"{project}/upload")
    visitor.send(f"{project}/jobs")
    return str(visitor.last.url.path)


def test_a_job_is_watched_cancelled_and_tried_again(visitor: Browser) -> None:
    job = _started(visitor)
    page = visitor.go(job)
    assert f'data-refresh="{job}/state"' in page
    assert "refresh.js" in page
    assert "<noscript>" in page
    piece = visitor.go(f"{job}/state")
    assert piece.lstrip().startswith('<div id="job_state"')
    assert "<html" not in piece
    page = visitor.send(f"{job}/cancel")
    assert visitor.last.url.path == job
    assert "data-refresh" not in page
    assert "It was cancelled." in page
    assert "waiting" in visitor.send(f"{job}/retry")
    visitor.send(f"{job}/retry")
    assert visitor.last.status_code == 409
    assert "waiting" in visitor.go(f"{job.partition('/jobs/')[0]}/upload")


def test_an_empty_project_is_not_analysed(visitor: Browser) -> None:
    project = visitor.project()
    page = visitor.send(f"{project}/jobs")
    assert visitor.last.status_code == 409
    assert "Upload a file or append comments first." in page


def test_a_job_of_another_project_is_not_shown(visitor: Browser) -> None:
    job = _started(visitor)
    visitor.go(f"{visitor.project()}/jobs/{job.rpartition('/')[2]}")
    assert visitor.last.status_code == 404


AT = datetime(2026, 1, 1, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "tenant": "a", "project": "p", "id": "j", "kind": "analyze", "params": {}, "state": "running", "done": 0,
    "total": None, "generation": 0, "attempts": 1, "cancel": False, "result": None, "error": None,
    "created_at": AT, "started_at": AT, "finished_at": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("done", "total", "share"),
    [(0, None, None), (0, 0, None), (1, 3, 33), (3, 3, 100), (9, 3, 100)],
)
def test_how_far_a_job_is(done: int, total: int | None, share: int | None) -> None:
    assert facts_of(Job(**{**FACTS, "done": done, "total": total}))["share"] == share


STATES = [
    ({"state": "running", "done": 50, "total": 200}, "50 of 200 comments read", "25%"),
    ({"state": "running", "done": 200, "total": 200}, "All is read; the estimates are being made.", ""),
    ({"state": "running", "cancel": True}, "stops at the next opportunity", ""),
    ({"state": "running", "kind": "why", "done": 0, "total": 1}, "under way", ""),
    (
        {"state": "done", "result": {"comments": 2, "opinions": 1, "rows_rejected": 1}},
        "2 comments were read; they hold 1 opinion. 1 row could not be read.", "To the overview",
    ),
    ({"state": "done", "kind": "why", "params": {"alerts": True}, "result": {"alerts": 1}}, "1 alert is new", ""),
    ({"state": "done", "kind": "train", "result": {}}, "To the result", "/projects/p/models"),
    ({"state": "failed", "error": {"code": "x", "detail": "No <text> there."}}, "No &lt;text&gt; there.", "Try again"),
    ({"state": "failed"}, "It failed:", "Try again"),
    ({"state": "cancelled"}, "It was cancelled.", "Try again"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said", "also"), STATES)
def test_what_is_said_of_a_job(
    visitor: Browser, change: dict[str, Any], said: str, also: str
) -> None:
    from starlette.requests import Request

    from warum_api.guarding.principals import LOCAL

    state = {"visit": None, "caller": LOCAL}
    scope = {
        "type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": [(b"accept-language", b"en")],
        "state": state, "app": visitor.app,
    }  # fmt: skip
    shell = visitor.app.state.shell
    facts = facts_of(Job(**{**FACTS, **change}))
    page = shell.page(Request(scope), "job_state.html.j2", project_id="p", **facts)
    text = bytes(page.body).decode("utf-8")
    assert said in text
    assert also in text
