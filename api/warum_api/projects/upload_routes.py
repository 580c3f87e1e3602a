"""The routes by which files come into a project."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Request

from warum_api.guarding.scopes import Reader, Writer
from warum_api.problems import documented
from warum_api.projects.forms import Complete, PreviewOut, UploadIn, UploadOut
from warum_api.projects.keeping import Keeping
from warum_api.projects.previewing import preview
from warum_api.projects.uploading import Uploading
from warum_api.storing.uploads import Upload

PIECE = """\
The body is the next piece, as bytes. `Upload-Offset` says where it begins: at first 0, then `received` of the answer
before. A client that lost its connection asks for the upload and goes on behind `received`. The file is complete when
its announced size is there, or with `Upload-Complete: ?1`.
"""
_ALL = "/v1/projects/{project}/uploads"
_ID = _ALL + "/{upload}"
_FOUND = documented("not_found", "invalid_request")


def upload_routes(uploading: Uploading, keeping: Keeping) -> APIRouter:
    """The routes.

    Args:
        uploading: Takes files.
        keeping: Knows the projects.
    """
    router = APIRouter(tags=["uploads"])

    @router.post(
        _ALL,
        status_code=201,
        summary="Announce a file",
        responses=documented("malformed_json", "missing_scope", "not_found", "body_too_large", "invalid_request"),
    )  # fmt: skip
    def begin(
        project: str, asked: Annotated[UploadIn, Body(openapi_examples=_FILES)], caller: Writer
    ) -> UploadOut:
        return _shown(uploading.begin(caller.tenant, project, **asked.model_dump()))

    @router.get(_ALL, summary="List uploads", responses=_FOUND)
    def listed(project: str, caller: Reader) -> list[UploadOut]:
        return [_shown(one) for one in uploading.all(caller.tenant, project)]

    @router.get(_ID, summary="How much of a file is there", responses=_FOUND)
    def one(project: str, upload: str, caller: Reader) -> UploadOut:
        return _shown(uploading.one(caller.tenant, project, upload))

    @router.patch(
        _ID,
        summary="Send a piece of a file",
        description=PIECE,
        responses=documented(
            "missing_scope", "not_found", "body_timeout", "conflict", "body_too_large", "invalid_request"
        ),
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            }
        },
    )  # fmt: skip
    async def put(
        request: Request,
        project: str,
        upload: str,
        caller: Writer,
        upload_offset: Annotated[int, Header(ge=0, le=2**53, description="Where it begins.")],
        upload_complete: Annotated[
            Complete, Header(description="`?1` with the last piece.")
        ] = "?0",
    ) -> UploadOut:
        done = await uploading.put(
            caller.tenant, project, upload, request.stream(),
            at=upload_offset, last=upload_complete == "?1", who=caller.who,
        )  # fmt: skip
        return _shown(done)

    @router.delete(
        _ID,
        status_code=204,
        summary="Delete a file",
        responses=documented("missing_scope", "not_found", "invalid_request"),
    )
    def delete(project: str, upload: str, caller: Writer) -> None:
        uploading.delete(caller.tenant, project, upload)

    @router.get(
        f"{_ID}/preview",
        summary="The first rows, and what its columns would be taken for",
        responses=documented("not_found", "conflict", "invalid_request", "unreadable_file"),
    )
    def previewed(project: str, upload: str, caller: Reader) -> PreviewOut:
        return preview(caller.tenant, keeping, uploading, project, upload)

    return router


_FILES: dict[str, Any] = {
    "csv": {"summary": "A file of 48,213 bytes", "value": {"name": "survey.csv", "size": 48213}},
    "labels": {
        "summary": "Labels to train on",
        "value": {"name": "labels.csv", "purpose": "labels"},
    },
}


def _shown(upload: Upload) -> UploadOut:
    return UploadOut(
        id=upload.id,
        name=upload.name,
        size=upload.size,
        received=upload.received,
        sha256=upload.sha256,
        state=upload.state,
        purpose=upload.purpose,
        created=upload.created_at,
        changed=upload.changed_at,
    )
