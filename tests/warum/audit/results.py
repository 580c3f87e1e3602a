"""The example as a model with known errors would have read it, and a person's labels of an audit sample of it."""

from __future__ import annotations

import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from tests.warum.answers.gold_example import gold_reading
from warum.audit.sheet import AuditSheet
from warum.gold.records import Judgement
from warum.result import Reading
from warum.store import RUN, write_folder, write_json, write_reading
from warum.table import Table

MISSED = 0.3


@cache
def read_with_errors() -> Reading:
    """Three of ten opinions are missed, more among happy customers; the same ones every time."""
    whole = gold_reading()
    opinions, comments = whole.opinions, whole.comments
    happy = dict(zip(comments["comment_id"].tolist(), (comments["nps"] >= 9).tolist(), strict=True))
    kept = [
        zlib.crc32(f"{one} {category}".encode()) / 2**32 > MISSED * (1.5 if happy[one] else 0.7)
        for one, category in zip(opinions["comment_id"], opinions["category"], strict=True)
    ]
    at = np.flatnonzero(kept)
    columns = {name: opinions[name][at] for name in opinions.columns}
    columns["confidence"] = np.full(len(at), 0.8)
    facts = replace(whole.facts, model_name="auto", model_version="7")
    return replace(whole, opinions=Table(columns), facts=facts)


def write_result(folder: Path, reading: Reading) -> Path:
    """A result folder as far as the audit needs it."""

    def fill(target: Path) -> None:
        write_reading(target, reading)
        write_json(target / RUN, {})

    write_folder(folder, fill)
    return folder


def answered(sheet: AuditSheet) -> AuditSheet:
    """The sheet as the person fills it in who labelled the example."""
    opinions = gold_reading().opinions
    truth: dict[str, set[Judgement]] = {row.id: set() for row in sheet.rows}
    for one, category, polarity in zip(
        *(opinions[name].tolist() for name in ("comment_id", "category", "polarity")), strict=True
    ):
        if one in truth:
            truth[one].add((category, polarity))
    return sheet.with_labels({one: frozenset(seen) for one, seen in truth.items()}, "Ada")
