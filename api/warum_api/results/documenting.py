"""What OpenAPI says of results: headers that a caller sends, and the forms of answers."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header
from pydantic import BaseModel

from warum_api.problems import documented
from warum_api.results.rendering import TYPES

Accept = Annotated[str | None, Header(description=f"One of: {', '.join(TYPES.values())}.")]
Known = Annotated[
    str | None, Header(alias="If-None-Match", description="An `ETag`: 304 if it still holds.")
]
_PROBLEMS = documented("not_found", "invalid_request")
_SAME: dict[int | str, dict[str, Any]] = {304: {"description": "It still holds."}}


class RowsOut(BaseModel):
    """All rows."""

    items: list[dict[str, Any]]


def json_documented(
    schema: Any,  # noqa: ANN401 - a JSON schema
    model: type[BaseModel] | None = None,
) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of an answer as JSON."""
    told: dict[str, Any] = {"description": "JSON; numbers that cannot be estimated are null."}
    if model is None:
        told["content"] = {"application/json": {"schema": schema}}
    else:
        told["model"] = model
    return {200: told, **_SAME, **_PROBLEMS}


def tables_documented(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a table in the accepted form."""
    binary = {"schema": {"type": "string", "format": "binary"}}
    content: dict[str, Any] = {
        TYPES["json"]: {},  # first: what generated clients read
        TYPES["csv"]: {"schema": {"type": "string"}},
        TYPES["parquet"]: binary,
    }
    told = {"description": "In the accepted form.", "model": model, "content": content}
    return {200: told, **_SAME, **documented("not_found", "not_acceptable", "conflict", "invalid_request")}  # fmt: skip


def files_documented(media_type: str) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of a file."""
    content = {media_type: {"schema": {"type": "string"}}}
    return {200: {"description": "A file.", "content": content}, **_PROBLEMS}
