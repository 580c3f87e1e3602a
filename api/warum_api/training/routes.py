"""The routes of own models; they are trained by a job of the kind `train`."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from warum_api.guarding.scopes import Reader, Writer
from warum_api.problems import documented
from warum_api.training.forms import OwnModelOut, OwnModelWhole, model_fields, whole_fields
from warum_api.training.models import Models

_ALL = "/v1/projects/{project}/models"
_ONE = _ALL + "/{model}"
_FOUND = documented("not_found", "invalid_request")
_CARD: dict[int | str, dict[str, Any]] = {
    200: {"description": "Markdown.", "content": {"text/markdown": {"schema": {"type": "string"}}}},
    **_FOUND,
}


def model_routes(models: Models) -> APIRouter:
    """The routes.

    Args:
        models: Answers.
    """
    router = APIRouter(tags=["models"])

    @router.get(_ALL, summary="Own models, newest first", responses=_FOUND)
    def listed(project: str, caller: Reader) -> list[OwnModelOut]:
        found = models.all(caller.tenant, project)
        return [OwnModelOut.model_validate(model_fields(one)) for one in found]

    @router.get(_ONE, summary="A model and its figures", responses=_FOUND)
    def one(project: str, model: str, caller: Reader) -> OwnModelWhole:
        return OwnModelWhole.model_validate(whole_fields(models.one(caller.tenant, project, model)))

    @router.get(f"{_ONE}/card", summary="The model card", response_class=Response, responses=_CARD)
    def card(project: str, model: str, caller: Reader) -> Response:
        text = models.card(caller.tenant, project, model)
        return Response(text.encode("utf-8"), media_type="text/markdown")

    @router.delete(
        _ONE,
        status_code=204,
        summary="Delete a model",
        responses=documented("missing_scope", "not_found", "conflict", "invalid_request"),
    )
    def delete(project: str, model: str, caller: Writer) -> None:
        models.delete(caller.tenant, caller.who, project, model)

    return router
