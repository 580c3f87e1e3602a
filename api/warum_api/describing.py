"""What FastAPI leaves out of OpenAPI: the problem document of all routes, how to send a key, nulls in examples."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI

from warum_api.analyzing.examples import show_whole
from warum_api.problems import CATALOGUE, MEDIA_TYPE, ProblemDocument
from warum_api.queries import STRICT
from warum_api.replies import show_replies

SCHEMES: dict[str, Any] = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key (`warum keys create`), or a token of the issuer that the service is set up with.",
    },
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "A key."},
}
"""How a caller says who they are."""

_DOCUMENT = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
_NAMES = re.compile(r"\{(\w+)\}")
_OPEN = ("/health", "/metrics", "/v1/adapters/zendesk", "/v1/adapters/freshdesk", "/v1/adapters/json")  # fmt: skip
_ASKED = {
    "401": ("no_key", "wrong_key"),
    "403": ("missing_scope", "not_on_loopback"),
    "429": ("too_many_requests",),
}


def complete_description(app: FastAPI, *, keys: bool) -> None:
    """Have an app describe itself whole.

    Args:
        app: The app, all routes in it.
        keys: Whether callers need a key; else it is optional.
    """
    made = app.openapi

    def openapi() -> dict[str, Any]:
        schema = made()
        components = schema.setdefault("components", {})
        if "securitySchemes" in components:
            return schema
        schemas = components.setdefault("schemas", {})
        described = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas.update(described.pop("$defs", {}))
        schemas["ProblemDocument"] = described
        components["securitySchemes"] = SCHEMES
        for path, item in schema["paths"].items():
            for operation in item.values():
                _with_problems(operation, refusing=path.startswith(STRICT))
                if not path.startswith(_OPEN):
                    _ask_for_key(operation, keys=keys)
        for item in schema.get("webhooks", {}).values():  # nobody answers them with our problems
            for operation in item.values():
                operation["responses"].pop("422", None)
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        _link(schema["paths"])
        show_whole(schema)
        show_replies(schema["paths"])
        return schema

    app.openapi = openapi  # type: ignore[method-assign] # as FastAPI's documentation has it


def _with_problems(operation: dict[str, Any], *, refusing: bool) -> None:
    """Say that requests are refused that are not as expected; FastAPI promises a form of its own for them.

    Args:
        operation: The operation.
        refusing: Whether it refuses query parameters that it does not know, as every route of programs does.
    """
    told = operation["responses"].get("422", {})
    if "application/json" in told.get("content", {}):
        told = {}
    elif not told and not refusing:
        return
    said = f"`invalid_request`: {CATALOGUE['invalid_request'].title}"
    described = [told["description"]] if told else []
    if "`invalid_request`" not in "".join(described):
        described.append(said)
    operation["responses"]["422"] = {"description": "; ".join(described), "content": _DOCUMENT}


def _link(paths: dict[str, Any]) -> None:
    """Say how one goes on with what a route has made: its `id` is the `{project}` of other routes, and so on."""
    for path, item in paths.items():
        made = item.get("post", {}).get("responses", {})
        told = made.get("201") or made.get("202")
        name = path.rpartition("/")[2].removesuffix("s")
        if told is None:
            continue
        links = {}
        for other, operations in paths.items():
            given = set(_NAMES.findall(path))
            if name in (asked := set(_NAMES.findall(other))) and asked <= {name} | given:
                known = {one: f"$request.path.{one}" for one in sorted(asked - {name})}
                parameters = {**known, name: "$response.body#/id"}
                for operation in operations.values():
                    named = operation["operationId"]
                    links[named] = {"operationId": named, "parameters": parameters}
        if links:
            told["links"] = links


def _ask_for_key(operation: dict[str, Any], *, keys: bool) -> None:
    named: list[dict[str, list[str]]] = [{name: []} for name in SCHEMES]
    operation["security"] = named if keys else [*named, {}]
    for status, codes in _ASKED.items():
        told = operation["responses"].setdefault(status, {"description": "", "content": _DOCUMENT})
        said = [
            f"`{code}`: {CATALOGUE[code].title}"
            for code in codes
            if f"`{code}`" not in told["description"]
        ]
        told["description"] = "; ".join(part for part in (told["description"], *said) if part)
