"""The "why" in a result folder: written beside the result, and read back for its report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from warum import store
from warum.analysis import Analysis
from warum.answers.alert_state import alert_state_json
from warum.answers.why import Why
from warum.question import Question
from warum.report.why_export import why_files
from warum.report.why_import import read_why


def save_all(
    analysis: Analysis,
    found: Why,
    folder: Path,
    question: Question,
    run_facts: dict[str, Any] | None = None,
) -> Path:
    """Write the result folder if it is another than the one taken up, and the "why" into it.

    The report is written with the sections of the "why"; the state of the alerts comes last, so that a
    run that fails before tells nothing twice.

    Args:
        analysis: What was read.
        found: The answer.
        folder: The result folder.
        question: What was asked.
        run_facts: Times and the like for `run.json`.

    Returns:
        The folder with `why.json` and its tables.

    Raises:
        OutputError: If something cannot be written.
    """
    if analysis.folder is None or analysis.folder.resolve() != folder.resolve():
        analysis.save(folder, ui=question.ui, run_facts=run_facts, why=found)
    else:
        analysis.report(folder / store.REPORT, ui=question.ui, why=found)
    written = store.write_why(folder, why_files(found))
    save_alert_state(found, question)
    return written


def save_alert_state(found: Why, question: Question) -> None:
    """Write the state of the alerts to the file that the question names, if it names one.

    Raises:
        OutputError: If it cannot be written.
    """
    if question.alert_state is not None and found.alert_state is not None:
        store.write_file(question.alert_state, alert_state_json(found.alert_state))


def stored_why(folder: Path, analysis: Analysis) -> Why | None:
    """The answer in a result folder.

    Args:
        folder: The result folder.
        analysis: What was taken up from it.

    Returns:
        None where there is none, or one that is not about these very figures (another version wrote
        it, or another least group holds).
    """
    try:
        found = read_why((folder / store.WHY / store.WHY_JSON).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if found.facts == analysis.reading.facts else None
