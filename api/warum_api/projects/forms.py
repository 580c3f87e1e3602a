"""What comes to the routes of projects, and what goes back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from warum_api.storing.uploads import Purpose, UploadState
from warum_api.strict import Strict, Time

Days = Annotated[
    int | None,
    Field(ge=1, le=36_500, description="Days after which comments are erased; null: never."),
]
ModelName = Annotated[str, Field(pattern=r"^(auto|accurate|fast|mdl_[0-9a-f]{20})$")]
Cell = str | int | float | bool | None


def _of_calendar(moment: datetime) -> datetime:
    """The moment in UTC, which the first and the last day there are may lack.

    Raises:
        ValueError: If it does.
    """
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise ValueError(
            "is before the first or after the last day of the calendar in UTC"
        ) from None


class ColumnsIn(Strict):
    """Which column of the files is what, as the options of `warum analyze`; what is left out is detected."""

    text: str | list[str] | None = Field(default=None, description="Column or columns of comments.")
    score: str | list[str] | None = Field(
        default=None, description="Score columns, each `COLUMN` or `COLUMN:metric`."
    )
    number: str | list[str] | None = None
    by: str | list[str] | None = Field(default=None, description="Columns of segments.")
    metric: str | None = None
    scale: str | None = Field(default=None, description="`LOW:HIGH`.")
    missing: str | None = Field(default=None, description="Codes that mean none: `6,7`.")
    lower_is_better: bool = False
    question: str | None = None
    weight: str | None = None
    id: str | None = None
    customer: str | None = None
    date: str | None = None
    date_format: str | None = None
    stage: str | None = None
    touchpoint: str | None = None
    source: str | None = None
    channel: str | None = None
    language: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    since: str | None = None
    until: str | None = None

    def said(self) -> dict[str, Any]:
        """What was said of it."""
        return self.model_dump(exclude_defaults=True)


class ProjectIn(Strict):
    """A project as it is to be made."""

    name: str = Field(min_length=1, max_length=200, description="For people.")
    taxonomy: str | dict[str, Any] = Field(
        default="cx", description="Name of a built-in taxonomy, or one as an object."
    )
    columns: ColumnsIn = Field(default=ColumnsIn(), description="Which column is what.")
    retention_days: Days = None
    model: Literal["auto", "accurate", "fast"] | None = Field(
        default=None, description="What comments are read with; null: the service's."
    )


class ProjectChange(Strict):
    """What is to be changed of a project; what is left out stays."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    taxonomy: str | dict[str, Any] | None = None
    columns: ColumnsIn | None = None
    retention_days: Days = None
    model: ModelName | None = Field(
        default=None,
        description="A shipped model, or the id of one that was trained in this project; null: the service's.",
    )


class ProjectOut(BaseModel):
    """A project."""

    id: str
    name: str
    taxonomy: str | dict[str, Any] = Field(description="Name of a built-in one, or the whole.")
    columns: dict[str, Any] = Field(description="What was said of the columns.")
    retention_days: int | None = Field(
        description="Days after which comments are erased; null: never."
    )
    model: str | None = Field(description="What comments are read with; null: the service's.")
    created: datetime
    changed: datetime


class ProjectWhole(ProjectOut):
    """A project, and what is in it."""

    appended: int = Field(description="Comments that were appended.")


class ProjectsOut(BaseModel):
    """Some projects."""

    items: list[ProjectOut]
    next: str | None = Field(description="`after` of the next page; null on the last.")


class UploadIn(Strict):
    """A file as it is announced."""

    name: str = Field(min_length=1, max_length=255, description="Its name, for people.")
    size: int | None = Field(default=None, ge=0, description="Bytes, where they are known.")
    sha256: str | None = Field(default=None, pattern="^[0-9a-fA-F]{64}$", description="Is checked.")
    purpose: Purpose = Field(
        default="data",
        description="`data` is analysed; on `labels`, in the forms of `warum train`, own models are trained.",
    )


class UploadOut(BaseModel):
    """A file on its way, or there."""

    id: str
    name: str
    size: int | None = Field(description="Bytes; null while it is not known.")
    received: int = Field(description="Bytes that are there: the next piece begins behind them.")
    sha256: str | None = Field(
        description="Of what is there, once it is complete; before, what was announced."
    )
    state: UploadState = Field(description="What has become of it.")
    purpose: Purpose = Field(description="What it is for.")
    created: datetime
    changed: datetime


class ColumnSeen(BaseModel):
    """What a column was taken for."""

    role: str = Field(description="What it is taken for.")
    column: str
    how: str = Field(description="By what: what was said, its header or its values.")


class PreviewOut(BaseModel):
    """The first rows of a file, and what its columns would be taken for."""

    columns: list[str] = Field(description="Their names, in the order of the file.")
    rows: list[list[str | None]] = Field(description="At most 20, cells as text.")
    taken: list[ColumnSeen] = Field(description="What each is taken for.")
    problem: str | None = Field(description="Why the columns cannot be told; null if they can.")
    notes: list[str] = Field(description="What is doubtful, in words.")
    fixed: list[str] | None = Field(
        default=None,
        description="Columns of ids and customers, which stand since the first analysis of the file; null before it.",
    )


class CommentNew(Strict):
    """A comment to append."""

    id: str = Field(min_length=1, max_length=200, description="Unique in its project.")
    text: str | None = Field(default=None, max_length=50_000)
    customer: str | None = Field(default=None, min_length=1, max_length=200)
    date: Annotated[Time, AfterValidator(_of_calendar)] | None = Field(
        default=None, description="With or without a time zone (UTC)."
    )
    fields: dict[str, Cell] = Field(
        default_factory=dict, max_length=100, description="Everything else, by column."
    )


class CommentsIn(Strict):
    """Comments to append."""

    comments: list[CommentNew] = Field(min_length=1, max_length=1_000)


class AppendedOut(BaseModel):
    """What became of them."""

    added: int = Field(description="How many are new.")
    known: list[str] = Field(description="Ids that were there already; they stay as they were.")
    repeated: list[str] = Field(
        description="Ids that stood in the request several times: the first of each was taken, no other."
    )


class ErasureIn(Strict):
    """What is to be erased: one of both."""

    customer: str | None = Field(default=None, min_length=1, max_length=200)
    comment: str | None = Field(default=None, min_length=1, max_length=300)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.customer is None) == (self.comment is None):
            raise ValueError("must have either customer or comment")
        return self


class ErasedOut(BaseModel):
    """What was erased. The audit log says that it happened, never what it was."""

    comments: int = Field(description="How many, of tables and files.")
    files_rewritten: int = Field(description="Data and results without them.")
    files_deleted: int = Field(description="Reports and summaries: analyse the project again.")


class EventOut(BaseModel):
    """Something that happened."""

    seq: int = Field(description="Rises with each.")
    at: datetime
    who: str = Field(description="Id of the key, or subject of the token.")
    action: str = Field(description="What happened.")
    project: str | None
    thing: str | None = Field(description="Id of what it happened to, besides the project.")
    count: int | None = Field(description="How many, where it is of several.")


class EventsOut(BaseModel):
    """Some of the audit log, newest first."""

    items: list[EventOut]
    next: int | None = Field(description="`before` of the next page; null on the last.")


Complete = Literal["?0", "?1"]
