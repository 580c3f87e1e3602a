"""The routes by which a tenant connects support tools."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from warum_api.adapting.adapters import Tool
from warum_api.adapting.mapping import JsonMapping
from warum_api.adapting.rules import RoutingRule, shipped_rule
from warum_api.adapting.stored import StoredAdapters, WantedAdapter
from warum_api.guarding.scopes import Admin, Reader
from warum_api.problems import documented
from warum_api.storing.adapters import StoredAdapter
from warum_api.strict import Strict


class AdapterIn(Strict):
    """A tool as it is to be connected."""

    name: str = Field(min_length=1, max_length=200, description="For people.")
    tool: Tool = Field(description="`json` is any tool, with a mapping.")
    secret: str | None = Field(
        default=None,
        min_length=16,
        max_length=200,
        description="Zendesk: the signing secret that it shows. Else made where it is left out.",
    )
    rule: RoutingRule | None = Field(
        default=None,
        description="Routing rule; left out: the one that comes with the service, which the answer shows.",
    )
    taxonomy: str | dict[str, Any] | None = Field(
        default=None, description="Name of a built-in taxonomy, or one as an object."
    )
    mapping: JsonMapping | None = Field(
        default=None,
        description="For `json`, and for no other: where in it text, id and so on stand (JSONPath).",
    )
    language: str | None = Field(
        default=None, pattern="^[a-z]{2,3}$", description="Of comments that name none."
    )


class SecretIn(Strict):
    """A secret that takes another's place."""

    secret: str | None = Field(default=None, min_length=16, max_length=200)


class AdapterOut(BaseModel):
    """A connected tool, without its secret."""

    id: str
    name: str
    tool: Tool = Field(description="Whose requests it reads.")
    path: str = Field(description="Where the tool sends its requests.")
    language: str | None = Field(description="Of comments that name none; null: told by each text.")
    rule: RoutingRule = Field(description="By which its tickets are routed.")
    taxonomy: str | dict[str, Any] | None = Field(description="Null for the built-in one.")
    mapping: JsonMapping | None = Field(description="Null but for `json`.")
    created: datetime


class AdapterWithSecret(AdapterOut):
    """A connected tool with the secret that it has just been given."""

    secret: str = Field(description="Keep it, it is not shown again.")


_ID = "/v1/adapters/{adapter}"


def managing_routes(adapters: StoredAdapters) -> APIRouter:
    """The routes.

    Args:
        adapters: Answers.
    """
    router = APIRouter(tags=["adapters"])

    @router.post(
        "/v1/adapters",
        status_code=201,
        summary="Connect a tool",
        responses=documented(
            "malformed_json",
            "missing_scope",
            "invalid_request",
            "unknown_taxonomy",
            "broken_taxonomy",
        ),
    )
    async def connect(
        asked: Annotated[AdapterIn, Body(openapi_examples=_EXAMPLES)], caller: Admin
    ) -> AdapterWithSecret:
        wanted = WantedAdapter(**asked.model_dump(mode="json"))
        return _with_secret(await adapters.connect(caller.tenant, wanted, who=caller.who))

    @router.get("/v1/adapters", summary="List connected tools", responses=documented())
    async def listed(caller: Reader) -> list[AdapterOut]:
        return [AdapterOut(**_fields(a)) for a in await adapters.all(caller.tenant)]

    @router.post(
        f"{_ID}/rotate",
        summary="Exchange its secret",
        responses=documented("malformed_json", "missing_scope", "not_found", "invalid_request"),
    )
    async def rotate(
        adapter: str, caller: Admin, asked: Annotated[SecretIn | None, Body()] = None
    ) -> AdapterWithSecret:
        secret = None if asked is None else asked.secret
        return _with_secret(await adapters.rotate(caller.tenant, adapter, secret))

    @router.delete(
        _ID,
        status_code=204,
        summary="Disconnect a tool",
        responses=documented("missing_scope", "not_found"),
    )
    async def disconnect(adapter: str, caller: Admin) -> None:
        await adapters.remove(caller.tenant, adapter, who=caller.who)

    return router


_EXAMPLES: dict[str, Any] = {
    "zendesk": {
        "summary": "Zendesk, with the signing secret that it shows",
        "value": {
            "name": "Support",
            "tool": "zendesk",
            "secret": "dGhlIG9uZSBvZiB0aGUgd2ViaG9vaw==",
        },
    },
    "freshdesk": {"summary": "Freshdesk", "value": {"name": "Support", "tool": "freshdesk"}},
    "json": {
        "summary": "Reviews of a shop",
        "value": {
            "name": "Reviews",
            "tool": "json",
            "mapping": {"records": "$.reviews[*]", "fields": {"text": "$.body", "id": "$.id"}},
        },
    },
    "rule": {
        "summary": "Freshdesk, with a rule of one's own",
        "value": {
            "name": "Support",
            "tool": "freshdesk",
            "rule": {
                "name": "ours",
                "version": "1",
                "fallback_owner": "first-line",
                "rows": [
                    {
                        "name": "outage",
                        "when": {"category": ["digital"], "intent": ["bug_report"]},
                        "least": 0.6,
                        "urgency": "urgent",
                    },
                    {"name": "rest", "when": {}, "urgency": "normal"},
                ],
            },
        },
    },
}


def _with_secret(adapter: StoredAdapter) -> AdapterWithSecret:
    return AdapterWithSecret(**_fields(adapter), secret=adapter.secrets[0])


def _fields(adapter: StoredAdapter) -> dict[str, Any]:
    return {
        "id": adapter.id,
        "name": adapter.name,
        "tool": adapter.tool,
        "path": f"/v1/adapters/{adapter.tool}/{adapter.id}",
        "language": adapter.language,
        "rule": shipped_rule() if adapter.rule is None else adapter.rule,
        "taxonomy": adapter.taxonomy,
        "mapping": adapter.mapping,
        "created": adapter.created_at,
    }
