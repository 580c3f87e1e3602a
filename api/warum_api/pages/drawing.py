"""An overview drawn: what takes long is drawn once, and kept while nothing behind it changes."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from threading import Lock

from markupsafe import Markup

from warum.caveats import Ui
from warum.report.html import Asking, Embedded, Linked, embed_reasons, embed_topics
from warum_api.pages.choices import Choices, choices_of, spelled
from warum_api.pages.comment_filters import Filters
from warum_api.pages.questions import in_comments, restricts
from warum_api.pages.reasons import Reasons, Shown, first_score
from warum_api.results.remembering import Key, Remembered
from warum_api.results.shelf import Shelf
from warum_api.storing.results import UNUSED

DRAWN = 32
"""Overviews that stay drawn, of half a megabyte each."""
_AT_ONCE = 2
_PATIENCE = 4.0


@dataclass(frozen=True)
class Drawn:
    """An overview.

    Attributes:
        reasons: Its heading, and the reasons.
        topics: What was spoken of.
        choices: What can be asked of it.
    """

    reasons: Embedded
    topics: Markup
    choices: Choices


class Drawing:
    """Draws overviews.

    Args:
        shelf: Has the results.
        reasons: Finds what to draw.
    """

    def __init__(self, shelf: Shelf, reasons: Reasons) -> None:
        self._shelf, self._reasons = shelf, reasons
        self._drawn = Remembered[Embedded](DRAWN)
        self._topics = Remembered[Markup](DRAWN)
        self._choices = Remembered[Choices](DRAWN)
        self._where = Remembered[tuple[str, ...]](DRAWN)
        self._drawers = ThreadPoolExecutor(_AT_ONCE, "drawing")
        self._begun: dict[Key, Future[Drawn]] = {}
        self._one = Lock()

    def soon(
        self, project: str, shown: Shown, score: str, ui: Ui, patience: float = _PATIENCE
    ) -> Drawn | None:
        """An overview, or None while it is still being drawn: ask again.

        Args:
            project: The project, for links.
            shown: What it shows.
            score: The score of which the most is told; empty for the first.
            ui: Language.
            patience: Seconds to wait for it.

        Raises:
            Problem: As `overview`.
        """
        why = "" if shown.why is None else shown.why.state
        key = shown.now.key(shown.then.state, why, shown.asked, score, ui)
        with self._one:
            begun = self._begun.get(key)
            if begun is None:
                begun = self._drawers.submit(self.overview, project, shown, score, ui)
                self._begun[key] = begun
        try:
            return begun.result(patience)
        except NotYet:
            return None
        finally:
            if (
                begun.done()
            ):  # what was drawn is remembered elsewhere, and forgotten there in its time
                with self._one:
                    self._begun.pop(key, None)

    def overview(self, project: str, shown: Shown, score: str, ui: Ui) -> Drawn:
        """An overview.

        Args:
            project: The project, for links.
            shown: What it shows.
            score: The score of which the most is told; empty for the first.
            ui: Language.

        Raises:
            Problem: `not_found`, if there is no such score; `conflict`, if the question fits no more.
        """
        linked = self._linked(project, shown)
        why = "" if shown.why is None else shown.why.state
        reasons = self._drawn.get(
            shown.then.key("reasons", why, shown.asked, score, ui),
            lambda: self._draw_reasons(shown, score, ui, linked),
        )
        topics = self._topics.get(
            shown.now.key("topics", shown.then.state, shown.asked, score, ui),
            lambda: self._draw_topics(shown, score, ui, linked),
        )
        return Drawn(reasons, topics, self.choices(shown))

    def choices(self, shown: Shown) -> Choices:
        """What can be asked of a result; corrections change nothing of it."""
        found = shown.then
        return self._choices.get(found.key("choices"), lambda: choices_of(self._shelf.read(found).reading))  # fmt: skip

    def _draw_reasons(self, shown: Shown, score: str, ui: Ui, linked: Linked) -> Embedded:
        analysis, answer = self._reasons.analysis(shown), self._reasons.answer(shown)
        summary, answer = first_score(analysis.summary, answer, score)
        sections = () if answer is None else analysis.sections(answer, ui, drivers_pictured=False)
        return embed_reasons(summary, ui, sections, linked, _asking(shown))

    def _draw_topics(self, shown: Shown, score: str, ui: Ui, linked: Linked) -> Markup:
        summary = self._reasons.counted_now(shown, self._reasons.analysis(shown))
        return embed_topics(first_score(summary, None, score)[0], ui, linked, _asking(shown))

    def _linked(self, project: str, shown: Shown) -> Callable[[str, str | None], str]:
        found, where = shown.then, tuple(shown.asked.get("where", ()))
        if where:
            reading = self._shelf.read(found).reading
            where = self._where.get(found.key("where", where), lambda: spelled(where, reading))
        base = in_comments(shown.asked, where) if restricts(shown.asked) else Filters()

        def linked(category: str, polarity: str | None) -> str:
            return f"/projects/{project}/comments{base.about(category, polarity or '').query()}"

        return linked


def _asking(shown: Shown) -> Asking:
    """Where the columns of the newest file are asked for: an address that stays."""
    stored = shown.now.stored
    return Asking(f"/projects/{stored.project}/columns", tuple(stored.facts.get(UNUSED, ())))
