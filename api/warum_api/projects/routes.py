"""The routes under `/v1/projects`: projects, comments, erasures, and the audit log."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Request, Response

from warum_api.guarding.scopes import Admin, Reader, Writer
from warum_api.observing.requests import note
from warum_api.problems import documented
from warum_api.projects.forms import (
    AppendedOut,
    CommentNew,
    CommentsIn,
    ErasedOut,
    ErasureIn,
    EventOut,
    EventsOut,
    ProjectChange,
    ProjectIn,
    ProjectOut,
    ProjectsOut,
    ProjectWhole,
)
from warum_api.projects.keeping import Keeping, Keyed
from warum_api.storing.comments import NewComment
from warum_api.storing.projects import Project

_ID = "/v1/projects/{project}"
_FOUND = documented("not_found", "invalid_request")
_CHANGED = documented(
    "malformed_json", "missing_scope", "not_found", "invalid_request", "unknown_taxonomy", "broken_taxonomy"
)  # fmt: skip
Limit = Annotated[int, Query(ge=1, le=100, description="Items of a page.")]


def project_routes(keeping: Keeping) -> APIRouter:
    """The routes.

    Args:
        keeping: Answers.
    """
    router = APIRouter(tags=["projects"])
    _add_projects(router, keeping)
    _add_comments(router, keeping)
    return router


def _add_projects(router: APIRouter, keeping: Keeping) -> None:
    @router.post("/v1/projects", status_code=201, summary="Make a project", responses=_CHANGED)
    def add(
        asked: Annotated[ProjectIn, Body(openapi_examples=_PROJECTS)], caller: Writer
    ) -> ProjectOut:
        wanted = {**asked.model_dump(exclude={"columns"}), "columns": asked.columns.said()}
        return ProjectOut(**_fields(keeping.add(caller.tenant, caller.who, wanted)))

    @router.get("/v1/projects", summary="List projects", responses=documented("invalid_request"))
    def some(
        caller: Reader,
        after: Annotated[str | None, Query(max_length=64, description="`next` of a page.")] = None,
        limit: Limit = 50,
    ) -> ProjectsOut:
        found = keeping.some(caller.tenant, after, limit + 1)
        items = [ProjectOut(**_fields(one)) for one in found[:limit]]
        return ProjectsOut(items=items, next=items[-1].id if len(found) > limit else None)

    @router.get(_ID, summary="Show a project", responses=_FOUND)
    def one(project: str, caller: Reader) -> ProjectWhole:
        found, appended = keeping.one(caller.tenant, project)
        return ProjectWhole(**_fields(found), appended=appended)

    @router.patch(_ID, summary="Change a project", responses=_CHANGED)
    def change(project: str, asked: ProjectChange, caller: Writer) -> ProjectOut:
        changes: dict[str, Any] = asked.model_dump(exclude_unset=True, exclude={"columns"})
        kept = ("name", "taxonomy")
        changes = {n: v for n, v in changes.items() if v is not None or n not in kept}
        if asked.columns is not None:
            changes["columns"] = asked.columns.said()
        return ProjectOut(**_fields(keeping.change(caller.tenant, caller.who, project, changes)))

    @router.delete(
        _ID,
        status_code=204,
        summary="Delete a project with everything in it",
        responses=documented("missing_scope", "not_found", "invalid_request"),
    )
    def delete(project: str, caller: Admin) -> None:
        keeping.delete(caller.tenant, caller.who, project)


def _add_comments(router: APIRouter, keeping: Keeping) -> None:
    @router.post(
        f"{_ID}/comments",
        summary="Append comments",
        description="With an `Idempotency-Key`, the same request may be sent again: it is done once.",
        responses=documented(
            "malformed_json", "missing_scope", "not_found", "key_in_use", "body_too_large", "invalid_request"
        ),
    )  # fmt: skip
    def append(
        request: Request,
        project: str,
        asked: Annotated[CommentsIn, Body(openapi_examples=_COMMENTS)],
        caller: Writer,
        idempotency_key: Annotated[
            str | None, Header(min_length=1, max_length=200, description="Any text, new for each request.")
        ] = None,
    ) -> AppendedOut:  # fmt: skip
        keyed = Keyed(idempotency_key, asked.model_dump_json().encode())
        new = [_comment(one) for one in asked.comments]
        body = keeping.append(caller.tenant, caller.who, project, new, keyed)
        note(request.scope, tenant=caller.tenant, comments=len(new))
        return AppendedOut.model_validate_json(body)

    @router.post(
        f"{_ID}/erasures",
        summary="Erase a customer or a comment",
        description="From what was appended, from uploads and from results. What was made of them (reports, "
        "summaries) is deleted: analyse the project again.",
        responses=documented("malformed_json", "missing_scope", "not_found", "conflict", "invalid_request"),
    )  # fmt: skip
    def erase(
        project: str,
        asked: Annotated[ErasureIn, Body(openapi_examples=_ERASURES)],
        caller: Admin,
    ) -> ErasedOut:
        done = keeping.erase(
            caller.tenant, caller.who, project, customer=asked.customer, comment=asked.comment
        )
        return ErasedOut(
            comments=done.comments,
            files_rewritten=len(done.rewritten),
            files_deleted=len(done.deleted),
        )

    @router.get(
        "/v1/audit-log",
        summary="What was done, by whom, when",
        responses=documented("missing_scope", "invalid_request"),
    )
    def events(
        caller: Admin,
        before: Annotated[
            int | None, Query(ge=1, le=2**53, description="`next` of a page.")
        ] = None,
        limit: Limit = 50,
    ) -> EventsOut:
        found = keeping.events(caller.tenant, before, limit + 1)
        items = [EventOut(**{n: getattr(e, n) for n in EventOut.model_fields}) for e in found[:limit]]  # fmt: skip
        return EventsOut(items=items, next=items[-1].seq if len(found) > limit else None)


def taxonomy_routes(keeping: Keeping) -> APIRouter:
    """The taxonomy in use, to read and to download.

    Args:
        keeping: Knows the projects.
    """
    router = APIRouter(tags=["projects"])

    @router.get(
        f"{_ID}/taxonomy",
        summary="The taxonomy in use, as YAML",
        response_class=Response,
        responses={
            200: {"description": "YAML.", "content": {"application/yaml": {"schema": {"type": "object"}}}},
            **_FOUND,
        },
    )  # fmt: skip
    def taxonomy(project: str, caller: Reader) -> Response:
        import yaml

        from warum.taxonomy import shipped_text

        found, _ = keeping.one(caller.tenant, project)
        text = (
            shipped_text()
            if isinstance(found.taxonomy, str)
            else yaml.safe_dump(dict(found.taxonomy), allow_unicode=True, sort_keys=False)
        )
        return Response(text, media_type="application/yaml")

    return router


_PROJECTS: dict[str, Any] = {
    "shop": {
        "summary": "A survey with a score",
        "value": {
            "name": "Shop 2026",
            "columns": {"text": "comment", "score": "nps:nps", "customer": "customer_id"},
            "retention_days": 730,
        },
    }
}
_COMMENTS: dict[str, Any] = {
    "one": {
        "summary": "A response",
        "value": {
            "comments": [
                {
                    "id": "r-1",
                    "text": "Friendly driver, but two days late.",
                    "customer": "c-7",
                    "date": "2026-03-01T10:00:00Z",
                    "fields": {"nps": 6, "branch": "Hamburg"},
                }
            ]
        },
    }
}
_ERASURES: dict[str, Any] = {
    "customer": {"summary": "Everything of a customer", "value": {"customer": "c-7"}},
    "comment": {"summary": "One comment", "value": {"comment": "r-1"}},
}


def _comment(one: CommentNew) -> NewComment:
    return NewComment(one.id, one.text, one.customer, one.date, one.fields)


def _fields(project: Project) -> dict[str, Any]:
    return {
        "id": project.id,
        "name": project.name,
        "taxonomy": project.taxonomy,
        "columns": dict(project.columns),
        "retention_days": project.retention_days,
        "model": project.model,
        "created": project.created_at,
        "changed": project.changed_at,
    }
