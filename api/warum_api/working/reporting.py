"""The job `report`: the report of a version, in a language, with the answer to a question if one is asked."""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path

from warum.analyzing import taken_up
from warum.errors import InputError
from warum.explaining import explain
from warum.question import Question
from warum.report.why_export import why_json
from warum_api.auditing.gathering import Sheets
from warum_api.results.correcting import all_corrections, corrected
from warum_api.results.shelf import Shelf
from warum_api.storing.database import Database
from warum_api.storing.files import Files
from warum_api.storing.jobs import Job
from warum_api.storing.results import REPORT, result_version
from warum_api.working.audited import audit_file
from warum_api.working.beating import Beat, Done
from warum_api.working.storing_results import get_folder, project_of, publish, result_path


class Reporting:
    """Does jobs of the kind `report`.

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
            WarumError: If the version is no more, or the question does not fit it.
        """
        of, params = project_of(job, self._database), job.params
        version, asked = params["version"], params.get("question")
        with self._database.reading() as connection:
            stored = result_version(job.tenant, connection, of.id, version)
        if stored is None:
            raise InputError(f"There is no version {version} of the result any more.")
        beat.tell(0, 1)
        path = result_path(of.id, job)
        with tempfile.TemporaryDirectory() as name:
            folder = get_folder(job.tenant, self._files, stored.path, Path(name) / "result")
            audit = audit_file(job, self._sheets, Path(name))
            said = [] if audit else all_corrections(job.tenant, self._database, of.id)
            analysis = taken_up(folder, change=partial(corrected, corrections=said))
            ui, why = params["ui"], None
            if asked is not None or audit is not None:
                question = Question(**{**(asked or {}), "ui": ui, "audit": audit})
                why = explain(analysis, question)
            beat.tell(0, 1)
            made = {"report.html": analysis.html(ui=ui, why=why)}
            made |= {} if why is None else {"why.json": why_json(why)}
        for file, text in made.items():
            self._files.put(job.tenant, f"{path}/{file}", text.encode("utf-8", "replace"))
        beat.tell(1, 1)
        facts = {"of": version, "ui": ui}
        links = {"report": f"/v1/jobs/{job.id}/report"}
        links |= {} if why is None else {"why": f"/v1/jobs/{job.id}/why"}
        return Done(
            {**facts, "links": links}, partial(publish, job, of.id, path, facts, REPORT), links
        )
