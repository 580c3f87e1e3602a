"""The result on disk: a folder that is written whole or not at all, and read again."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from warum.errors import InputError, OutputError
from warum.manner import with_manner
from warum.result import Facts, Reading, StoredColumns
from warum.table import Table, connect, literal, plain_path

COMMENTS, OPINIONS, DRIVERS = "comments.parquet", "opinions.parquet", "drivers.csv"
SUMMARY, REPORT, REJECTED, RUN = "summary.json", "report.html", "rejected.jsonl", "run.json"
WHY = "why"  # folder of the "why" in a result folder: it belongs to this very result
FILES = (COMMENTS, OPINIONS, DRIVERS, SUMMARY, REPORT, REJECTED, RUN)
WHY_JSON = "why.json"
_OLD = ".previous"

_FACTS = TypeAdapter(Facts)
_COLUMNS = TypeAdapter(StoredColumns)


def is_result(path: Path) -> bool:
    """Whether a folder holds a result (also one that a dying run left under its backup name)."""
    path = _resolved(path)
    _restore(path)
    return (path / RUN).is_file() and (path / COMMENTS).is_file()


def write_folder(path: Path, fill: Callable[[Path], None]) -> None:
    """Write a result folder: all of it, or nothing and the earlier one stays.

    The files are made in a hidden folder beside the target, flushed, and swapped in by two renames; a
    run that dies between them leaves the earlier result under `<name>.previous`, where `is_result` and
    the next run find it and put it back. Files that somebody else put into the folder are kept.

    Args:
        path: The folder.
        fill: Writes the files into the folder it is given.

    Raises:
        OutputError: If the folder holds something else than a result, or cannot be written.
    """
    path = _resolved(path)  # a link stays one: its target is replaced
    _restore(path)
    import duckdb

    check_writable(path)
    staging: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        fill(staging)
        for file in staging.iterdir():
            with file.open("rb") as handle:
                os.fsync(handle.fileno())
        _keep_foreign(path, staging)
        staging.chmod(0o755)
        _swap(staging, path)
    except (OSError, duckdb.Error) as error:
        raise OutputError(
            f"The result could not be written to {str(path)!r}: {error}.",
            hint="Nothing was changed there; free some space or choose another --out.",
        ) from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)


def write_why(folder: Path, files: Mapping[str, str]) -> Path:
    """Write the "why" into a result folder, in place of an earlier one: all of it or nothing.

    Args:
        folder: The result folder.
        files: File name to contents; `why.json` among them.

    Returns:
        The folder `why` in it.

    Raises:
        OutputError: If it cannot be written, or holds something else.
    """
    path = _resolved(folder) / WHY
    if (
        path.exists()
        and not (path / WHY_JSON).is_file()
        and (path.is_file() or any(path.iterdir()))
    ):
        raise OutputError(
            f"{str(path)!r} holds something else than reasons of warum.",
            hint="Choose another --out.",
        )
    staging: Path | None = None
    try:
        staging = Path(tempfile.mkdtemp(prefix=f".{WHY}.", dir=path.parent))
        for name, text in files.items():
            (staging / name).write_text(text, "utf-8")
        staging.chmod(0o755)
        old = path.with_name(f".{WHY}{_OLD}")
        shutil.rmtree(old, ignore_errors=True)
        if path.exists():
            path.rename(old)
        staging.rename(path)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise OutputError(f"The reasons could not be written to {str(path)!r}: {error}.") from error
    finally:
        if staging is not None:
            shutil.rmtree(staging, ignore_errors=True)
    return path


def write_file(path: Path, text: str) -> None:
    """Write one text file: all of it, or nothing and the earlier one stays.

    Raises:
        OutputError: If it cannot be written.
    """
    if path.is_dir():
        raise OutputError(f"{str(path)!r} is a folder.", hint="Name a file in it.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        staging = path.with_name(f".{path.name}.part")
        try:
            staging.write_text(text, "utf-8")
            staging.replace(path)
        finally:
            staging.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{str(path)!r} cannot be written: {error}.") from error


def check_writable(path: Path) -> None:
    """Refuse, before hours of work, a folder that a result could not be written to.

    Raises:
        OutputError: If it is a file, holds something else than a result, or is not writable.
    """
    path = _resolved(path)
    if path.is_file():
        raise OutputError(f"--out {str(path)!r} is a file.", hint="Name a folder.")
    if path.is_dir() and any(path.iterdir()) and not is_result(path):
        raise OutputError(
            f"--out {str(path)!r} holds files that are not a result of warum.",
            hint="Name a new or empty folder, so that nothing is overwritten.",
        )
    if path.is_mount():
        raise OutputError(
            f"--out {str(path)!r} is the root of a disk or volume, which cannot be replaced as a whole.",
            hint=f"Name a folder in it, e.g. --out {str(path / 'result')!r}.",
        )
    # The new folder is made beside the old one: the folder around it must be writable.
    ancestor = path.parent
    while not ancestor.exists():
        ancestor = ancestor.parent
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK):
        raise OutputError(
            f"--out {str(path)!r} cannot be written: no permission in {str(ancestor)!r}."
        )


def _swap(staging: Path, path: Path) -> None:
    old = path.with_name(path.name + _OLD)
    if path.exists():
        shutil.rmtree(old, ignore_errors=True)
        path.rename(old)
    try:
        staging.rename(path)
    except BaseException:  # also Ctrl-C: the earlier result goes back to its place
        _restore(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _resolved(path: Path) -> Path:
    """The folder itself, whatever links or dots lead to it: "." has no name to rename."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # a link to itself
        raise OutputError(f"{str(path)!r} leads nowhere: {error}.") from None


def _keep_foreign(path: Path, staging: Path) -> None:
    """Copy what is no part of a result: notes, a report in another language."""
    if not path.is_dir():
        return
    for entry in path.iterdir():
        if entry.name in FILES or (entry.name == WHY and (entry / WHY_JSON).is_file()):
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, staging / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, staging / entry.name, follow_symlinks=False)


def _restore(path: Path) -> None:
    if not path.name:  # the root of all folders
        return
    old = path.with_name(path.name + _OLD)
    if not path.exists() and (old / RUN).is_file():
        with suppress(OSError):
            old.rename(path)


def write_reading(folder: Path, reading: Reading, taxonomy_text: str | None = None) -> None:
    """Write the two Parquet files with their metadata.

    Args:
        folder: Where to.
        reading: What to write.
        taxonomy_text: The YAML of a taxonomy that is not shipped.
    """
    facts = reading.facts
    metadata = {
        "warum_model": facts.model_name,
        "warum_model_version": facts.model_version,
        "warum_taxonomy": facts.taxonomy_name,
        "warum_taxonomy_hash": facts.taxonomy_hash,
    }
    stored = {
        "warum_facts": _FACTS.dump_json(facts).decode("utf-8"),
        "warum_columns": _COLUMNS.dump_json(reading.columns).decode("utf-8"),
    }
    if taxonomy_text is not None:  # own categories travel with the result
        stored["warum_taxonomy_yaml"] = taxonomy_text
    reading.comments.write_parquet(folder / COMMENTS, metadata | stored)
    reading.opinions.write_parquet(folder / OPINIONS, metadata)


def read_reading(folder: Path) -> Reading:
    """Read back what `write_reading` wrote, also what an earlier version wrote.

    Raises:
        InputError: If the folder holds no result or one that cannot be understood.
    """
    metadata = parquet_metadata(folder / COMMENTS)
    try:
        facts = _FACTS.validate_json(metadata["warum_facts"])
        columns = _COLUMNS.validate_json(metadata["warum_columns"])
    except (KeyError, ValidationError) as error:
        raise InputError(
            f"{str(folder)!r} holds no result that this version of warum understands: {error}.",
            hint="Analyse the original file again.",
        ) from None
    comments, columns = with_manner(Table.read_parquet(folder / COMMENTS), columns)
    return Reading(
        comments=comments,
        opinions=Table.read_parquet(folder / OPINIONS),
        columns=columns,
        facts=facts,
    )


def read_taxonomy_text(folder: Path) -> str | None:
    """The YAML of the taxonomy that a result was made with; None if it is a shipped one.

    Raises:
        InputError: If the folder holds no readable result.
    """
    return parquet_metadata(folder / COMMENTS).get("warum_taxonomy_yaml")


def parquet_metadata(path: Path) -> dict[str, str]:
    """The key-value metadata of a Parquet file.

    Raises:
        InputError: If it is no readable Parquet file.
    """
    import duckdb

    try:
        with connect() as connection, plain_path(path) as plain:
            pairs = connection.sql(
                f"SELECT key, value FROM parquet_kv_metadata({literal(plain)})"  # noqa: S608
            ).fetchall()
    except (duckdb.Error, OSError) as error:
        raise InputError(f"{str(path)!r} is no readable Parquet file: {error}.") from None
    return {key.decode("utf-8"): value.decode("utf-8") for key, value in pairs}


def write_json(path: Path, data: object) -> None:
    """Write JSON with a fixed key order and a final newline."""
    path.write_text(json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n", "utf-8")
