"""From a checked request to the bytes of its reply; knows nothing of HTTP but its problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warum.caveats import Ui
from warum.records import Comment, ReadComment
from warum_api.analyzing.entries import Refused, accepted
from warum_api.analyzing.replies import Rendering, reply
from warum_api.analyzing.schemas import AnalyzeRequest, TaxonomyIn
from warum_api.engine.deadlines import Deadline
from warum_api.engine.engine import Engine
from warum_api.observing.metrics import Metrics
from warum_api.problems import Problem

_UNREADABLE = "The model failed on this comment: tell the operator the id of the request."


@dataclass(frozen=True, slots=True)
class Analyzed:
    """An answered request.

    Attributes:
        body: The reply as JSON.
        outcomes: How many comments were `read`, or became an error entry, by its code.
    """

    body: bytes
    outcomes: Mapping[str, int]


class Analyzer:
    """Answers requests with what the engine reads.

    Args:
        engine: Reads the comments.
        metrics: Where comments are counted.
        most_comments: Most comments of a request.
        most_characters: Most characters of a text.
    """

    def __init__(
        self, engine: Engine, metrics: Metrics, *, most_comments: int, most_characters: int
    ) -> None:
        self._engine, self._metrics = engine, metrics
        self._most_comments, self._most_characters = most_comments, most_characters

    async def analyze(self, request: AnalyzeRequest, *, ui: Ui, deadline: Deadline) -> Analyzed:
        """Read the comments of a request.

        Args:
            request: The request.
            ui: Language of titles and messages.
            deadline: When it has to be answered.

        Raises:
            Problem: If the request as a whole is refused; a comment that cannot be read is an error entry.
        """
        if len(request.comments) > self._most_comments:
            raise Problem(
                "invalid_request",
                "Send fewer comments at a time.",
                came=f"{len(request.comments)} comments",
                expected=f"1 to {self._most_comments} comments",
            )
        entries = [accepted(item, request, self._most_characters) for item in request.comments]
        compiled = await self._engine.compiled(_asked_for(request), deadline)
        comments = [entry for entry in entries if isinstance(entry, Comment)]
        read = iter(await self._engine.read(comments, compiled, deadline))
        rendering = Rendering(compiled.taxonomy, compiled.languages, ui)
        results = []
        for item, entry in zip(request.comments, entries, strict=True):
            if isinstance(entry, Refused):
                results.append(entry.entry())
                continue
            found = next(read)
            if isinstance(found, ReadComment):
                results.append(rendering.result(item.id, found))
            else:
                results.append(Refused(item.id, "unreadable", _UNREADABLE).entry())
        outcomes = Counter(r["error"]["code"] if "error" in r else "read" for r in results)
        for outcome, count in outcomes.items():
            self._metrics.comments.labels(outcome).inc(count)
        body = reply((compiled.model, compiled.version), compiled.taxonomy, results)
        return Analyzed(body, outcomes)


def _asked_for(request: AnalyzeRequest) -> str | Mapping[str, Any] | None:
    """The taxonomy as it was asked for; of one that came along only what was said."""
    if isinstance(request.taxonomy, TaxonomyIn):
        return {"name": "inline", **request.taxonomy.model_dump(exclude_unset=True)}
    return request.taxonomy
