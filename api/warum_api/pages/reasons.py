"""What an overview shows: an answer of a job `why`, the analysis that it is about, and what has happened since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from warum.analysis import Analysis
from warum.answers.part_facts import facts_of_part
from warum.answers.why import Why
from warum.errors import WarumError
from warum.question import asked_about
from warum.report.counts import roll_up
from warum.report.summary_records import RollUps, Summary
from warum.result import Result
from warum_api.pages.questions import is_same, restricting, restricts
from warum_api.problems import Problem
from warum_api.results.shelf import Found, Shelf
from warum_api.storing.corrections import Correction
from warum_api.storing.results import ANALYSIS, StoredResult

WHY = "why"


@dataclass(frozen=True)
class Shown:
    """What an overview shows.

    Attributes:
        now: The analysis with all corrections.
        then: The same with those that the answer knows: figures stay as they are until they are computed anew.
        why: The answer; None where none was computed, or it is no more.
        asked: Its question.
        gone: Whether the answer is no more, because comments were erased.
        newer: Whether there is a newer analysis.
        audited: Whether an audit corrects the answer; corrections of single opinions then do not count in it.
    """

    now: Found
    then: Found
    why: Found | None
    asked: Mapping[str, Any]
    gone: bool = False
    newer: bool = False
    audited: bool = False

    @property
    def corrected_since(self) -> int:
        """Corrections that the figures do not know yet."""
        return 0 if self.audited else len(self.now.corrections) - len(self.then.corrections)

    @property
    def version(self) -> int | None:
        """The answer's version."""
        return None if self.why is None else self.why.stored.version


class Reasons:
    """Analyses and answers of projects.

    Args:
        shelf: Has them.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def answers(self, tenant: str, project: str) -> tuple[StoredResult, ...]:
        """All answers, newest first."""
        return tuple(one for one in self._shelf.versions(tenant, project) if one.kind == WHY)

    def shown(self, tenant: str, project: str, version: str | None) -> Shown | None:
        """What to show.

        Args:
            tenant: Whose.
            project: The project.
            version: Of the answer; None for the last one that tells of all responses.

        Returns:
            None where nothing has been analysed yet.

        Raises:
            Problem: `not_found`, if there is no such version.
        """
        there = self._shelf.versions(tenant, project)
        current = next((one for one in there if one.kind == ANALYSIS and one.current), None)
        if current is None:
            return None
        if version is None:
            usual = [one for one in there if one.kind == WHY and _of(one) == current.version and not restricts(_asked(one))]  # fmt: skip  # noqa: E501
            for one in usual[:1]:
                return self._of_answer(tenant, project, str(one.version), current)
            return self._without_answer(tenant, project, current)
        return self._of_answer(tenant, project, version, current)

    def same(self, tenant: str, project: str, asked: Mapping[str, Any]) -> int | None:
        """The version of an answer to the same question, if it still holds."""
        for one in self.answers(tenant, project):
            if is_same(_asked(one), asked) and not _audited(one):
                found = self.shown(tenant, project, str(one.version))
                holds = found is not None and not (
                    found.gone or found.newer or found.corrected_since
                )
                return one.version if holds and not one.stale else None
        return None

    def analysis(self, shown: Shown) -> Analysis:
        """The analysis of the responses that are asked about, as the answer knows it.

        Raises:
            Problem: `conflict`, if none is left.
        """
        from warum.explaining import restricted

        whole = self._shelf.taken_up(shown.then)
        try:
            return restricted(whole, restricting(shown.asked))
        except WarumError as error:
            raise Problem("conflict", f"The question no longer fits the data: {error}") from None

    def answer(self, shown: Shown) -> Why | None:
        """The answer itself."""
        return None if shown.why is None else self._shelf.why(shown.why)

    def counted_now(self, shown: Shown, analysis: Analysis) -> Summary:
        """The summary with its opinions counted as they have been corrected since."""
        if not shown.corrected_since:
            return analysis.summary
        reading = self._shelf.read(shown.now).reading
        if restricts(shown.asked):
            reading = asked_about(reading, restricting(shown.asked))
            reading = replace(reading, facts=facts_of_part(reading))
        result = Result(reading.comments, reading.opinions, (), reading.facts)
        rows = {by: roll_up(result, analysis.taxonomy, by) for by in ("parent", "stage", "touchpoint")}  # fmt: skip
        categories = roll_up(result, analysis.taxonomy)
        return replace(analysis.summary, categories=categories, roll_ups=RollUps(**rows))

    def _of_answer(self, tenant: str, project: str, version: str, current: StoredResult) -> Shown:
        why = self._shelf.find(tenant, project, version, WHY)
        now = self._shelf.find(tenant, project, str(_of(why.stored)))
        last = why.stored.facts.get("corrections")

        def known(made: Correction) -> bool:
            # Answers of earlier versions of the service do not say how far they go.
            return made.at <= why.stored.created_at if last is None else made.seq <= last

        shown = Shown(
            now, now.before(known), why, _asked(why.stored),
            newer=now.stored.version != current.version, audited=_audited(why.stored),
        )  # fmt: skip
        try:
            self._shelf.why(why)
        except Problem:
            return replace(shown, why=None, gone=True)
        return shown

    def _without_answer(self, tenant: str, project: str, current: StoredResult) -> Shown:
        now = self._shelf.find(tenant, project, str(current.version))
        return Shown(now, now.before(lambda made: made.at <= current.created_at), None, {})


def first_score(summary: Summary, why: Why | None, score: str) -> tuple[Summary, Why | None]:
    """The same with a score in the first place, of which the most is told.

    Raises:
        Problem: `not_found`, if there is no such score.
    """
    if not score:
        return summary, why
    columns = [one.scale.column for one in summary.scores]
    if score not in columns:
        raise Problem("not_found", "The result has no such score.", came=score, expected=f"one of: {', '.join(columns)}")  # fmt: skip  # noqa: E501
    summary = replace(summary, scores=tuple(sorted(summary.scores, key=lambda one: one.scale.column != score)))  # fmt: skip  # noqa: E501
    if why is not None:
        why = replace(why, scores=tuple(sorted(why.scores, key=lambda one: one.scale.column != score)))  # fmt: skip
    return summary, why


def _audited(answer: StoredResult) -> bool:
    return "audit" in answer.facts


def _of(answer: StoredResult) -> int:
    return int(answer.facts.get("of", 0))


def _asked(answer: StoredResult) -> Mapping[str, Any]:
    asked: Mapping[str, Any] = answer.facts.get("question") or {}
    return asked
