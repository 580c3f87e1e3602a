"""The job `train`: a head of one's own on labels of the project, by the functions of `warum train`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from warum.errors import InputError, WarumError
from warum.own import Trained, TrainOptions, train
from warum.taxonomy import load_taxonomy
from warum_api.auditing.gathering import Sheets
from warum_api.projects.importing import Importer
from warum_api.results.shelf import Shelf
from warum_api.storing.database import Database
from warum_api.storing.files import Files
from warum_api.storing.jobs import Job
from warum_api.storing.models import add_model, new_model_id
from warum_api.storing.projects import Project, lock_project
from warum_api.storing.results import check_not_erasing
from warum_api.storing.uploads import upload
from warum_api.training.labels import (
    CORRECTIONS,
    Labels,
    checked_labels,
    corrected_labels,
    uploaded_labels,
)
from warum_api.training.models import model_path
from warum_api.working.analysing import taxonomy_file
from warum_api.working.beating import Beat, Done
from warum_api.working.storing_results import project_of, put_folder

STEPS = 6
"""What `warum.own.train` tells: reading labels, texts, cross-validation, polarity, final fit, learning curve."""


class Training:
    """Does jobs of the kind `train`.

    Args:
        database: The tables.
        files: The files.
    """

    def __init__(self, database: Database, files: Files) -> None:
        self._database, self._files = database, files
        self._shelf = Shelf(database, files)
        self._sheets = Sheets(database, files, self._shelf)

    def __call__(self, job: Job, beat: Beat) -> Done:
        """See `Handler`.

        Raises:
            WarumError: If the labels cannot be trained on.
        """
        of = project_of(job, self._database)
        beat.tell(0, STEPS)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            taxonomy = taxonomy_file(of, folder)
            place, audits = folder / "labels", folder / "audits"
            place.mkdir()
            audits.mkdir()
            labels = self._labels(job, of, place, taxonomy)
            gold = checked_labels(labels, load_taxonomy(taxonomy))
            sheets = self._sheets.write_all(job.tenant, of.id, audits)
            options = TrainOptions(taxonomy, job.params["base"], None, sheets)
            out = folder / "model"
            try:
                trained = train([str(labels.path)], out, options, labels.options, say=_Steps(beat))
            except WarumError as error:
                raise type(error)(_without(error.message, folder), hint=error.hint) from None
            path = model_path(of.id, job)
            put_folder(job.tenant, self._files, out, path)
            beat.tell(STEPS, STEPS)
        left_out = len(gold.problems)
        return _done(job, of, path, trained, _facts(job, trained, left_out, folder))

    def _labels(self, job: Job, of: Project, place: Path, taxonomy: str) -> Labels:
        named = job.params["labels"]
        if named == CORRECTIONS:
            found = self._shelf.find(job.tenant, of.id, "current")
            read = self._shelf.read(found)
            if read.taxonomy.hash != load_taxonomy(taxonomy).hash:
                raise InputError(
                    "The current result was read with another taxonomy than the project has now.",
                    hint="Submit a job of the kind analyze first.",
                )
            return corrected_labels(read.reading, read.taxonomy, found.corrections, place)
        with self._database.reading() as connection:
            there = upload(job.tenant, connection, of.id, named)
        if there is None:
            raise InputError(f"The upload {named!r} is no more.")
        importer = Importer(self._database, self._files)
        asked = job.params.get("columns", {}) | {"skip_bad": job.params["skip_bad"]}
        return uploaded_labels(job.tenant, of, there, importer, self._files, place, asked)


class _Steps:
    """Tells how far a training is, and stops it where it is to stop."""

    def __init__(self, beat: Beat) -> None:
        self._beat, self._done = beat, 0

    def __call__(self, said: str) -> None:  # noqa: ARG002 - a job tells counts only
        self._beat.tell(min(self._done, STEPS - 1), STEPS)
        self._done += 1


def _facts(job: Job, trained: Trained, left_out: int, folder: Path) -> dict[str, Any]:
    """What is kept of a training: counts and figures, never text."""
    model, told = trained.model, trained.study
    notes = [one for one in trained.notes if "--skip-bad" not in one]
    if left_out:
        notes.append(f"{left_out} rows were left out, because they could not be used.")
    return {
        "base": model.base.name, "taxonomy": model.name, "taxonomy_hash": model.facts.taxonomy,
        "labels": job.params["labels"], "figures": told.to_dict(),
        "notes": [_without(one, folder) for one in notes],
    }  # fmt: skip


def _done(job: Job, of: Project, path: str, trained: Trained, facts: Mapping[str, Any]) -> Done:
    name, model = new_model_id(), trained.model

    def keep(connection: Connection) -> None:
        lock_project(job.tenant, connection, of.id)
        check_not_erasing(job.tenant, connection, of.id)
        add_model(
            job.tenant, connection, of.id, model_id=name, name=job.params["name"],
            version=model.version, path=path, facts=facts, job=job.id,
        )  # fmt: skip

    figures = facts["figures"]
    links = {
        "model": f"/v1/projects/{of.id}/models/{name}",
        "card": f"/v1/projects/{of.id}/models/{name}/card",
    }
    result = {
        "model": name, "version": model.version, "texts": figures["texts"],
        "micro_f1": figures["micro"]["f1"], "base_micro_f1": figures["base_micro"]["f1"],
        "categories": {one["name"]: one["f1"] for one in figures["labels"]},
        "links": links,
    }  # fmt: skip
    return Done(result, keep, links)


def _without(text: str, folder: Path) -> str:
    """A sentence without where on this machine a file lay."""
    for place in ("labels", "audits"):
        text = text.replace(f"{folder / place}/", "")
    for ours, told in (("warum_label_id", "id"), ("warum_customer", "customer"), (".jsonl'", "'")):
        text = text.replace(ours, told)
    return text.replace(f"{folder}/", "")
