"""The routes of audits."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Response

from warum_api.auditing.drawing import Standing, Wish, titles_of
from warum_api.auditing.forms import (
    AuditIn,
    AuditOut,
    AuditWhole,
    CategoryOut,
    ItemOut,
    ItemsOut,
    LabelsIn,
    Name,
    NextOut,
    PlanOut,
    agreement_out,
    audit_fields,
    item_out,
    plan_out,
)
from warum_api.auditing.labelling import Labelling
from warum_api.auditing.planning import Asked, Planner
from warum_api.auditing.room import Auditing
from warum_api.guarding.scopes import Reader, Writer
from warum_api.problems import documented

_ALL = "/v1/projects/{project}/audits"
_ONE = _ALL + "/{audit}"
_LABELS = _ONE + "/labels/{comment:path}"
_FOUND = documented("not_found", "invalid_request")
_WRITTEN = ("missing_scope", "not_found", "conflict", "invalid_request")
Who = Annotated[Name | None, Query()]


def audit_routes(auditing: Auditing) -> APIRouter:
    """The routes.

    Args:
        auditing: Answers.
    """
    router = APIRouter(tags=["audits"])
    _add_draws(router, auditing)
    _add_labels(router, auditing.labelling)
    _add_plan(router, auditing.planner)
    return router


def _add_draws(router: APIRouter, auditing: Auditing) -> None:
    drawing = auditing.drawing

    @router.post(
        _ALL,
        status_code=201,
        summary="Draw a sample of comments to label",
        description="From the current result. Rare categories and comments that the model was unsure of are drawn "
        "more often, with known probabilities that the correction undoes. All comments of one customer's occasion are "
        "drawn together. No own model learns from them.",
        responses=documented("malformed_json", *_WRITTEN),
    )
    def draw(
        project: str,
        asked: Annotated[AuditIn, Body(openapi_examples=_DRAWS)],
        caller: Writer,
        response: Response,
    ) -> AuditOut:
        wish = Wish(**asked.model_dump())
        made = drawing.draw(caller.tenant, caller.who, project, wish)
        response.headers["Location"] = f"/v1/projects/{project}/audits/{made.sample.id}"
        return AuditOut.model_validate(audit_fields(made))

    @router.get(_ALL, summary="List audits, newest first", responses=_FOUND)
    def listed(project: str, caller: Reader) -> list[AuditOut]:
        found = drawing.all(caller.tenant, project)
        return [AuditOut.model_validate(audit_fields(one)) for one in found]

    @router.get(_ONE, summary="How far an audit is, and how far people agree", responses=_FOUND)
    def one(project: str, audit: str, caller: Reader) -> AuditWhole:
        found = drawing.one(caller.tenant, project, audit)
        return _whole(found, auditing.labelling.agreed(caller.tenant, project, audit))

    @router.delete(
        _ONE,
        status_code=204,
        summary="Forget an audit with its labels",
        responses=documented("missing_scope", "not_found", "invalid_request"),
    )
    def delete(project: str, audit: str, caller: Writer) -> None:
        drawing.delete(caller.tenant, caller.who, project, audit)


def _add_labels(router: APIRouter, labelling: Labelling) -> None:
    @router.get(
        f"{_ONE}/next",
        summary="The next comment that a labeller has not looked at",
        responses=documented("not_found", "conflict", "invalid_request"),
    )
    def next_one(project: str, audit: str, caller: Reader, labeller: Who = None) -> NextOut:
        found = labelling.next(caller.tenant, project, audit, labeller or caller.who)
        item: ItemOut | None = None if found.item is None else item_out(found.item)
        return NextOut(item=item, labelled=found.done, total=found.total)

    @router.get(
        f"{_ONE}/items", summary="Comments of an audit in the order of labelling", responses=_FOUND
    )
    def items(
        project: str,
        audit: str,
        caller: Reader,
        labeller: Who = None,
        start: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> ItemsOut:
        some, stand = labelling.items(
            caller.tenant, project, audit, labeller or caller.who, start=start, limit=limit
        )
        behind = start + len(some)
        return ItemsOut(
            items=[item_out(one) for one in some], labelled=stand.done, total=stand.total,
            next=behind if some and behind < stand.total else None,
        )  # fmt: skip

    @router.put(
        _LABELS,
        status_code=204,
        summary="Say what a labeller saw in a comment",
        description="Whole: what the labeller said of it before is replaced. Sent again, it changes nothing. A second "
        "person labels under another name; their agreement then stands in the audit.",
        responses=documented("malformed_json", *_WRITTEN),
    )
    def label(
        project: str,
        audit: str,
        comment: str,
        asked: Annotated[LabelsIn, Body(openapi_examples=_LABELLED)],
        caller: Writer,
    ) -> None:
        labelling.label(
            caller.tenant, caller.who, project, audit, comment, asked.labeller or caller.who,
            [(one.category, one.polarity) for one in asked.labels], asked.note,
        )  # fmt: skip

    @router.delete(
        _LABELS,
        status_code=204,
        summary="Take back what a labeller said of a comment",
        responses=documented("missing_scope", "not_found", "invalid_request"),
    )
    def take_back(
        project: str, audit: str, comment: str, caller: Writer, labeller: Who = None
    ) -> None:
        labelling.label(
            caller.tenant, caller.who, project, audit, comment, labeller or caller.who, None
        )


def _add_plan(router: APIRouter, planner: Planner) -> None:
    @router.get(
        "/v1/projects/{project}/audit-plan",
        summary="How many labels an interval of a wanted width needs",
        description="From an assumed F1 of the model, or better from a labelled first audit. Widths are in the "
        "metric's points, of shares in percentage points.",
        responses=documented("not_found", "conflict", "invalid_request"),
    )
    def plan(
        project: str,
        caller: Reader,
        of: Annotated[Literal["effect", "impact", "share"], Query(description="Whose interval.")] = "effect",
        width: Annotated[float | None, Query(gt=0, le=1_000, description="Wanted: high minus low.")] = None,
        category: Annotated[str | None, Query(max_length=200)] = None,
        score: Annotated[str | None, Query(max_length=200, description="Default: the first.")] = None,
        f1: Annotated[float, Query(ge=0, le=1, description="Assumed without `audit`.")] = 0.6,
        audit: Annotated[str | None, Query(max_length=64, description="A labelled first sample.")] = None,
    ) -> PlanOut:  # fmt: skip
        asked = Asked(of, width, category, score, f1, audit)
        return plan_out(planner.plan(caller.tenant, project, asked), of, width, audit)


_DRAWS: dict[str, Any] = {
    "some": {"summary": "About 400 occasions", "value": {"labels": 400}},
    "again": {
        "summary": "More of the same, with the labels that are there",
        "value": {"labels": 600, "labels_from": "smp_3f0c6a1d9b2e47c5a801"},
    },
}
_LABELLED: dict[str, Any] = {
    "two": {
        "summary": "Two categories",
        "value": {
            "labels": [
                {"category": "wait_time", "polarity": "negative"},
                {"category": "service.attitude", "polarity": "positive"},
            ],
            "labeller": "Kim",
        },
    },
    "none": {"summary": "No category at all", "value": {"labels": [], "labeller": "Kim"}},
}


def _whole(found: Standing, agreed: Any) -> AuditWhole:  # noqa: ANN401 - a tuple of `Agreement`
    titles = titles_of(found.sample)
    return AuditWhole.model_validate(
        {
            **audit_fields(found),
            "categories": [CategoryOut(code=code, title=title) for code, title in titles.items()],
            "agreement": [agreement_out(one) for one in agreed] or None,
        }
    )
