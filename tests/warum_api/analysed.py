"""A project that was analysed once, copied for every test that changes it."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.warum_api.asking import Asked
from tests.warum_api.example_rows import COLUMNS, rows
from tests.warum_api.training.labels import Rows, as_csv

ROWS = 240


class Working(Asked):
    """A service that is asked directly, and whose jobs are done when it is told so.

    Args:
        data: Its folder.
        project: The path of its project.
    """

    def __init__(self, data: Path, project: str) -> None:
        from warum_api.app import create_app
        from warum_api.settings import Settings

        self.settings = Settings(model="fast", data=data)
        super().__init__(create_app(self.settings))
        self.path = project

    def work(self) -> None:
        """Do all jobs that wait."""
        from warum_api.working.room import worker_of

        worker_of(self.settings).run(idle=0.01, go_on=lambda waited: not waited)

    def job(self, kind: str, **params: Any) -> Any:
        """What becomes of a job on the project."""
        made = self("POST", f"{self.path}/jobs", json={"kind": kind, **params})
        assert made.status_code == 202, made.text
        self.work()
        return self("GET", made.headers["location"]).json()

    def labels(self, rows: Rows | bytes, name: str = "labels.csv") -> str:
        """The id of a complete upload of labels."""
        data = rows if isinstance(rows, bytes) else as_csv(rows)
        told = {"name": name, "purpose": "labels", "size": len(data)}
        made = self("POST", f"{self.path}/uploads", json=told).json()
        path = f"{self.path}/uploads/{made['id']}"
        sent = self("PATCH", path, content=data, headers={"Upload-Offset": "0"})
        assert sent.json().get("state") == "complete", sent.text
        return str(made["id"])

    def drawn(self, **how: Any) -> str:
        """The path of a new audit."""
        made = self("POST", f"{self.path}/audits", json={"labels": 60, **how})
        assert made.status_code == 201, made.text
        return str(made.headers["location"])

    def labelled(self, audit: str, labeller: str = "Kim", most: int = 10_000) -> int:
        """Label an audit as the example's gold opinions have it; how many comments were labelled."""
        gold = gold_labels()
        listed = self("GET", f"{audit}/items", params={"labeller": labeller, "limit": 500}).json()
        for item in listed["items"][:most]:
            said = {"labels": gold[item["text"]], "labeller": labeller}
            put = self("PUT", f"{audit}/labels/{item['comment']}", json=said)
            assert put.status_code == 204, put.text
        return len(listed["items"][:most])


@cache
def gold_labels() -> dict[str, list[dict[str, str]]]:
    """What the example's comments hold, by their text as it stands in results."""
    import csv

    from warum.example import example_path
    from warum.stages.redaction import redact

    with example_path().open(encoding="utf-8", newline="") as file:
        texts = {row["response_id"]: redact(row["comment"]) for row in csv.DictReader(file)}
    found: dict[str, list[dict[str, str]]] = {text: [] for text in texts.values()}
    with example_path("opinions_gold.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            label = {"category": row["category"], "polarity": row["polarity"]}
            if label not in found[texts[row["response_id"]]]:
                found[texts[row["response_id"]]].append(label)
    return found


@cache
def analysed_once() -> tuple[Path, str]:
    """A service's folder in which a part of the example was analysed, and the path of the project."""
    folder = tempfile.mkdtemp(prefix="warum-analysed-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    data = Path(folder) / "data"
    made = Working(data, "")
    made.path = made.project(columns=COLUMNS)
    made.upload(made.path, "feedback.csv", rows(ROWS))
    assert made.job("analyze")["state"] == "done"
    return data, made.path


def copied(to: Path) -> Working:
    """A service of its own with the same project."""
    data, project = analysed_once()
    shutil.copytree(data, to)
    return Working(to, project)
