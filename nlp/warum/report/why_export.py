"""The "why" as files: `why.json`, its schema, and a CSV file for each table."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from warum.answers.why import Why
from warum.formulas import defuse
from warum.store import WHY_JSON
from warum.table import Table

FORMAT = 1
NOT_STORED = frozenset({"alert_state"})
"""Fields of `Why` that have a file of their own."""
WHY_SCHEMA = "why.schema.json"


def why_files(why: Why) -> dict[str, str]:
    """File name to contents: JSON, its schema, and the tables as CSV.

    Args:
        why: What was found.
    """
    files = {WHY_JSON: why_json(why), WHY_SCHEMA: why_schema()}
    return files | {f"{stem}.csv": table_csv(table) for stem, table in why.tables().items()}


def why_json(why: Why) -> str:
    """Everything as JSON; floats in full, so that parts add up; missing ones are null.

    Byte-identical for the same input; ends with a line break.
    """
    told = TypeAdapter(Why).dump_python(why, mode="json", exclude=set(NOT_STORED))
    data = {"format": FORMAT, "why": _finite(told)}
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False, sort_keys=True) + "\n"


def why_schema() -> str:
    """The JSON schema (draft 2020-12) that `why_json` keeps to."""
    inner = TypeAdapter(Why).json_schema(mode="serialization", ref_template="#/$defs/{model}")
    definitions = inner.pop("$defs", {})
    inner["properties"] = {k: v for k, v in inner["properties"].items() if k not in NOT_STORED}
    definitions.pop("AlertState", None)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "why.json of warum",
        "description": "Reasons behind the scores. Further fields may follow; none is renamed or removed "
        "within a format.",
        "type": "object",
        "required": ["format", "why"],
        "properties": {"format": {"const": FORMAT}, "why": inner},
        "$defs": definitions,
    }
    return json.dumps(_nullable(schema), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def table_csv(table: Table) -> str:
    """A table as CSV: comma-separated, floats with 10 significant digits, missing cells empty.

    Texts that a spreadsheet would run as a formula get an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows():
        writer.writerow([_cell(value) for value in row.values()])
    return out.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return defuse(value) if isinstance(value, str) else _plain(value)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _finite(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    return [_finite(one) for one in value] if isinstance(value, list) else value


def _nullable(schema: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The schema with null allowed for every float: what cannot be estimated is missing."""
    if isinstance(schema, dict):
        inside = {key: _nullable(one) for key, one in schema.items()}
        return inside | {"type": ["number", "null"]} if inside.get("type") == "number" else inside
    return [_nullable(one) for one in schema] if isinstance(schema, list) else schema
