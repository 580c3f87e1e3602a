"""What comes to the routes of audits, and what goes back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from warum.audit.agreement import Agreement
from warum_api.auditing.drawing import Standing
from warum_api.auditing.labelling import Item
from warum_api.auditing.planning import Planned
from warum_api.results.rendering import finite
from warum_api.strict import Strict

Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=100,
        description="Under which name is labelled; left out: who calls.",
    ),
]
Side = Literal["negative", "neutral", "positive"]


class AuditIn(Strict):
    """A sample that is to be drawn from the current result."""

    labels: int = Field(
        default=400,
        ge=1,
        le=20_000,
        description="Occasions to draw; 300 to 600 tell enough for most.",
    )
    seed: int = Field(default=0, ge=0, le=2**31, description="Another seed draws other comments.")
    method: Literal["poisson", "balanced"] = Field(
        default="poisson",
        description="`poisson`: each by itself, can grow; `balanced`: exactly so many.",
    )
    labels_from: str | None = Field(
        default=None,
        max_length=64,
        description="An earlier audit whose labels are kept for comments that are drawn again.",
    )


class LabellerOut(BaseModel):
    """Somebody who labels."""

    labeller: str
    labelled: int
    complete: bool = Field(description="Whether every comment of the audit is labelled.")


class AgreementOut(BaseModel):
    """Krippendorff's alpha: 1 is full agreement, 0 chance."""

    category: str | None = Field(description="Null: all categories together.")
    alpha: float | None
    low: float | None
    high: float | None
    comments: int = Field(description="That two people or more have labelled.")
    seen: int = Field(description="Comments in which at least one of them saw it.")


class CategoryOut(BaseModel):
    """A category to choose from."""

    code: str
    title: dict[str, str] = Field(description="By language.")


class AuditOut(BaseModel):
    """A sample that was drawn."""

    id: str
    created: datetime
    wanted: int | None = Field(description="Occasions that were asked for.")
    comments: int = Field(description="That were drawn.")
    occasions: int = Field(description="That were drawn: a customer's scoring at one date.")
    drawn_from: int | None = Field(description="Occasions that could be drawn.")
    model: str = Field(description="Whose errors are audited: name and version.")
    taxonomy: str
    taxonomy_hash: str = Field(description="Changes with the taxonomy.")
    seed: int = Field(description="Of the draw: the same gives the same sample.")
    method: str | None = Field(description="How it was drawn.")
    result: int | None = Field(description="Version of the result that it was drawn from.")
    labellers: list[LabellerOut] = Field(description="In the order in which they began.")


class AuditWhole(AuditOut):
    """A sample with its categories, and how far people agree on it."""

    categories: list[CategoryOut]
    agreement: list[AgreementOut] | None = Field(
        description="Of two labellers or more; null while no comment has the labels of two."
    )


class LabelIn(Strict):
    """What was seen in a comment."""

    category: str = Field(min_length=1, max_length=200)
    polarity: Side


class LabelsIn(Strict):
    """What a person saw in a comment; an empty list: no category at all."""

    labels: list[LabelIn] = Field(max_length=100)
    labeller: Name | None = None
    note: str = Field(default="", max_length=2_000)


class LabelOut(BaseModel):
    """What was seen in a comment."""

    category: str = Field(description="Its code.")
    polarity: Side | None


class ItemOut(BaseModel):
    """A comment to label. What the model read in it is never shown."""

    comment: str = Field(description="Its id.")
    position: int = Field(description="Its place in the order of labelling, from 0.")
    text: str | None = Field(description="Null where the data hold it no more, or another one.")
    question: str = Field(description="That it answers; empty where it is not known.")
    language: str = Field(description="ISO 639-1 code.")
    labels: list[LabelOut] | None = Field(
        description="This labeller's; null while they have not looked."
    )
    note: str = Field(description="What the labeller wrote beside it.")


class NextOut(BaseModel):
    """The next comment of a labeller."""

    item: ItemOut | None = Field(description="Null when all are labelled.")
    labelled: int = Field(description="Comments that this labeller is done with.")
    total: int = Field(description="Comments of the audit.")


class ItemsOut(BaseModel):
    """Some comments of an audit."""

    items: list[ItemOut]
    labelled: int = Field(description="Comments that this labeller is done with.")
    total: int = Field(description="Comments of the audit.")
    next: int | None = Field(description="`start` of the next page; null on the last.")


class WidthOut(BaseModel):
    """How wide the interval is with so many labels."""

    labels: int = Field(description="Occasions labelled.")
    width: float | None = Field(
        description="Of the 95 % interval, in points (percentage points of a share); null where it cannot be told."
    )


class PlanRowOut(BaseModel):
    """What labels would give for a category and polarity."""

    category: str
    polarity: Side
    share: float = Field(description="Share of occasions that mention it, 0..1.")
    widths: list[WidthOut] = Field(description="By number of labels.")
    labels: int | None = Field(
        description="For the wanted width; null where none was asked for, or no number suffices."
    )


class PlanOut(BaseModel):
    """A plan; without a labelled first sample it is rough, a quarter more or less."""

    score: str = Field(description="Column of the score.")
    occasions: int = Field(description="That could be drawn.")
    of: Literal["effect", "impact", "share"] = Field(description="Whose interval is planned.")
    width: float | None = Field(description="The wanted width; null where none was asked for.")
    basis: str = Field(description="`f1`, or the id of the audit that it is planned from.")
    rows: list[PlanRowOut]


def audit_fields(standing: Standing) -> dict[str, object]:
    """The fields of `AuditOut`."""
    facts = standing.sample.facts
    drawn_from = str(facts.get("frame", "")).rpartition("/")[2]
    return {
        "id": standing.sample.id, "created": standing.sample.created_at,
        "wanted": facts.get("wanted"), "comments": standing.comments,
        "occasions": standing.occasions,
        "drawn_from": int(drawn_from) if drawn_from.isdigit() else None,
        "model": facts.get("model", ""), "taxonomy": facts.get("taxonomy", ""),
        "taxonomy_hash": facts.get("taxonomy_hash", ""), "seed": facts.get("seed", 0),
        "method": facts.get("method"), "result": facts.get("result"),
        "labellers": [
            LabellerOut(
                labeller=one.labeller, labelled=one.labelled,
                complete=one.labelled == standing.comments,
            )
            for one in standing.labellers
        ],
    }  # fmt: skip


def agreement_out(found: Agreement) -> AgreementOut:
    """How far people agree, as it goes back."""
    alpha = found.alpha
    value, low, high = (finite(one) for one in (alpha.value, alpha.low, alpha.high))
    return AgreementOut(
        category=found.category or None, alpha=value, low=low, high=high, comments=alpha.n, seen=found.seen
    )  # fmt: skip


def item_out(item: Item) -> ItemOut:
    """A comment as it goes back."""
    labels = item.labels
    return ItemOut(
        comment=item.comment, position=item.position, text=item.text, question=item.question,
        language=item.language, note=item.note,
        labels=None if labels is None else [LabelOut.model_validate({"category": c, "polarity": p}) for c, p in labels],
    )  # fmt: skip


def plan_out(
    planned: Planned,
    of: Literal["effect", "impact", "share"],
    width: float | None,
    audit: str | None,
) -> PlanOut:
    """A plan as it goes back."""
    rows = [
        {
            "category": row.category, "polarity": row.polarity, "share": row.share, "labels": row.labels,
            "widths": [{"labels": n, "width": finite(value)} for n, value in row.widths],
        }
        for row in planned.rows
    ]  # fmt: skip
    return PlanOut.model_validate({
        "score": planned.score, "occasions": planned.occasions, "of": of, "width": width,
        "basis": audit or "f1", "rows": rows,
    })  # fmt: skip
