"""What a question asks for: what was good, what was bad, what to improve, or anything.

The same words mean the opposite after different questions: "nothing" praises after "How could we
improve?" and blames after "What was good?".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from warum.records import Orientation, ReadComment
from warum.stages.filling import filler

_RATING = re.compile(
    r"\bhow (?:good|well|satisfied|happy|likely|bad)\b|\bwie (?:gut|schlecht|zufrieden"
    r"|wahrscheinlich)\b"
    r"|\bto what extent\b|\binwie(?:fern|weit)\b"
)
# "What would you like to tell us?" asks for nothing in particular, "has improved" for what is good.
_POLITE = re.compile(r"\b(?:would|d) (?:you )?(?:also )?like\b|\bif you like\b|\bas you like\b")
_HAS_IMPROVED = re.compile(
    r"(?<!could )(?<!should )(?<!might )(?<!can )\b(?:has|have|had) (?:\w+ )?(?:improved|got"
    r" better|become better)\b"
    r"|\b(?:hat|haben) sich (?:\w+ ){0,3}verbessert\b"
)
_IMPROVE = re.compile(
    r"\bimprov\w*|\bbetter\b|\bverbesser\w*|\bbesser\b|\bsuggest\w*|\bvorschl\w*|\banregung\w*"
    r"|\boptimier\w*"
    r"|\bdo differently\b|\bdone differently\b|\banders machen\b|\bwish(?:es)? (?:for|to see"
    r"|we)\b|\bwünsch\w*"
    r"|\b(?:would|could|should) (?:you )?change\b|\b(?:ändern|geändert)\b|\bmissing\b"
    r"|\bfehlt\w*\b|\bgefehlt\b"
    r"|\bwhat (?:would|could|should|can) (?:we |it )?(?:do|take|make|have made|have done)\b"
    r"|\bmüsste\w*\b"
    r"|\btun,? (?:um|damit)\b|\bearn (?:a|your)\b"
)
_BAD = re.compile(
    r"\bbad\b|\bbadly\b|\bwrong\b|\bdislik\w*|\bdisappoint\w*|\bproblem\w*|\bworst\b"
    r"|\bnegativ\w*|\bfrustrat\w*"
    r"|\bcomplain\w*|\bdissatisf\w*|\bunhappy\b|\bunsatisf\w*|\bweakness\w*|\bcons\b"
    r"|\bdisadvantage\w*|\bpoor\w*"
    r"|\b(?:ge)?stör\w*|\bschlecht\w*|\bschief\b|\bärger\w*|\bgeärgert\b|\benttäusch\w*"
    r"|\bunzufrieden\w*|\bkritik\w*"
    r"|\bbemängel\w*|\bmangel\w*|\bmängel\b|\bschwäche\w*|\bnachteil\w*|\bbeschwer\w*"
    r"|\bmissfall\w*|\bmissfiel\b"
    r"|\bnicht (?:so |ganz |gut )?(?:gefallen|gefallt|gefällt|gefiel|gut|zufrieden|überzeugt)\b"
    r"|\b(?:like\w* |enjoy\w* )?(?:the )?least\b|\bam wenigsten(?: gut)?(?: gefallen)?\b"
    r"|\bweniger gut\b"
    r"|(?:\bnot|n t|\bnever) (?:you |we )?(?:so )?(?:like|enjoy|good|well|satisfied|happy"
    r"|work\w*|go well)\b"
)
_GOOD = re.compile(
    r"\bgood\b|\bwell\b|\blike[ds]?\b|\blove[ds]?\b|\benjoy\w*|\bbest\b|\bgreat\b|\bpositiv\w*"
    r"|\bappreciat\w*|\bprais\w*"
    r"|\bsatisf\w*|\bhappy\b|\bstrength\w*|\bpros\b|\badvantage\w*|\bpleas(?:ed|ing)\b"
    r"|\bcompliment\w*|\bimpress\w*"
    r"|\bgut\w{0,2}\b|\bgefallen\b|\bgefällt\b|\bgefiel\w*|\blob\b|\bloben\w*|\bzufrieden\w*"
    r"|\bstärke\w*|\bvorteil\w*"
    r"|\bbeste\w*|\bgelungen\w*|\büberzeugt\w*|\bbegeister\w*|\bschätz\w*|\bgefreut\b|\btoll\w*"
)
_LONGEST = 1000  # code points of a question that are read
_NOISE = re.compile(r"[\W_]+")
_with_orientation = filler(ReadComment, "orientation")


@lru_cache(maxsize=4096)
def orientation_of(question: str | None) -> Orientation:
    """What a question (or the header of a text column) asks for.

    Args:
        question: Its text in German or English; None where unknown.

    Returns:
        `good`, `bad`, `improve`, or `open` where it asks for both, for a rating, for a reason or
        where nothing is known.

    Examples:
        >>> orientation_of("What was good?"), orientation_of("Was können wir besser machen?")
        ('good', 'improve')
    """
    words = _NOISE.sub(" ", (question or "")[:_LONGEST]).casefold()
    if _RATING.search(words):
        return "open"
    words = _POLITE.sub(" ", words)
    if _HAS_IMPROVED.search(words):
        return "good"
    bad = _BAD.search(words) is not None
    good = _GOOD.search(_BAD.sub(" ", words)) is not None
    improve = _IMPROVE.search(words) is not None
    if good and (bad or improve):
        return "open"
    if improve:
        return "improve"
    if bad:
        return "bad"
    return "good" if good else "open"


class ReadOrientation:
    """The stage that reads what each comment's question asks for."""

    name = "orientation"

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Fill `orientation`; a comment without a question is open."""
        return [self._one(comment) for comment in batch]

    @staticmethod
    def _one(comment: ReadComment) -> ReadComment:
        orientation = orientation_of(comment.comment.question)
        if orientation == comment.orientation:
            return comment
        return _with_orientation(comment, orientation)
