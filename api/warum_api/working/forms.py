"""What jobs are submitted as."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from warum_api.projects.forms import ModelName
from warum_api.strict import Strict

AuditId = Annotated[
    str | None,
    Field(
        max_length=64,
        description="A labelled audit of the project: shares and drivers corrected for the model's errors stand "
        "beside what the model alone says. Corrections of single opinions are then not applied.",
    ),
]


class QuestionIn(Strict):
    """What is asked of the "why", as the options of `warum why`."""

    before: str | None = Field(default=None, max_length=40, description="First period of a change.")
    after: str | None = Field(default=None, max_length=40, description="Second period.")
    compare: str | None = Field(default=None, max_length=300, description="`COLUMN=A,B`.")
    since: str | None = Field(default=None, max_length=40)
    until: str | None = Field(default=None, max_length=40)
    where: list[str] = Field(default=[], max_length=20, description="Each `COLUMN=VALUE`.")
    segment: str | None = Field(default=None, max_length=200)
    by_polarity: bool = False
    level_model: Literal["linear", "ordered", "multinomial"] | None = None
    what_if: list[str] = Field(default=[], max_length=20, description="Each `CATEGORY=-33%`.")
    value_per_point: float | None = None
    cost: float | None = Field(default=None, ge=0)
    level: float = Field(default=0.95, ge=0.5, lt=1, description="Of the intervals.")
    draws: int = Field(default=1_000, ge=200, le=10_000, description="Bootstrap draws.")
    seed: int = Field(default=0, ge=0, le=2**31)
    ui: Literal["en", "de"] = Field(default="en", description="Language of the report.")
    control: list[str] = Field(default=[], max_length=20)


class AnalyzeJob(Strict):
    """Read all comments of a project and estimate what lies behind its scores."""

    kind: Literal["analyze"]
    model: ModelName | None = Field(
        default=None,
        description="A shipped model or the id of an own one; left out: the project's, else the service's.",
    )
    min_group: int | None = Field(default=None, ge=1, le=1_000, description="Least group shown.")
    satisfied_from: float | None = Field(default=None, description="For CSAT.")


class WhyJob(Strict):
    """Ask for the reasons, from the current result."""

    kind: Literal["why"]
    question: QuestionIn = QuestionIn()
    audit: AuditId = None
    alerts: bool = Field(
        default=False,
        description="Go on from the last such job: what has gone wrong since is told to webhooks, each once. "
        "The first one tells nothing and sets the beginning.",
    )


class ReportJob(Strict):
    """Make the report of a version, to be downloaded."""

    kind: Literal["report"]
    version: Annotated[int, Field(ge=1, lt=10**9)] | Literal["current"] = Field(
        default="current", description="Of the result, as it is when the job is submitted."
    )
    ui: Literal["en", "de"] = Field(default="en", description="Its language.")
    question: QuestionIn | None = Field(
        default=None,
        description="Whose answer stands in it; its own `ui` does not count. Left out: none.",
    )
    audit: AuditId = None


class LabelColumns(Strict):
    """Which column of the labels is what, as the options of `warum train`; what is left out is detected."""

    format: Literal["long", "list", "wide"] | None = None
    text: str | None = Field(default=None, max_length=200)
    category: str | None = Field(default=None, max_length=200)
    polarity: str | None = Field(default=None, max_length=200)
    language: str | None = Field(default=None, max_length=200)
    question: str | None = Field(default=None, max_length=200)
    source: str | None = Field(default=None, max_length=200)


class TrainJob(Strict):
    """Train an own model on labels: its figures are cross-validated, and the project can then read with it."""

    kind: Literal["train"]
    labels: str = Field(
        max_length=64,
        description="`corrections`: the comments that people corrected, or the id of an upload with the purpose "
        "`labels`. Comments of an audit are never trained on: in a file they are refused, unless `skip_bad`.",
    )
    name: str = Field(default="", max_length=200, description="For people.")
    base: Literal["accurate", "auto"] = Field(default="accurate", description="What it is put on.")
    columns: LabelColumns = Field(default=LabelColumns(), description="Of the uploaded file.")
    skip_bad: bool = Field(default=False, description="Go on without rows that cannot be used.")


EXAMPLES: dict[str, Any] = {
    "analyze": {"summary": "Analyse the project", "value": {"kind": "analyze"}},
    "why": {
        "summary": "Why the metric moved",
        "value": {"kind": "why", "question": {"before": "2026-Q1", "after": "2026-Q2"}},
    },
    "audit": {
        "summary": "The same, corrected by an audit",
        "value": {"kind": "why", "audit": "smp_3f0c6a1d9b2e47c5a801"},
    },
    "report": {
        "summary": "A German report",
        "value": {"kind": "report", "version": 3, "ui": "de", "question": {}},
    },
    "train": {
        "summary": "Train on what people corrected",
        "value": {"kind": "train", "labels": "corrections", "name": "Shop, autumn"},
    },
}
