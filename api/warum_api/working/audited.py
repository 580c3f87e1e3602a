"""The sheets of an audit for a job that names one."""

from __future__ import annotations

from pathlib import Path

from warum.errors import InputError
from warum_api.auditing.gathering import Sheets
from warum_api.problems import Problem
from warum_api.storing.jobs import Job


def audit_file(job: Job, sheets: Sheets, folder: Path) -> Path | None:
    """The audit that a job names, as the file that `warum why --audit` takes; None if it names none.

    Raises:
        InputError: If it was deleted meanwhile.
    """
    named = job.params.get("audit")
    if named is None:
        return None
    try:
        return sheets.write(job.tenant, job.project or "", named, folder)
    except Problem as problem:
        raise InputError(f"{problem.detail} It was {named!r}.") from None
