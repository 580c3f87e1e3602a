"""Refuse an audit sheet that cannot correct a result: labelled in part, or drawn from or for another one."""

from __future__ import annotations

from collections.abc import Mapping

from warum.audit.sheet import AuditSheet, listed, same_text
from warum.errors import InputError

_SAME_DATA = "Use the data that the sample was drawn from, with the same columns and filters."


def check_complete(sheet: AuditSheet, *, name: str = "The audit file") -> None:
    """Refuse a sheet on which comments are not labelled yet.

    What is left to the end is seldom left by chance, so the labels of a half cannot stand for all.

    Raises:
        InputError: If a comment has no label.
    """
    left = [row.id for row in sheet.rows if row.labels is None]
    if left:
        raise InputError(
            f"{name} is labelled in part: {len(left)} of {len(sheet.rows)} comments have no label yet, "
            f"{listed(left)}.",
            hint="Label them (`warum audit label` goes on where you stopped); a comment without any "
            "category gets “none”.",
        )


def check_fits(
    sheet: AuditSheet,
    *,
    model: str,
    taxonomy_hash: str,
    texts: Mapping[str, str | None],
    frame: str,
) -> None:
    """Refuse a sheet that was drawn from other data, for another model or another taxonomy.

    Args:
        sheet: The sheet.
        model: Model of the result, "name version".
        taxonomy_hash: Of its taxonomy.
        texts: comment_id to text of the result.
        frame: What could be drawn from it (`name_of_frame`).

    Raises:
        InputError: If they do not match.
    """
    if sheet.taxonomy_hash != taxonomy_hash:
        raise InputError(
            f"The audit sample was drawn for a taxonomy with the hash {sheet.taxonomy_hash!r}, the result was "
            f"read with {taxonomy_hash!r}.",
            hint="Read the data with the taxonomy of the audit, or draw a new sample.",
        )
    if sheet.model != model:
        raise InputError(
            f"The audit sample was drawn for the model {sheet.model!r}, the result was read by {model!r}.",
            hint="Another model errs otherwise: read the data with the model of the audit, or draw a new "
            "sample. Labels can be kept for the comments that both draws hold.",
        )
    unknown = sorted({row.id for row in sheet.rows} - set(texts))
    if unknown:
        raise InputError(
            f"{len(unknown)} of {len(sheet.rows)} audited comments are not in the data: {listed(unknown)}.",
            hint=_SAME_DATA,
        )
    other = [row.id for row in sheet.rows if not same_text(row.text, texts[row.id] or "")]
    if other:
        raise InputError(
            f"{len(other)} of {len(sheet.rows)} audited comments have another text in the data: "
            f"{listed(other)}.",
            hint=_SAME_DATA,
        )
    if sheet.frame != frame:
        drawn, there = (name.rpartition("/")[2] or "?" for name in (sheet.frame, frame))
        raise InputError(
            f"The audit sample was drawn from {drawn} occasions with a comment; the data hold {there}, or "
            "others.",
            hint=f"{_SAME_DATA} What was added later could not be drawn: draw a new sample, and keep the "
            "labels with --labels-from.",
        )
