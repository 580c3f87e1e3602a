"""Journey stage and touchpoint of each opinion: given, read, or assumed from the category."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from warum.records import Opinion, Origin, ReadComment
from warum.stages.filling import filler
from warum.stages.lowercase import lower
from warum.taxonomy import STAGES, TOUCHPOINTS, Taxonomy

# What people write when they speak of a stage; English and German, whole words, umlauts kept.
_STAGE_WORDS: Mapping[str, str] = {
    "awareness": r"heard (?:of|about)|advert\w*|came across|stumbled|werbung|anzeige gesehen"
    r"|aufmerksam geworden|gestoßen auf",
    "advocacy": r"recommend\w*|tell (?:my|all my|every)\w*|told (?:my|all my)\w*|weiterempfehl\w*"
    r"|empfehle\w*|empfohlen|abraten|rate ab",
    "retention": r"cancel(?:l?ing|l?ed)? my (?:account|subscription|contract|pass)|switch(?:ing|ed)? to"
    r"|loyal|for years|since \d{4}|kündig\w*|gekündigt|stammkund\w*|seit jahren|wechsle|bleibe",
    "consideration": r"compar(?:e|ed|ing)|looked at other|choosing|verglich\w*|vergleiche?|überlegt\w*"
    r"|probeabo|free trial|testphase",
    "purchase": r"bought|purchas\w+|ordered|booked|checkout|paid|gekauft|kaufte|bestellt\w*|gebucht"
    r"|bezahlt|kasse|warenkorb",
}
_TOUCHPOINT_WORDS: Mapping[str, str] = {
    "contact_centre": r"hotline|call cent(?:re|er)|customer (?:service|support|care)|help ?desk|helpline"
    r"|chat(?:bot)?|on hold|kundenservice|kundendienst|callcenter|warteschleife|support|telefonisch",
    "delivery": r"parcel|package|courier|driver left|shipping|shipment|deliver\w*|paket\w*|lieferung\w*"
    r"|geliefert|bote|zusteller\w*|versand",
    "digital": r"app|apps|website|web ?site|site|online|login|log in|webseite|homepage|browser"
    r"|internetseite|anmeldung",
    "physical": r"store|shop|branch|counter|desk|station|platform|bus|train|tram|room|filiale|laden"
    r"|schalter|bahnhof|haltestelle|zug|zimmer|vor ort|wartezimmer|praxis",
}
# Words in a channel column.
_CHANNEL_WORDS: Mapping[str, str] = {
    "contact_centre": r"phone|call|hotline|tele\w*|e-?mail|mail|chat|support|ticket|zendesk|freshdesk",
    "delivery": r"deliver\w*|courier|lieferung|versand|logisti\w*",
    "digital": r"app|web\w*|online|internet|mobile|ios|android|google play|app ?store|site",
    "physical": r"store|shop|branch|onboard|on board|in person|kiosk|filiale|laden|vor ort|schalter",
}


@dataclass(frozen=True, slots=True)
class _Signs:
    """Words that speak of something.

    Attributes:
        either: Finds any of them, which most texts hold none of.
        each: Finds those of one code, by code.
    """

    either: re.Pattern[str]
    each: Mapping[str, re.Pattern[str]]

    def first(self, text: str) -> str | None:
        """The first code, in their order, that a text has a word of."""
        text = lower(text)
        if not self.either.search(text):
            return None
        return next(code for code, pattern in self.each.items() if pattern.search(text))


def _signs(words: Mapping[str, str]) -> _Signs:
    each = {code: re.compile(rf"(?<!\w)(?:{listed})(?!\w)") for code, listed in words.items()}
    return _Signs(re.compile(rf"(?<!\w)(?:{'|'.join(words.values())})(?!\w)"), each)


_STAGE = _signs(_STAGE_WORDS)
_TOUCHPOINT = _signs(_TOUCHPOINT_WORDS)
_CHANNEL = _signs(_CHANNEL_WORDS)
_with_opinions = filler(ReadComment, "opinions")
_with_place = filler(Opinion, "stage", "touchpoint", "stage_origin", "touchpoint_origin")


# Questions and channels are few.
@lru_cache(maxsize=1024)
def _stage_of_question(question: str | None) -> str | None:
    return _STAGE.first(question) if question else None


@lru_cache(maxsize=1024)
def _touchpoint_of_channel(channel: str | None) -> str | None:
    return _CHANNEL.first(channel) if channel else None


class PlaceInJourney:
    """Give every opinion its stage and touchpoint.

    In this order: the columns of the response, words of the opinion's own evidence, the channel (for
    the touchpoint) or the question (for the stage), the category's default.

    Args:
        taxonomy: Holds the defaults.
    """

    name = "journey"

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._defaults = {c.code: (c.stage, c.touchpoint) for c in taxonomy.categories}

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        """Fill stage and touchpoint of every opinion."""
        return [
            _with_opinions(comment, tuple(self._place(comment, o) for o in comment.opinions))
            if comment.opinions
            else comment
            for comment in batch
        ]

    def _place(self, comment: ReadComment, opinion: Opinion) -> Opinion:
        raw = comment.comment
        default_stage, default_touchpoint = self._defaults.get(
            opinion.category, (STAGES[3], TOUCHPOINTS[4])
        )
        stage, stage_origin = _decide(
            raw.stage,
            _STAGE.first(opinion.evidence) or _stage_of_question(raw.question),
            default_stage,
        )
        touchpoint, touchpoint_origin = _decide(
            raw.touchpoint,
            _TOUCHPOINT.first(opinion.evidence) or _touchpoint_of_channel(raw.channel),
            default_touchpoint,
        )
        return _with_place(opinion, stage, touchpoint, stage_origin, touchpoint_origin)


def _decide(given: str | None, read: str | None, default: str) -> tuple[str, Origin]:
    if given:
        return given, "given"
    if read:
        return read, "read"
    return default, "assumed"
