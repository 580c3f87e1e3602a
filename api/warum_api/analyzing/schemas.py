"""What `POST /v1/analyze` takes and gives, as it stands in OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
)

from warum.stages.language import language_code

MOST_COMMENTS = 1_000
_WHOLE = 2**63


def _whole_characters(text: str) -> str:
    """Refuse halves of characters (lone surrogates), which JSON can write and no encoding knows."""
    if not text.isascii() and any("\ud800" <= sign <= "\udfff" for sign in text):
        raise ValueError("holds half a character (a lone surrogate)")
    return text


def _known_language(name: str) -> str:
    code = language_code(_whole_characters(name))
    if code is None:
        raise ValueError("is no language: give an ISO 639-1 code such as de, or a name")
    return code


# Lengths first: behind a function, pydantic would not know that they are those of a text.
_Whole = AfterValidator(_whole_characters)
Short = Annotated[str, StringConstraints(min_length=1, max_length=200), _Whole]
Language = Annotated[str, StringConstraints(max_length=40), AfterValidator(_known_language)]
Long = Annotated[str, StringConstraints(max_length=2_000), _Whole]
ById = Annotated[Short | Annotated[int, Field(gt=-_WHOLE, lt=_WHOLE)], Field(union_mode="smart")]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class CommentIn(_Strict):
    """One comment."""

    id: ById = Field(
        description="Comes back as it is; may stand twice, each comment has its own result."
    )
    text: Annotated[str, _Whole] | None = Field(
        description="The comment, of at most 50,000 characters unless set otherwise; "
        "null or empty where there is none."
    )
    language: Language | None = Field(
        default=None, description="ISO 639-1 code where it is known; else it is detected."
    )
    question: Long | None = Field(default=None, description="The question that it answers.")
    source: Long | None = Field(
        default=None, description="Where it came from: survey, review, ticket, social, …"
    )


_ByLanguage = Long | Annotated[dict[str, Long], Field(max_length=20)]
_Phrases = Annotated[
    dict[str, Annotated[list[Long], Field(max_length=50)]], Field(max_length=20)
]  # fmt: skip


class CategoryIn(_Strict):
    """A category: the better it is described, the better it is found."""

    code: Short = Field(
        description="Stable code; the part before the first dot is its first level."
    )
    title: _ByLanguage = Field(description="A title, or one per language: {en: …, de: …}.")
    description: _ByLanguage = Field(description="What belongs to it, likewise.")
    examples: _Phrases = Field(default_factory=dict, description="Phrases per language.")
    stage: Literal["awareness", "consideration", "purchase", "retention", "advocacy"] = Field(
        default="retention", description="Journey stage where the text names none."
    )
    touchpoint: Literal["physical", "digital", "contact_centre", "delivery", "product"] = Field(
        default="product", description="Touchpoint where the text names none."
    )
    owner: Short | None = Field(
        default=None, description="Who looks after it; comes back as it is."
    )


class TaxonomyIn(_Strict):
    """A taxonomy that comes with the call, in the form of the YAML that `warum taxonomy show` prints."""

    name: Short = Field(default="inline", description="Comes back in `taxonomy.name`.")
    version: Short = Field(default="0", description="Version of the taxonomy.")
    title: _ByLanguage | None = Field(default=None, description="Title of the taxonomy.")
    parents: Annotated[dict[str, _ByLanguage], Field(max_length=100)] = Field(
        default_factory=dict, description="Titles of the first levels."
    )
    categories: list[CategoryIn] = Field(
        min_length=1, max_length=100, description="The categories."
    )


def _kind_of_taxonomy(value: object) -> str:
    return "inline" if isinstance(value, (dict, TaxonomyIn)) else "name"


Taxonomy = Annotated[
    Annotated[Short, Tag("name")] | Annotated[TaxonomyIn, Tag("inline")],
    Discriminator(_kind_of_taxonomy),
]
# What is no comment stays as it is, and becomes an error entry.
_Anything = Annotated[Any, Field(title="Anything else", description="Becomes an error entry.")]
Item = Annotated[CommentIn | _Anything, Field(union_mode="left_to_right")]


class AnalyzeRequest(_Strict):
    """Comments to read."""

    comments: list[Item] = Field(
        min_length=1,
        max_length=MOST_COMMENTS,
        description="1 to 1,000 comments. One that cannot be read becomes an error entry in its place.",
    )
    language: Language | None = Field(
        default=None, description="Language of all comments that name none themselves."
    )
    question: Long | None = Field(
        default=None, description="The question that they answer, likewise."
    )
    source: Long | None = Field(default=None, description="Where they came from, likewise.")
    taxonomy: Taxonomy | None = Field(
        default=None, description="Name of a built-in taxonomy (`cx`, the default), or a taxonomy."
    )


class ModelOut(BaseModel):
    """What read the comments."""

    name: str
    version: str = Field(description="Another version may read the same text differently.")


class TaxonomyOut(BaseModel):
    """What the comments were read by."""

    name: str
    hash: str = Field(description="Changes with everything that could change a reading.")


class OpinionOut(BaseModel):
    """A judgement that a comment makes of a category."""

    category: str = Field(description="Stable code out of the taxonomy.")
    title: str = Field(description="Its title, in the language of `Accept-Language`: en or de.")
    sentiment: float = Field(ge=-1, le=1, description="From -1 (worst) to 1 (best).")
    polarity: Literal["negative", "neutral", "positive"]
    confidence: float = Field(
        ge=0, le=1, description="Calibrated probability that the comment holds this category."
    )
    start: int = Field(ge=0, description="First character of the evidence, in Unicode code points.")
    end: int = Field(ge=1, description="The character behind the evidence.")
    evidence: str = Field(
        description="`text[start:end]`, with personal data such as e-mail addresses blacked out (█)."
    )
    stage: str = Field(description="Stage of the customer journey.")
    touchpoint: str
    source: Literal["model", "rule", "person"] = Field(description="What produced it.")
    owner: str | None = Field(description="Who looks after the category, where the taxonomy says.")


class WarningOut(BaseModel):
    """What is odd about a comment."""

    code: Literal["no_text", "non_answer", "language_unsure", "other_language", "redacted"]
    message: str = Field(description="In the language of `Accept-Language`: en or de.")


class ResultOut(BaseModel):
    """What was read from a comment."""

    id: str | int
    language: str | None = Field(
        description="ISO 639-1 code; `und` where it could not be told, null where there is no text."
    )
    sentiment: float | None = Field(description="Of the whole comment, -1 to 1; null if not read.")
    polarity: Literal["negative", "neutral", "positive"] | None
    emotion: str | None = Field(
        description="joy, gratitude, anger, disappointment, sadness, fear, confusion, surprise or neutral."
    )
    intent: str | None = Field(
        description="complaint, praise, question, suggestion, bug_report, churn_risk or other."
    )
    effort: str | None = Field(description="What it took the customer: low, high or none said.")
    opinions: list[OpinionOut] = Field(description="In the order of the text.")
    warnings: list[WarningOut]


class EntryError(BaseModel):
    """Why a comment was not read."""

    code: Literal["invalid_comment", "text_too_long", "unreadable"]
    message: str = Field(description="What is wrong, and where.")
    came: str | None = Field(description="What came, shortened.")
    expected: str | None


class ErrorOut(BaseModel):
    """Stands in the place of a result; the other comments are read all the same."""

    id: str | int | None = Field(description="Null where the comment has no usable id.")
    error: EntryError


class AnalyzeReply(BaseModel):
    """What was read: `results[i]` belongs to `comments[i]`."""

    model: ModelOut
    taxonomy: TaxonomyOut
    results: list[ResultOut | ErrorOut]
