"""The folder of a model: written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from warum.errors import OutputError
from warum_models.own import is_model


def check_target(path: Path) -> None:
    """Refuse, before the work, a folder that a model could not be written to.

    Raises:
        OutputError: If it is a file, holds something else than a model, or is not writable.
    """
    if path.is_file():
        raise OutputError(f"--out {str(path)!r} is a file.", hint="Name a folder.")
    if path.is_dir() and any(path.iterdir()) and not is_model(path):
        raise OutputError(
            f"--out {str(path)!r} holds files that are not a model of warum.",
            hint="Name a new or empty folder, so that nothing is overwritten.",
        )
    ancestor = path.absolute().parent
    while not ancestor.exists():
        ancestor = ancestor.parent
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK):
        raise OutputError(
            f"--out {str(path)!r} cannot be written: no permission in {str(ancestor)!r}."
        )


def write_model(path: Path, fill: Callable[[Path], None]) -> None:
    """Write a model's folder: all of it, or nothing and the earlier one stays.

    Args:
        path: The folder.
        fill: Writes the files into the folder it is given.

    Raises:
        OutputError: If it cannot be written.
    """
    check_target(path)
    path = path.resolve()
    staging: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        fill(staging)
        staging.chmod(0o755)
        earlier = staging.with_name(staging.name + ".previous")
        if path.exists():
            path.rename(earlier)
        try:
            staging.rename(path)
        except BaseException:  # also Ctrl-C: the earlier model goes back to its place
            if earlier.exists():
                earlier.rename(path)
            raise
        shutil.rmtree(earlier, ignore_errors=True)
    except OSError as error:
        raise OutputError(
            f"The model could not be written to {str(path)!r}: {error}.",
            hint="Nothing was changed there; free some space or choose another --out.",
        ) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
