"""The routes by which people correct opinions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, Field

from warum_api.guarding.scopes import Reader, Writer
from warum_api.problems import Problem, documented
from warum_api.results.correcting import Wish, correct
from warum_api.results.shelf import Shelf
from warum_api.storing.corrections import Correction, list_corrections
from warum_api.storing.database import Database
from warum_api.storing.projects import project as project_of
from warum_api.strict import Strict


class OpinionIn(Strict):
    """An opinion as a person sees it."""

    category: str = Field(min_length=1, max_length=200)
    polarity: Literal["negative", "neutral", "positive"] | None = Field(
        default=None, description="Left out: as before."
    )
    start: int | None = Field(
        default=None, ge=0, le=1_000_000, description="Left out: as before, or the whole text."
    )
    end: int | None = Field(default=None, ge=1, le=1_000_000)


class CorrectionIn(Strict):
    """What a person says of an opinion."""

    comment: str = Field(min_length=1, max_length=300)
    opinion: str | None = Field(
        default=None,
        max_length=300,
        description="Its name, as `opinion` of a list; null to add one.",
    )
    new: OpinionIn | None = Field(description="What it is; null to take it away.")


class CorrectionOut(BaseModel):
    """A correction; none is ever changed."""

    seq: int = Field(description="Rises with each.")
    comment: str = Field(description="Id of the comment.")
    opinion: str = Field(description="Its name, as `opinion` of a list.")
    who: str = Field(description="Id of the key, or subject of the token.")
    at: datetime
    old: dict[str, Any] | None = Field(
        description="The opinion as it was; null where it was added."
    )
    new: dict[str, Any] | None = Field(description="As it is; null where it was taken away.")


class CorrectionsOut(BaseModel):
    """Some corrections, in the order in which they were made."""

    items: list[CorrectionOut]
    next: int | None = Field(description="`after` of the next page; null on the last.")


_PATH = "/v1/projects/{project}/corrections"


def correcting_routes(shelf: Shelf, database: Database) -> APIRouter:
    """The routes.

    Args:
        shelf: Has the results.
        database: Where corrections are kept.
    """
    router = APIRouter(tags=["results"])

    @router.post(
        _PATH,
        status_code=201,
        summary="Correct an opinion",
        description="Counts at once in everything that is estimated, and in later results too.",
        responses=documented("malformed_json", "missing_scope", "not_found", "invalid_request"),
    )
    def correct_opinion(
        project: str,
        asked: Annotated[CorrectionIn, Body(openapi_examples=_EXAMPLES)],
        caller: Writer,
    ) -> CorrectionOut:
        read = shelf.read(shelf.find(caller.tenant, project, "current"))
        new = asked.new
        wish = Wish(
            asked.comment,
            asked.opinion,
            None if new is None else new.category,
            None if new is None else new.polarity,
            None if new is None else new.start,
            None if new is None else new.end,
        )
        made = correct(
            caller.tenant, database, project, read.reading, read.taxonomy, wish, who=caller.who
        )  # fmt: skip
        return _shown(made)

    @router.get(_PATH, summary="Corrections", responses=documented("not_found", "invalid_request"))
    def corrections(
        project: str,
        caller: Reader,
        comment: Annotated[str | None, Query(max_length=300)] = None,
        after: Annotated[int, Query(ge=0, le=2**53)] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> CorrectionsOut:
        with database.reading() as connection:
            if project_of(caller.tenant, connection, project) is None:
                raise Problem("not_found", "There is no such project.", came=project)
            found = list_corrections(
                caller.tenant, connection, project, comment=comment, after=after, limit=limit + 1
            )
        items = [_shown(one) for one in found[:limit]]
        return CorrectionsOut(items=items, next=items[-1].seq if len(found) > limit else None)

    return router


_EXAMPLES: dict[str, Any] = {
    "polarity": {
        "summary": "It is no complaint",
        "value": {
            "comment": "r-1",
            "opinion": "delivery.speed:17:30",
            "new": {"category": "delivery.speed", "polarity": "positive"},
        },
    },
    "away": {
        "summary": "It says nothing of that",
        "value": {"comment": "r-1", "opinion": "delivery.speed:17:30", "new": None},
    },
}


def _shown(one: Correction) -> CorrectionOut:
    return CorrectionOut(
        seq=one.seq, comment=one.comment, opinion=one.opinion, who=one.who, at=one.at,
        old=None if one.old is None else dict(one.old), new=None if one.new is None else dict(one.new),
    )  # fmt: skip
