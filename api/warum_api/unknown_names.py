"""Names in the settings that nothing has: a model that is not there, a variable that is no setting."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

import typer

from warum.errors import UsageError
from warum.model_names import may_be_model, no_such_model
from warum_api.settings import CONFIG, PREFIX, Settings

_OF_PROCESSES = ("WARUM_WORKER_OWNER",)  # what the service tells the workers that it starts


def check_model(name: str) -> None:
    """Refuse a model that is not there before anything is started, which would never be ready.

    Raises:
        UsageError: If no model has the name, and no folder.
    """
    if not may_be_model(name):
        raise UsageError(
            no_such_model(name),
            hint=f"Set it as {PREFIX}MODEL, or as `model` in the file of --config.",
        )


def warn_of_variables(names: Iterable[str]) -> None:
    """Say on standard error which variables look like settings and are none, if any.

    They are not refused: other programs may have variables of such names.

    Args:
        names: Names of environment variables.
    """
    said = doubtful(names)
    if said is not None:
        typer.echo(f"warning: {said}", err=True)


def doubtful(names: Iterable[str]) -> str | None:
    """One line on the variables that look like settings and are none; None where all are."""
    plain = [PREFIX + name.upper() for name in Settings.model_fields]
    known = [*plain, *(f"{name}_FILE" for name in plain), CONFIG]
    unknown = sorted({n for n in names if n.startswith(PREFIX)} - {*known, *_OF_PROCESSES})
    if not unknown:
        return None
    bare = [name.removeprefix(PREFIX) for name in known]  # what all have in common makes none alike
    near = ((name, get_close_matches(name.removeprefix(PREFIX), bare, 1)) for name in unknown)
    told = [f"{name} (was {PREFIX}{found[0]} meant?)" if found else name for name, found in near]
    verb = "is no setting and is" if len(told) == 1 else "are no settings and are"
    return f"{', '.join(told)} {verb} ignored."
