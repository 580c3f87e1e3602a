"""Replies for OpenAPI: one for each route that answers with JSON, as a service gave it on the invented example.

They lie in `replies.json`, by the names of the operations. Ids and times are what they were in that run; secrets are
taken out, and of long lists only the beginning is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

MEDIA_TYPE = "application/json"


def replies() -> dict[str, Any]:
    """The replies by operation."""
    found: dict[str, Any] = json.loads(files("warum_api").joinpath("replies.json").read_text("utf-8"))  # fmt: skip
    return found


def show_replies(paths: dict[str, Any]) -> None:
    """Put the replies into the paths of an OpenAPI schema, where there is no other example."""
    known = replies()
    for item in paths.values():
        for operation in item.values():
            value = known.get(operation["operationId"])
            for told in _as_json(operation["responses"]):
                if value is not None and "examples" not in told:
                    told["example"] = value


def _as_json(responses: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for status, answer in responses.items():
        if status.startswith("2") and MEDIA_TYPE in answer.get("content", {}):
            yield answer["content"][MEDIA_TYPE]
