"""Words in front of a number that say what it is."""

from __future__ import annotations

import re

_WINDOW = 60
# What may stand between such a word and its number: "Nr.", "is", ":", "#", a bracket.
_FILLER = (
    r"(?:\W{0,3}\b(?:nr|no|nos|num|numbers?|nummern?|id|ids|code|ref|is|was|ist|war|lautet"
    r"|lautete|der|the|of|my|your|quotes?)\b){0,3}\W{0,4}$"
)
_ORDER_WORDS = (
    r"bestell\w*|best\b|auftr\w*|rechnung\w*|vertrag\w*|kunden(?:nr|nummer|konto|-nr)\w*"
    r"|mitglied\w*|ticket\w*"
    r"|vorgang\w*|sendung\w*|paket\w*|beleg\w*|bon|kassenbon\w*|artikel\w*|seriennr|serien\w*"
    r"|referenz\w*"
    r"|aktenzeichen|lieferschein\w*|losnummer|los|polic\w*|barcode|ean|gtin|isbn|sku"
    r"|reklamation\w*|retoure\w*"
    r"|fall|schaden\w*|garantie\w*|antrag\w*|zähler\w*|steuer\w*|fundbüro\w*|reise\w*|buchung\w*"
    r"|tracking\w*"
    r"|order\w*|invoice\w*|case|booking\w*|reference\w*|ref|receipt\w*|contract\w*|polic(?:y"
    r"|ies)|claim\w*"
    r"|serial\w*|item\w*|parcel\w*|shipment\w*|consignment\w*|waybill\w*|warranty|return"
    r"|complaint\w*"
    r"|membership\w*|application\w*|raffle|part|batch|meter|po|trip|job|quote|unit|model\w*|hrb|id"
)
_ORDER = re.compile(
    rf"(?:\b(?:{_ORDER_WORDS})\b|\b(?!{{phone}})\w+nummer|#){_FILLER}".replace(
        "{phone}",
        r"(?:\w*(?:telefon|handy|ruf|fax|festnetz|mobil|service|durchwahl|kontakt|notfall"
        r"|whatsapp|büro|karten|konto))",
    )
)
_PHONE_WORDS = (
    r"tele\w*|tel|phone\w*|telnr|mobil\w*|mobile\w*|handy\w*|fon|ph|m|t|fax\w*|\w*ruf\w*|cell"
    r"|call\w*|ring\w*|rang|text\w*"
    r"|sms|whatsapp|hotline|durchwahl|anschluss|festnetz\w*|landline|reach\w*|erreich\w*|dial\w*"
    r"|\w*wähl\w*|kontakt\w*"
    r"|contact\w*|number\w*|nummer\w*|telefonnummer|handynummer|anrufen|angerufen|msg|line"
    r"|hotlines?|melde\w*"
)
_PHONE = re.compile(
    rf"(?:\b(?:{_PHONE_WORDS})\b|[☎📞📱])(?:[^\w\n]{{1,3}}[^\W\d]+){{0,4}}[^\w\n]{{0,4}}$"
)
_DIRECT = re.compile(
    r"\b(?:tel|telefon|telefonnr|telefonnummer|telnr|telephone|phone|ph|mobil|mobile|handy"
    r"|handynummer|handynr|fon|fax"
    r"|cell|hotline|durchwahl|rückrufnummer|landline|call me|text me|ring me)\b"
    r"(?:\W{0,3}\b(?:nr|no|number|nummer|is|ist|lautet|me|on|at|unter)\b){0,3}\W{0,4}$"
)
_CARD = re.compile(
    r"\b(?:\w*karte\w*|visa\w*|master\w*|amex|card\w*|maestro|diners|discover|jcb)\b[^\n]{0,30}$"
)


def _before(text: str, start: int) -> str:
    return text[max(0, start - _WINDOW) : start].casefold()


def says_order(text: str, start: int) -> bool:
    """Whether the words right before `start` announce an order, ticket or the like."""
    return _ORDER.search(_before(text, start)) is not None


def says_phone(text: str, start: int) -> bool:
    """Whether one of the five words before `start` is about calling or writing to somebody."""
    return _PHONE.search(_before(text, start)) is not None


def says_phone_directly(text: str, start: int) -> bool:
    """Whether the words right before `start` announce a phone number ("Tel.:", "phone no.")."""
    return _DIRECT.search(_before(text, start)) is not None


def says_card(text: str, start: int) -> bool:
    """Whether a payment card is named shortly before `start`."""
    return _CARD.search(_before(text, start)) is not None
