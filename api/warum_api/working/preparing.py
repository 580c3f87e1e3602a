"""What a job works on, settled when it is submitted: what comes later is of the next job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Connection

from warum_api.problems import Problem
from warum_api.storing.audits import sample
from warum_api.storing.comments import newest_comment
from warum_api.storing.corrections import list_corrections
from warum_api.storing.models import PREFIX, model
from warum_api.storing.projects import Project
from warum_api.storing.results import current_result, result_version
from warum_api.storing.uploads import list_uploads, upload

JobKind = Literal["analyze", "why", "report", "train"]
CORRECTIONS = "corrections"


def prepared(
    tenant: str, connection: Connection, of: Project, kind: JobKind, params: Mapping[str, Any]
) -> dict[str, Any]:
    """The parameters of a job, with what is left open settled.

    Args:
        tenant: Whose.
        connection: Any.
        of: The project.
        kind: What is to be done.
        params: How.

    Raises:
        Problem: `not_found`, if something that is named is not there; `conflict`, if there is nothing to work on.
    """
    given = dict(params)
    if kind == "analyze":
        return _analyze(tenant, connection, of, given)
    if kind == "train":
        return _train(tenant, connection, of, given)
    audit = given.get("audit")
    if audit is not None and sample(tenant, connection, of.id, audit) is None:
        raise Problem("not_found", "There is no such audit.", came=audit)
    current = current_result(tenant, connection, of.id)
    if current is None:
        raise _empty("Submit a job of the kind analyze first.", "a project with a result")
    if kind == "report":
        wanted = given.get("version", "current")
        given["version"] = current.version if wanted == "current" else wanted
        if result_version(tenant, connection, of.id, given["version"]) is None:
            raise Problem("not_found", "There is no such result.", came=str(wanted))
        given.setdefault("ui", "en")
    return given


def _analyze(
    tenant: str, connection: Connection, of: Project, given: dict[str, Any]
) -> dict[str, Any]:
    there = list_uploads(tenant, connection, of.id)
    given["uploads"] = [one.id for one in there if (one.state, one.purpose) == ("complete", "data")]
    given["until"] = newest_comment(tenant, connection, of.id)
    if not (given["uploads"] or given["until"]):
        raise _empty("Upload a file or append comments first.", "a project with comments")
    named = given.get("model") or of.model
    if named is not None:
        given["model"] = named
        if named.startswith(PREFIX) and model(tenant, connection, of.id, named) is None:
            raise Problem("not_found", "There is no such model.", came=named)
    return given


def _train(
    tenant: str, connection: Connection, of: Project, given: dict[str, Any]
) -> dict[str, Any]:
    named = given["labels"]
    if named == CORRECTIONS:
        if current_result(tenant, connection, of.id) is None:
            raise _empty("Submit a job of the kind analyze first.", "a project with a result")
        if not list_corrections(tenant, connection, of.id, limit=1):
            raise _empty("Correct opinions first.", "a project with corrections")
    else:
        found = upload(tenant, connection, of.id, named)
        if found is None:
            raise Problem("not_found", "There is no such upload.", came=named)
        if (found.state, found.purpose) != ("complete", "labels"):
            came = f"an upload that is {found.state}, for {found.purpose}"
            raise Problem(
                "conflict",
                "Train on a file of labels.",
                came=came,
                expected="a complete upload with the purpose labels",
            )
    return {"base": "accurate", "name": "", "columns": {}, "skip_bad": False, **given}


def _empty(detail: str, expected: str) -> Problem:
    return Problem("conflict", detail, came="an empty project", expected=expected)
