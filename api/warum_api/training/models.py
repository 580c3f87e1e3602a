"""Own models of projects: looked at, deleted, and copied to where they read."""

from __future__ import annotations

from pathlib import Path

from warum_api.problems import Problem
from warum_api.storing.audit_log import note_event
from warum_api.storing.database import Database
from warum_api.storing.errors import NoFileError
from warum_api.storing.files import Files, delete_all, fetch, project_folder
from warum_api.storing.jobs import Job
from warum_api.storing.models import StoredModel, delete_model, list_models, model
from warum_api.storing.projects import project


def model_path(project_id: str, job: Job) -> str:
    """Where the model of a job lies: each generation has its own."""
    return f"{project_folder(project_id)}/models/{job.id}-{job.generation}"


class Models:
    """The own models of tenants.

    Args:
        database: Where they are noted.
        files: Where their folders are.
    """

    def __init__(self, database: Database, files: Files) -> None:
        self._database, self._files = database, files

    def all(self, tenant: str, project_id: str) -> tuple[StoredModel, ...]:
        """The models of a project, newest first.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            if project(tenant, connection, project_id) is None:
                raise Problem("not_found", "There is no such project.", came=project_id)
            return list_models(tenant, connection, project_id)

    def one(self, tenant: str, project_id: str, model_id: str) -> StoredModel:
        """One model.

        Raises:
            Problem: `not_found`.
        """
        with self._database.reading() as connection:
            found = model(tenant, connection, project_id, model_id)
        if found is None:
            raise _missing(model_id)
        return found

    def card(self, tenant: str, project_id: str, model_id: str) -> str:
        """The model card, markdown.

        Raises:
            Problem: `not_found`.
        """
        found = self.one(tenant, project_id, model_id)
        try:
            return self._files.get(tenant, f"{found.path}/CARD.md").decode("utf-8")
        except NoFileError:
            raise _missing(model_id) from None

    def delete(self, tenant: str, who: str, project_id: str, model_id: str) -> None:
        """Forget a model.

        Raises:
            Problem: `not_found`; `conflict`, if the project reads with it.
        """
        with self._database.writing() as connection:
            found = model(tenant, connection, project_id, model_id)
            of = project(tenant, connection, project_id)
            if found is None or of is None:
                raise _missing(model_id)
            if of.model == model_id:
                detail = "The project reads with it: let it read with another one first."
                raise Problem("conflict", detail, came=model_id)
            delete_model(tenant, connection, project_id, model_id)
            note_event(
                tenant, connection, "model_deleted", who=who, project=project_id, thing=model_id
            )
        delete_all(tenant, self._files, found.path)

    def fetch(self, tenant: str, project_id: str, model_id: str, folder: Path) -> Path:
        """Copy a model to a local folder; only the files that a model is made of.

        Raises:
            Problem: `not_found`.
        """
        from warum_models.own.storing import FILES  # it loads SciPy

        found = self.one(tenant, project_id, model_id)
        for name in FILES:
            try:
                fetch(tenant, self._files, f"{found.path}/{name}", folder / name)
            except NoFileError:
                raise _missing(model_id) from None
        return folder


def _missing(model_id: str) -> Problem:
    return Problem("not_found", "There is no such model.", came=model_id)
