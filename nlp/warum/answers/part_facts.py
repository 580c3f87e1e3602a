"""Counts of a part of a reading: what is shown of it must not be measured against the whole."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from warum.result import Facts, Reading
from warum.taxonomy import GENERAL


def facts_of_part(part: Reading) -> Facts:
    """The facts of a reading with its comments and people counted anew.

    Rows, files, columns and doubts stay those of all that was read; texts that were no answer are not
    told of a part.

    Args:
        part: Some of the comments, with their opinions (`warum.question.asked_about`).
    """
    comments, opinions, facts = part.comments, part.opinions, part.facts
    columns = ("comment_id", "text", "language", "question")
    rows = list(zip(*(comments[name].tolist() for name in columns), strict=True))
    texts = [row for row in rows if row[1]]
    said: dict[str, set[str]] = {}
    for name, category in zip(
        opinions["comment_id"].tolist(), opinions["category"].tolist(), strict=True
    ):
        said.setdefault(name, set()).add(category)
    found = [said[name] for name, *_ in texts if name in said]
    languages = Counter(language or "und" for _, _, language, _ in texts)
    asked = Counter(question for *_, question in texts)
    customers = {one for one in comments["customer"].tolist() if one is not None}
    return replace(
        facts,
        comments=len(texts),
        non_answers=0,
        with_opinion=len(found),
        general_only=sum(one == {GENERAL} for one in found),
        customers=None if facts.customers is None else len(customers),
        languages=tuple(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        questions=tuple(replace(one, comments=asked[one.question]) for one in facts.questions),
    )
