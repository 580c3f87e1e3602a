"""A project that has been analysed, with two answers, for all views of results."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.warum_api.pages.browsing import Browser, new_app
from warum.example import example_path

if TYPE_CHECKING:
    from fastapi import FastAPI

ROWS = 240
TAGS = (
    "<script>alert(1)</script> <b>Die Wartezeit</b> war viel zu lang <img src=x onerror=alert(2)>"
)
COLUMNS = {
    "text": "comment", "score": "nps:nps", "customer": "customer_id", "date": "date", "id": "response_id",
    "by": ["branch"],
}  # fmt: skip


@dataclass(frozen=True)
class Analysed:
    """An analysed project.

    Attributes:
        app: The service.
        folder: Where its data lie.
        project: Path of the project's pages.
    """

    app: FastAPI
    folder: Path
    project: str

    def browser(self, language: str = "en") -> Browser:
        """Somebody who looks at it."""
        return Browser(self.app, language=language)

    def overview(self, browser: Browser, end: str = "") -> str:
        """An overview, however long it takes to be drawn."""
        page = browser.go(f"{self.project}{end}")
        while "data-wait=" in page:
            page = browser.go(f"{self.project}{end}")
        return page

    def work(self) -> None:
        """Do the job that waits."""
        from warum_api.settings import Settings
        from warum_api.working.room import worker_of

        assert worker_of(Settings(model="fast", data=self.folder)).run_one()

    def answer(self, **question: Any) -> str:
        """The job that has answered a question, with few draws."""
        asked = {"kind": "why", "question": {"draws": 200, **question}}
        made = self.api("POST", "/jobs", json=asked).json()["id"]
        self.work()
        return str(made)

    def api(self, method: str, path: str, **how: Any) -> Any:
        """Ask the API."""
        how.setdefault("headers", {})
        how["headers"] = {"Accept": "application/json", **how["headers"]}
        return self.browser().ask(method, f"/v1{self.project}{path}", **how)


def example(n: int) -> bytes:
    """The first rows of the example, one with tags in its comment."""
    with example_path().open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))[:n]
    found[0]["comment"] = TAGS
    out = io.StringIO()
    writer = csv.DictWriter(out, list(found[0]))
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue().encode()


@pytest.fixture(scope="session")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Analysed:
    """The project; tests that correct something say so to nobody, and count for themselves."""
    from tests.warum_api.asking import Asked

    folder = tmp_path_factory.mktemp("analysed")
    app = new_app(folder, model="fast", rate_limit="100000/minute")
    ask = Asked(app)
    path = ask.project(columns=COLUMNS)
    ask.upload(path, "feedback.csv", example(ROWS))
    made = Analysed(app, folder, path.removeprefix("/v1"))
    compared = {"draws": 200, "compare": "branch=Altmarkt,Lindenau"}
    for job in (
        {"kind": "analyze"},
        {"kind": "why", "question": {"draws": 200}},
        {"kind": "why", "question": compared},
    ):
        assert ask("POST", f"{path}/jobs", json=job).status_code == 202
        made.work()
    return made
