"""The form in which a table is sent, by `Accept`, and its ETag."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from starlette.responses import Response

from warum.report.why_export import table_csv
from warum.table import Table
from warum_api.problems import Problem

Form = Literal["json", "csv", "parquet"]
TYPES: Mapping[Form, str] = {
    "json": "application/json",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}
_NO_FORM = "Ask for one of the types that are sent."


def form_of(accept: str | None) -> Form:
    """The form that a caller wants most; JSON where they do not say.

    Args:
        accept: The header `Accept`.

    Raises:
        Problem: `not_acceptable`, if they take none of them.
    """
    best: tuple[float, Form | None] = (0.0, None)
    for part in (accept or "*/*").split(","):
        name, _, rest = part.strip().partition(";")
        quality = _quality(rest)
        for form, media in TYPES.items():
            fits = name.strip().lower() in (media, f"{media.partition('/')[0]}/*", "*/*")
            if fits and quality > best[0]:
                best = (quality, form)
    if best[1] is None:
        raise Problem("not_acceptable", _NO_FORM, came=accept, expected=", ".join(TYPES.values()))
    return best[1]


def etag_of(*parts: object) -> str:
    """The ETag of what these parts decide."""
    told = json.dumps(parts, default=str, sort_keys=True).encode()
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'


def unchanged(etag: str, if_none_match: str | None) -> bool:
    """Whether the caller has it already."""
    known = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    return etag in known or known == ["*"]


def not_modified(etag: str) -> Response:
    """The answer to a caller who has it."""
    return Response(status_code=304, headers=_headers(etag))


def json_answer(content: Any, etag: str) -> Response:  # noqa: ANN401 - whatever JSON holds
    """An answer as JSON; what cannot be estimated is null."""
    body = json.dumps(finite(content), ensure_ascii=False, separators=(",", ":"), default=str)
    return Response(
        body.encode("utf-8", "replace"), headers=_headers(etag), media_type=TYPES["json"]
    )


def table_answer(table: Table, form: Form, name: str, etag: str) -> Response:
    """A table as CSV (formulas are defused) or Parquet, to be saved under a name."""
    headers = {**_headers(etag), "Content-Disposition": f'attachment; filename="{name}.{form}"'}
    if form == "csv":
        body = table_csv(table).encode("utf-8", "replace")
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.parquet"
            table.write_parquet(path, {})
            body = path.read_bytes()
    return Response(body, headers=headers, media_type=TYPES[form])


def html_answer(html: str) -> Response:
    """A report, to be saved: its charts bring scripts of their own, which no page of this service may run."""
    saved = 'attachment; filename="report.html"'
    headers = {"Content-Disposition": saved, "Cache-Control": "private, no-cache"}
    return Response(html.encode("utf-8"), headers=headers, media_type="text/html")


def finite(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The same with null for numbers that are none."""
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None
    if isinstance(value, Mapping):
        return {key: finite(one) for key, one in value.items()}
    return [finite(one) for one in value] if isinstance(value, (list, tuple)) else value


def _headers(etag: str) -> dict[str, str]:
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Accept"}


def _quality(parameters: str) -> float:
    for one in parameters.split(";"):
        name, _, value = one.strip().partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
