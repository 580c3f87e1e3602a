"""Small labelled comments, and a model fitted to them once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product

import pytest

from tests.warum_models.own.small_base import SmallBase
from warum_models.own.fitting import Fitted, fit_with_trial
from warum_models.own.gold import Judgement
from warum_models.own.material import gather
from warum_models.own.study import Study, study
from warum_models.protocol import Label, Passage

LABELS = (
    Label("wait", "Waiting", "waiting and queue", ("stood in the queue",)),
    Label("staff", "Staff", "the people at the desk", ("friendly woman at the desk",)),
    Label("price", "Price", "what it costs", ("expensive",)),
    Label("rare", "Rare", "something nobody mentions", ()),
)
_SAYS = {
    "wait": ("the queue was slow", "quick queue today", "an hour at the counter, slow"),
    "staff": ("friendly people", "rude man", "lovely lady who helped"),
    "price": ("bad value for the money", "great price", "cheap and good"),
}
_SIDE = {"slow": "negative", "rude": "negative", "bad": "negative"}
_TAILS = ("on Monday", "in Bergheim", "again", "this week", "as ever")


def _side(phrase: str) -> str:
    return next((side for word, side in _SIDE.items() if word in phrase), "positive")


def passage(text: str, orientation: str = "open") -> Passage:
    """A comment whose clauses are its segments."""
    cuts = [0, *(i + 1 for i, sign in enumerate(text) if sign == ","), len(text)]
    segments = tuple((a, b) for a, b in pairwise(cuts) if b > a)
    return Passage(text, "en", segments, orientation)


@dataclass(frozen=True)
class Comments:
    """Comments, their judgements, and the codes of the labels."""

    passages: list[Passage]
    judgements: list[set[Judgement]]
    codes: tuple[str, ...]


@pytest.fixture(scope="session")
def comments() -> Comments:
    """About a hundred comments with one or two labels, some with none."""
    passages: list[Passage] = []
    judgements: list[set[Judgement]] = []
    for (one, two), tail in product(
        [("wait", "staff"), ("price", "wait"), ("staff", "price")], _TAILS
    ):
        for a, b in zip(_SAYS[one], _SAYS[two][::-1], strict=True):
            passages.append(passage(f"{a}, {b} {tail}"))
            judgements.append({(one, _side(a)), (two, _side(b))})
            passages.append(passage(f"{a} {tail} {one[0]}"))
            judgements.append({(one, _side(a))})
    for tail in _TAILS:
        passages.append(passage(f"nothing to say {tail}"))
        judgements.append(set())
    return Comments(passages, judgements, tuple(label.code for label in LABELS))


@pytest.fixture(scope="session")
def base() -> SmallBase:
    """The base that heads are put on."""
    return SmallBase(LABELS)


@pytest.fixture(scope="session")
def fitted(comments: Comments, base: SmallBase) -> Fitted:
    """A model fitted to all of them."""
    material = gather(comments.passages, comments.judgements, comments.codes, base)
    return fit_with_trial(material, base)


@pytest.fixture(scope="session")
def told(fitted: Fitted) -> Study:
    """Its figures."""
    return study(fitted)
