"""Journey stage and touchpoint of each opinion: given, read, or assumed from the category."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from warum.records import Opinion, Origin, ReadComment
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


def _compile(words: Mapping[str, str]) -> dict[str, re.Pattern[str]]:
    return {k: re.compile(rf"(?<!\w)(?:{v})(?!\w)", re.IGNORECASE) for k, v in words.items()}


_STAGE = _compile(_STAGE_WORDS)
_TOUCHPOINT = _compile(_TOUCHPOINT_WORDS)
_CHANNEL = _compile(_CHANNEL_WORDS)


def _first(patterns: Mapping[str, re.Pattern[str]], text: str | None) -> str | None:
    if not text:
        return None
    return next((code for code, pattern in patterns.items() if pattern.search(text)), None)


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
            replace(comment, opinions=tuple(self._place(comment, o) for o in comment.opinions))
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
            _first(_STAGE, opinion.evidence) or _first(_STAGE, raw.question),
            default_stage,
        )
        touchpoint, touchpoint_origin = _decide(
            raw.touchpoint,
            _first(_TOUCHPOINT, opinion.evidence) or _first(_CHANNEL, raw.channel),
            default_touchpoint,
        )
        return replace(
            opinion,
            stage=stage,
            touchpoint=touchpoint,
            stage_origin=stage_origin,
            touchpoint_origin=touchpoint_origin,
        )


def _decide(given: str | None, read: str | None, default: str) -> tuple[str, Origin]:
    if given:
        return given, "given"
    if read:
        return read, "read"
    return default, "assumed"
