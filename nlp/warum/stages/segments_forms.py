"""What the rules ask about a token, found once for each form that a word or sign has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from warum.stages.segments_words import NOTHING, STRESS, Words

_ENDS = re.compile(r"[!?…]+|\.{2,}|[!?.…]{2,}|;+|[。！？]+")
_FOLLOWERS = re.compile(r"[!?.…)\]}\"'“”»«’]+")
_BULLET = re.compile(r"[•·●▪►➤✓✔✗✘]+|[*+–—-]+")
_SIGN_BULLET = re.compile(r"[•·●▪►➤]+")
_EMOJI = re.compile(
    r"(?:[\U0001f000-\U0001faff\u2600-\u27bf\u2b50\u2b55\u2764\ufe0f\u200d\u20e3\U000e0020-\U000e007f])+"
)
_EMOTICON = re.compile(r"[:;=8]['’]?[-o^]?[)(\]\[DPp/|\\*3]+|<3+|\^[-_.]?\^|-[-_.]-")


@dataclass(frozen=True, slots=True)
class Sign:
    """What a token that is no word may be.

    Attributes:
        is_break: White space that breaks a line.
        is_emotion: An emoji or emoticon.
        is_end: Punctuation that ends a sentence, other than a full stop.
        is_dotted: It ends with a full stop.
        is_follower: Punctuation that clings to the end of a sentence.
        is_bullet: A bullet, plus or dash.
        is_sure_bullet: A bullet that is nothing else.
    """

    is_break: bool = False
    is_emotion: bool = False
    is_end: bool = False
    is_dotted: bool = False
    is_follower: bool = False
    is_bullet: bool = False
    is_sure_bullet: bool = False


# Not frozen: one is made for every word that is new, and freezing doubles the time.
@dataclass(slots=True, eq=False)
class Form:
    """A word or sign as it stands.

    Attributes:
        is_mark: A rule may ask about it; any of the last three.
        text: As it stands.
        lower: In lower case (umlauts and ß are kept).
        sign: What it may be besides a word.
        is_word: A word or number.
        is_verb: A frequent finite verb.
        is_contrast: A word that may begin a segment.
        is_comma: A comma.
        is_join: "and", "or".
        is_lead: A word that may lead an answer ("nothing …").
        is_second: It may be, or begin with, the second part of one of spaCy's rules.
        is_edge: A sentence may end or an item begin here.
        is_cut: A sentence may be cut here.
    """

    is_mark: bool
    text: str
    lower: str
    sign: Sign
    is_word: bool
    is_verb: bool
    is_contrast: bool
    is_comma: bool
    is_join: bool
    is_lead: bool
    is_second: bool
    is_edge: bool
    is_cut: bool


_NO_SIGN = Sign()


def form_of(text: str, words: Words, *, is_second: bool = False) -> Form:
    """What the rules ask about a form.

    Args:
        text: The token, at least one code point.
        words: The language's words.
        is_second: Whether it may be, or begin with, the second part of one of spaCy's rules.
    """
    lower = text if text.islower() else text.lower()
    sign = _NO_SIGN
    if not text.isalpha():
        sign = _sign_of(text)
    elif not is_second and lower not in words.listed:  # most words, and the quicker way for them
        return Form(
            False, text, lower, sign, True, False, False, False, False, False, False, False, False
        )
    is_contrast = (
        lower in words.contrast or lower in words.after_comma or lower in words.pair_starts
    )
    is_comma = text == ","
    is_join = lower in words.joins
    is_edge = _is_edge(text, sign)
    is_cut = is_contrast or is_comma or is_join
    return Form(
        is_mark=is_second or is_edge or is_cut,
        text=text,
        lower=lower,
        sign=sign,
        is_word=text[0].isalnum() or text[1:2].isalnum(),
        is_verb=lower in words.verbs,
        is_contrast=is_contrast,
        is_comma=is_comma,
        is_join=is_join,
        is_lead=lower in NOTHING or lower in STRESS,
        is_second=is_second,
        is_edge=is_edge,
        is_cut=is_cut,
    )


def _sign_of(text: str) -> Sign:
    return Sign(
        is_break="\n" in text or "\r" in text,
        is_emotion=bool(_EMOJI.fullmatch(text) or _EMOTICON.fullmatch(text)),
        is_end=_ENDS.fullmatch(text) is not None,
        is_dotted=text.endswith("."),
        is_follower=_FOLLOWERS.fullmatch(text) is not None,
        is_bullet=_BULLET.fullmatch(text) is not None,
        is_sure_bullet=_SIGN_BULLET.fullmatch(text) is not None,
    )


def _is_edge(text: str, sign: Sign) -> bool:
    ends = sign.is_break or sign.is_emotion or sign.is_end or sign.is_dotted
    return ends or sign.is_bullet or text == "/"
