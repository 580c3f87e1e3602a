"""Which tools are connected and how, and the seams to where that is stored and to the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from warum.records import Comment
from warum.taxonomy import Taxonomy
from warum_api.adapting.mapping import JsonMapping
from warum_api.adapting.rules import RoutingRule
from warum_api.engine.deadlines import Deadline

Tool = Literal["zendesk", "freshdesk", "json"]


@dataclass(frozen=True, slots=True)
class Adapter:
    """A tool that is connected.

    Attributes:
        adapter_id: Stands in its URL: random, so that it cannot be guessed.
        tenant: Whose.
        tool: Which.
        secrets: Zendesk: signing secrets. Freshdesk and JSON: shared secrets. Several while one is exchanged.
        rule: How its tickets are routed.
        taxonomy: Name of a shipped taxonomy, one as parsed YAML, or None for the default.
        mapping: Where things stand in its JSON; for the tool `json` only.
        language: Language of comments that name none; None to detect it.

    Raises:
        ValueError: If there is no secret, or a mapping is missing or of no use.
    """

    adapter_id: str
    tenant: str
    tool: Tool
    secrets: tuple[str, ...] = field(repr=False)
    rule: RoutingRule
    taxonomy: str | Mapping[str, Any] | None = None
    mapping: JsonMapping | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if not any(self.secrets) or not all(self.secrets):
            raise ValueError(f"the adapter {self.adapter_id!r} has an empty secret or none")
        if (self.tool == "json") != (self.mapping is not None):
            raise ValueError(f"mapping is {self.mapping!r} for the tool {self.tool!r}")


class Adapters(Protocol):
    """Where adapters are stored."""

    async def find(self, adapter_id: str) -> Adapter | None:
        """The adapter of this id, whoever's; None if there is none."""
        ...


class Compiled(Protocol):
    """A taxonomy made ready, and what reads by it."""

    @property
    def taxonomy(self) -> Taxonomy:
        """The taxonomy."""
        ...

    @property
    def model(self) -> str:
        """Name of the model."""
        ...

    @property
    def version(self) -> str:
        """Version of the model."""
        ...


Ready = TypeVar("Ready", bound=Compiled)


class Reader(Protocol[Ready]):
    """What reads comments; `warum_api.engine.engine.Engine` does."""

    async def compiled(self, taxonomy: str | Mapping[str, Any] | None, deadline: Deadline) -> Ready:
        """A taxonomy made ready."""
        ...

    async def read(
        self, comments: Sequence[Comment], compiled: Ready, deadline: Deadline
    ) -> Sequence[object]:
        """As many as came: `ReadComment`, or something else for one that could not be read."""
        ...
