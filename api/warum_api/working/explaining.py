"""The job `why`: the reasons, from the current result of a project; and what has newly gone wrong."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from warum.analysis import Analysis
from warum.analyzing import taken_up
from warum.answers.why import Why
from warum.errors import InputError
from warum.explaining import explain
from warum.question import Question
from warum.why_folder import save_all
from warum_api.auditing.gathering import Sheets
from warum_api.notifying.events import Event, alert_raised
from warum_api.results.correcting import all_corrections, corrected
from warum_api.results.shelf import Shelf
from warum_api.storing.database import Database
from warum_api.storing.errors import NoFileError
from warum_api.storing.files import Files, fetch, project_folder
from warum_api.storing.jobs import Job
from warum_api.storing.results import current_result
from warum_api.working.audited import audit_file
from warum_api.working.beating import Beat, Done
from warum_api.working.storing_results import (
    get_folder,
    project_of,
    publish,
    put_folder,
    result_path,
)

WHY = "why"


class Explaining:
    """Does jobs of the kind `why`.

    Args:
        database: The tables.
        files: The files.
    """

    def __init__(self, database: Database, files: Files) -> None:
        self._database, self._files = database, files
        self._sheets = Sheets(database, files, Shelf(database, files))

    def __call__(self, job: Job, beat: Beat) -> Done:
        """See `Handler`.

        Raises:
            WarumError: If there is no result yet, or the question does not fit it.
        """
        of = project_of(job, self._database)
        with self._database.reading() as connection:
            current = current_result(job.tenant, connection, of.id)
        if current is None:
            hint = "Submit a job of the kind analyze first."
            raise InputError("There is no result yet.", hint=hint)
        beat.tell(0, 1)
        with tempfile.TemporaryDirectory() as name:
            folder = get_folder(job.tenant, self._files, current.path, Path(name) / "result")
            audit = audit_file(job, self._sheets, Path(name))
            # An audit tells how wrong the model alone is: what people mended of it would hide that.
            said = [] if audit else all_corrections(job.tenant, self._database, of.id)
            analysis = taken_up(folder, change=partial(corrected, corrections=said))
            state = self._state(job, Path(name)) if job.params.get("alerts") else None
            went_on = state is not None and state.exists()
            asked = job.params.get("question", {})
            question, found = _explained(analysis, {**asked, "audit": audit}, state)
            beat.tell(0, 1)
            save_all(analysis, found, folder, question)
            path = result_path(of.id, job)
            put_folder(job.tenant, self._files, folder / "why", path)
            report = (folder / "report.html").read_bytes()
            self._files.put(job.tenant, f"{path}/report.html", report)
            kept = state.read_bytes() if state is not None and state.exists() else None
        alerts = () if found.trends is None or not went_on else found.trends.alerts
        facts = {"of": current.version, "alerts": len(alerts)}
        of_version = {**facts, "corrections": said[-1].seq if said else 0, "question": _told(asked)}
        of_version |= {} if audit is None else {"audit": job.params["audit"]}
        links = {"why": f"/v1/projects/{of.id}/why", "report": f"/v1/projects/{of.id}/why/report"}
        return Done(
            {**facts, "links": links},
            partial(publish, job, of.id, path, of_version, WHY),
            links,
            _events(job, analysis, alerts),
            None if kept is None else partial(self._files.put, job.tenant, _state_path(job), kept),
        )

    def _state(self, job: Job, folder: Path) -> Path:
        """The file from which the alerts go on, as a local one; not there the first time."""
        path = folder / "alerts.json"
        with suppress(NoFileError):
            fetch(job.tenant, self._files, _state_path(job), path)
        if path.exists() and not path.stat().st_size:
            path.unlink()
        return path


def _explained(
    analysis: Analysis, asked: Mapping[str, Any], state: Path | None
) -> tuple[Question, Why]:
    """The question and its answer; a state that no longer fits is left, and the alerts begin anew."""
    try:
        question = Question(**asked, alert_state=state)
        return question, explain(analysis, question)
    except InputError:
        if state is None or not state.exists():
            raise
        state.unlink()
        question = Question(**asked, alert_state=state)
        return question, explain(analysis, question)


def _told(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked, without what is so anyway."""
    usual = {one.name: one.default for one in fields(Question)}
    return {name: value for name, value in asked.items() if value not in (usual[name], [])}


def _events(job: Job, analysis: Analysis, alerts: Any) -> tuple[Event, ...]:  # noqa: ANN401
    at = datetime.now(UTC)
    return tuple(
        alert_raised(
            alert, analysis.taxonomy, tenant=job.tenant, project=job.project or "", created=at
        )
        for alert in alerts
    )


def _state_path(job: Job) -> str:
    return f"{project_folder(job.project or '')}/alerts/state.json"
