"""The routing rule: a small table, shipped as YAML and made to be changed.

    | row        | intent                 | emotion | polarity | least | urgency |
    | leaving    | churn_risk             |         |          | 0.6   | urgent  |
    | furious    | complaint, bug_report  | anger   | negative | 0.6   | high    |
    | afraid     |                        | fear    | negative | 0.6   | high    |
    | broken     | bug_report             |         | negative | 0.6   | high    |
    | complaint  | complaint              |         |          | 0.5   | normal  |
    | question   | question               |         |          | 0.5   | normal  |
    | praise     | praise                 |         | positive | 0.6   | low     |
    | suggestion | suggestion             |         |          | 0.6   | low     |
    | otherwise  |                        |         |          |       | normal  |

The first row whose conditions all hold sets the urgency; intent and emotion hold only with the probability `least`.
A row may also ask for `category`: a code, or a first level for all that is below it. The category is that of the
opinion with at least `least_category` confidence that shares the comment's polarity, then the most confident, then
the first; its `owner` in the taxonomy looks after the ticket, else `fallback_owner`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Annotated, Any, Literal, Self, get_args

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from warum.errors import UsageError
from warum.records import Polarity
from warum_models.protocol import EMOTIONS, INTENTS

Urgency = Literal["low", "normal", "high", "urgent"]
URGENCIES: tuple[Urgency, ...] = get_args(Urgency)
"""From least to most urgent; the words of Zendesk's priority."""

_Share = Annotated[float, Field(ge=0, le=1)]
_Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Conditions(_Strict):
    """What a row asks for; empty lists ask for nothing."""

    intent: tuple[str, ...] = Field(
        default=(), max_length=20, description=f"One of these was read: {', '.join(INTENTS)}."
    )
    emotion: tuple[str, ...] = Field(
        default=(), max_length=20, description=f"One of these was read: {', '.join(EMOTIONS)}."
    )
    polarity: tuple[Polarity, ...] = Field(
        default=(), max_length=3, description="The polarity of the whole comment is one of these."
    )
    category: tuple[_Name, ...] = Field(
        default=(),
        max_length=100,
        description="The chosen category is one of these, or below one of these first levels.",
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name, values, known in (
            ("intent", self.intent, INTENTS),
            ("emotion", self.emotion, EMOTIONS),
        ):
            unknown = sorted(set(values) - set(known))
            if unknown:
                raise ValueError(f"{name} {unknown[0]!r} is not known, expected some of {known}")
        return self

    @property
    def any(self) -> bool:
        """Whether there is a condition."""
        return bool(self.intent or self.emotion or self.polarity or self.category)


class Row(_Strict):
    """A row of the table."""

    name: _Name = Field(description="Comes back as `why.row`.")
    when: Conditions = Field(description="All of them must hold; none in the last row.")
    least: _Share = Field(
        default=0.5, description="Probability from which an intent or an emotion counts as read."
    )
    urgency: Urgency = Field(description="What the row gives.")


class RoutingRule(_Strict):
    """The table, and how category and owner are chosen."""

    name: _Name = Field(description="Comes back with every answer.")
    version: _Name = Field(description="Likewise.")
    least_category: _Share = Field(
        default=0.5,
        description="Confidence from which an opinion may give the category: of these one with the comment's own "
        "polarity, then the most confident, then the first.",
    )
    fallback_owner: _Name | None = Field(
        default=None, description="Of tickets whose category has no `owner`, or that have none."
    )
    rows: tuple[Row, ...] = Field(
        min_length=1,
        max_length=100,
        description="Tried from above: the first whose conditions hold sets the urgency.",
    )

    @model_validator(mode="after")
    def _total(self) -> Self:
        if self.rows[-1].when.any:
            raise ValueError(f"the last row {self.rows[-1].name!r} has conditions, expected none")
        early = [row.name for row in self.rows[:-1] if not row.when.any]
        if early:
            raise ValueError(f"the row {early[0]!r} has no condition, so those below never count")
        names = [row.name for row in self.rows]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"the row {twice[0]!r} stands twice")
        return self


def parse_rule(text: str, *, origin: str) -> RoutingRule:
    """A rule from YAML.

    Args:
        text: The YAML.
        origin: Where it came from, for messages.

    Raises:
        UsageError: If it cannot be used; the message names the place and what stood there.
    """
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UsageError(f"{origin!r} is no readable YAML: {error}.") from None
    if not isinstance(data, Mapping):
        raise UsageError(f"{origin!r} holds {data!r}, expected a routing rule.")
    return rule_of(data, origin=origin)


def rule_of(data: Mapping[str, Any], *, origin: str) -> RoutingRule:
    """A rule that is parsed already.

    Raises:
        UsageError: As `parse_rule`.
    """
    try:
        return RoutingRule.model_validate(data)
    except ValidationError as error:
        wrong = error.errors(include_url=False)[0]
        place = ".".join(map(str, wrong["loc"])) or "the rule"
        message = wrong["msg"].removeprefix("Value error, ")
        came = "" if isinstance(wrong["input"], Mapping) else f" (came: {wrong['input']!r})"
        raise UsageError(
            f"{origin!r}: {place}: {message}{came}.", hint="The shipped rule shows the form."
        ) from None


def shipped_text() -> str:
    """The YAML of the shipped rule."""
    return (files("warum_api.adapting") / "routing.yaml").read_text("utf-8")


def shipped_rule() -> RoutingRule:
    """The shipped rule."""
    return parse_rule(shipped_text(), origin="routing.yaml")
