"""The labels that a model is trained on: a file that was uploaded for it, or the corrections that people made."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from warum.errors import InputError
from warum.gold import GoldLabels, GoldOptions, read_gold
from warum.result import Reading
from warum.store import parquet_metadata
from warum.table import Table
from warum.taxonomy import Taxonomy
from warum_api.projects.importing import BROKEN, ROWS, Importer, upload_folder
from warum_api.projects.importing_labels import LABEL_CUSTOMER
from warum_api.storing.corrections import Correction
from warum_api.storing.files import Files, fetch
from warum_api.storing.gone import LABEL_ID
from warum_api.storing.projects import Project
from warum_api.storing.uploads import Upload

CORRECTIONS: Literal["corrections"] = "corrections"
_SHOWN = 10
_ROLES = ("customer", "language", "question", "source")


@dataclass(frozen=True)
class Labels:
    """A file of labels and how it is read.

    Attributes:
        path: The file, in a folder of its own.
        options: How it is read.
    """

    path: Path
    options: GoldOptions


def uploaded_labels(
    tenant: str,
    of: Project,
    upload: Upload,
    importer: Importer,
    files: Files,
    folder: Path,
    asked: Mapping[str, Any],
) -> Labels:
    """The labels of an upload, as a local file.

    Args:
        tenant: Whose.
        of: The project.
        upload: The upload.
        importer: Makes rows of it, where that was not done yet.
        files: Where its rows lie.
        folder: Where to.
        asked: Which column is what, and whether rows that cannot be used are left out (`skip_bad`).

    Raises:
        InputError: If it cannot be read, or rows of it cannot.
    """
    importer.import_one(tenant, of, upload)
    path = fetch(
        tenant, files, f"{upload_folder(of.id, upload.id)}/{ROWS}", folder / "labels.parquet"
    )
    skip = bool(asked.get("skip_bad"))
    broken = json.loads(parquet_metadata(path).get(BROKEN, "{}"))
    if broken and not skip:
        told = ", ".join(f"{n} ({code})" for code, n in sorted(broken.items()))
        raise InputError(
            f"Rows of the file cannot be read: {told}.", hint="Correct them, or use skip_bad."
        )
    table = Table.read_parquet(path)
    named = {
        name: value for name, value in asked.items() if value is not None and name != "skip_bad"
    }
    ours = {"id": LABEL_ID, "customer": LABEL_CUSTOMER}
    found = {role: name for role, name in ours.items() if name in table}
    return Labels(path, GoldOptions(**{**named, **found}, skip_bad=skip))


def corrected_labels(
    reading: Reading, taxonomy: Taxonomy, corrections: Sequence[Correction], folder: Path
) -> Labels:
    """The comments that people corrected, with all their opinions as they stand since.

    Who corrects one opinion of a comment has seen the others: what was left of them counts as right.

    Args:
        reading: The current result, corrections applied.
        taxonomy: Its taxonomy.
        corrections: What people said.
        folder: Where to.

    Raises:
        InputError: If none of the comments is in the result any more.
    """
    touched = {one.comment for one in corrections}
    seen: dict[str, set[str]] = {}
    for comment, category, polarity in zip(
        *(reading.opinions[name].tolist() for name in ("comment_id", "category", "polarity")), strict=True
    ):  # fmt: skip
        if comment in touched and category in taxonomy.codes:
            seen.setdefault(comment, set()).add(f"{category}:{polarity}")
    rows = [
        {
            "id": row["comment_id"], "text": row["text"],
            "labels": "; ".join(sorted(seen.get(row["comment_id"], ()))) or "none",
            **{role: row[role] for role in _ROLES if row[role]},
        }
        for row in reading.comments.rows()
        if row["comment_id"] in touched and row["text"]
    ]  # fmt: skip
    if not rows:
        raise InputError(
            "No corrected comment is in the current result.", hint="Correct some opinions first."
        )
    path = folder / "labels.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    known = {role: role for role in _ROLES if any(role in row for row in rows)}
    options = GoldOptions(
        "list", "text", "labels", id="id",
        customer=known.get("customer"), language=known.get("language"),
        question=known.get("question"), source=known.get("source"),
        skip_bad=True,  # what is in an audit is left out, and said
    )  # fmt: skip
    return Labels(path, options)


def checked_labels(labels: Labels, taxonomy: Taxonomy) -> GoldLabels:
    """The labels as they will be read; of rows that cannot be used nothing is quoted.

    Raises:
        InputError: If rows cannot be used and are not to be left out, or none is left.
        ColumnError: If a column is not there, or in doubt.
    """
    options = labels.options
    gold = read_gold([str(labels.path)], taxonomy, replace(options, skip_bad=True))
    if gold.problems and not options.skip_bad:
        told = ", ".join(f"row {one.row} ({one.code})" for one in gold.problems[:_SHOWN])
        more = " …" if len(gold.problems) > _SHOWN else ""
        raise InputError(
            f"{len(gold.problems)} of {gold.rows_in} rows cannot be used: {told}{more}.",
            hint="Correct them, or use skip_bad.",
        )
    return gold
