"""The job `analyze`: all comments of a project are read, and what lies behind its scores is estimated."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from warum.analysis import Analysis
from warum.analyzing import run_analysis
from warum.errors import InputError
from warum.settings import AnalyzeOptions
from warum.store import REJECTED
from warum_api.problems import Problem
from warum_api.projects.importing import options_of
from warum_api.settings import Settings
from warum_api.storing.database import Database
from warum_api.storing.files import Files, project_folder
from warum_api.storing.jobs import Job
from warum_api.storing.models import PREFIX
from warum_api.storing.projects import Project
from warum_api.storing.results import ANALYSIS, UNUSED
from warum_api.training.models import Models
from warum_api.working.beating import Beat, Done
from warum_api.working.gathering import gather
from warum_api.working.naming import as_they_came, unused
from warum_api.working.parts import Parts
from warum_api.working.storing_results import project_of, publish, put_folder, result_path


class Analysing:
    """Does jobs of the kind `analyze`.

    Args:
        settings: The model, where a job names none.
        database: The tables.
        files: The files.
    """

    def __init__(self, settings: Settings, database: Database, files: Files) -> None:
        self._settings, self._database, self._files = settings, database, files
        self._models = Models(database, files)

    def __call__(self, job: Job, beat: Beat) -> Done:
        """See `Handler`.

        Raises:
            WarumError: If the project is gone or empty, or its files cannot be read.
        """
        of = project_of(job, self._database)
        named = job.params.get("model") or self._settings.model
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            found = gather(
                job.tenant, of, self._database, self._files, folder,
                uploads=job.params["uploads"], until=job.params["until"],
            )  # fmt: skip
            taxonomy, model = taxonomy_file(of, folder), self._model(job, of, named, folder)
            options = AnalyzeOptions(
                model, taxonomy, job.params.get("min_group"),
                satisfied_from=job.params.get("satisfied_from"), known_as=named,
            )  # fmt: skip
            parts = Parts(
                self._files,
                job.tenant,
                f"{project_folder(of.id)}/jobs/{job.id}/{job.generation}",
                f"{named} {of.taxonomy}",
                beat.tell,
            )
            analysis = run_analysis(
                found.paths, found.read, options, in_parts=parts, left_out=found.left_out
            )
            columns = analysis.reading.facts.columns
            analysis = analysis.with_columns(
                as_they_came(columns, found.named, options_of(of.columns))
            )
            out = analysis.save(folder / "result", run_facts={"job": job.id})
            return self._done(job, of, analysis, out, unused(columns, found.columns))

    def _model(self, job: Job, of: Project, named: str, folder: Path) -> str:
        """What is read with: a model's name, or the folder of an own one.

        Raises:
            InputError: If the own model was deleted meanwhile.
        """
        if not named.startswith(PREFIX):
            return named
        place = folder / named
        place.mkdir()
        try:
            return str(self._models.fetch(job.tenant, of.id, named, place))
        except Problem as problem:
            raise InputError(f"{problem.detail} It was {named!r}.") from None

    def _done(
        self, job: Job, of: Project, analysis: Analysis, out: Path, unused: Sequence[str]
    ) -> Done:
        path = result_path(of.id, job)
        # Raw cells of rejected rows: nothing could be erased from them. How many there are stands in the facts.
        (out / REJECTED).write_text("", "utf-8")
        put_folder(job.tenant, self._files, out, path)
        facts = {**_facts(analysis), UNUSED: list(unused)}
        also = partial(publish, job, of.id, path, facts, ANALYSIS)
        links = {part: f"/v1/projects/{of.id}/results/current/{part}" for part in _PARTS}
        return Done({**facts, "links": links}, also, links)


_PARTS = ("summary", "drivers", "trends", "opinions", "report")
"""What of a result has an address of its own and asks for nothing more."""


def taxonomy_file(of: Project, folder: Path) -> str:
    """The taxonomy of a project, as `warum analyze --taxonomy` takes it: its name, or a file written to a folder."""
    if isinstance(of.taxonomy, str):
        return of.taxonomy
    path = folder / "taxonomy.yaml"
    data = {"name": "own", **of.taxonomy}
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")
    return str(path)


def _facts(analysis: Analysis) -> dict[str, Any]:
    facts = analysis.reading.facts
    return {
        "rows_in": facts.rows_in,
        "rows_rejected": facts.rows_rejected,
        "comments": facts.comments,
        "opinions": len(analysis.opinions),
        "model": {"name": facts.model_name, "version": facts.model_version},
        "taxonomy": {"name": facts.taxonomy_name, "hash": facts.taxonomy_hash},
        "scores": [score.scale.column for score in analysis.result.scores],
    }
