"""Names and codes of languages as data give them, as ISO 639-1 codes."""

from __future__ import annotations

import re

_NAMES = {
    "de": "german deutsch de deu ger allemand",
    "en": "english englisch en eng anglais",
    "fr": "french französisch français francais fra fre",
    "es": "spanish spanisch español espanol spa",
    "it": "italian italienisch italiano ita",
    "nl": "dutch niederländisch nederlands nld dut",
    "pt": "portuguese portugiesisch português por",
    "pl": "polish polnisch polski pol",
    "ru": "russian russisch русский rus",
    "tr": "turkish türkisch türkçe tur",
    "sv": "swedish schwedisch svenska swe",
    "da": "danish dänisch dansk dan",
    "no": "norwegian norwegisch norsk nor",
    "fi": "finnish finnisch suomi fin",
    "cs": "czech tschechisch čeština ces cze",
    "hu": "hungarian ungarisch magyar hun",
    "ro": "romanian rumänisch română ron rum",
    "el": "greek griechisch ell gre",
    "uk": "ukrainian ukrainisch ukr",
    "ar": "arabic arabisch ara",
    "zh": "chinese chinesisch zho chi",
    "ja": "japanese japanisch jpn",
    "ko": "korean koreanisch kor",
}
_CODE_OF = {name: code for code, names in _NAMES.items() for name in names.split()}
_CODE = re.compile(r"([a-z]{2})(?:[-_][a-z0-9]{2,8})*")


def language_code(cell: str) -> str | None:
    """The ISO 639-1 code of "de", "de-AT", "Deutsch", "German", "deu"; None for anything else."""
    text = cell.strip().casefold()
    if text in _CODE_OF:
        return _CODE_OF[text]
    found = _CODE.fullmatch(text)
    return found[1] if found else None
