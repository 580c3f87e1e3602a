"""The sentences that a general model is asked about, in German and English.

Hypotheses of natural language inference, descriptions of praise and blame for a sentence encoder, and everyday
sentences without an opinion, from which an encoder's own scale is read off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

FALLBACK = "en"
"""The language of the sentences where a label is in neither German nor English."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What is asked in one language; `{title}` stands for a category's title.

    Attributes:
        complains: Hypothesis that the text blames a category.
        praises: Hypothesis that the text praises a category.
        dissatisfied: Hypothesis that the text as a whole is negative.
        satisfied: Hypothesis that the text as a whole is positive.
        complaint: Description of blame, for an encoder.
        praise: Description of praise, for an encoder.
        bad: Descriptions of a negative text, for an encoder.
        good: Descriptions of a positive text.
        background: Everyday sentences without an opinion on anything one buys or uses.
    """

    complains: str
    praises: str
    dissatisfied: str
    satisfied: str
    complaint: str
    praise: str
    bad: tuple[str, ...]
    good: tuple[str, ...]
    background: tuple[str, ...]


_GERMAN = Wording(
    complains="Der Text beschwert sich über {title}.",
    praises="Der Text lobt {title}.",
    dissatisfied="Der Verfasser ist unzufrieden.",
    satisfied="Der Verfasser ist zufrieden.",
    complaint="Beschwerde über {title}",
    praise="Lob für {title}",
    bad=("schlecht, ärgerlich, enttäuschend", "Ich bin unzufrieden damit.", "Das ist ein Problem."),
    good=("gut, erfreulich, hervorragend", "Ich bin zufrieden damit.", "Das ist eine Freude."),
    background=(
        "Meine Schwester wohnt seit drei Jahren in Bremen.",
        "Gestern Abend haben wir lange Karten gespielt.",
        "Der Fluss entspringt in den Alpen.",
        "Im Herbst fliegen die Vögel nach Süden.",
        "Ich habe heute Morgen einen Brief geschrieben.",
        "Wir treffen uns nächsten Dienstag.",
        "Sein Großvater war Schreiner.",
        "Die Prüfung beginnt um neun Uhr.",
        "Zwei mal drei ist sechs.",
        "Sie liest jeden Abend ein paar Seiten.",
        "Das Fenster steht offen.",
        "Er hat zwei Kinder und einen Hund.",
        "Ich lerne seit einem Jahr Spanisch.",
        "Der Mond dreht sich um die Erde.",
        "Nach dem Regen war die Straße nass.",
        "Kannst du mir bitte das Salz geben?",
        "Der Bürgermeister hält morgen eine Rede.",
        "Auf dem Tisch liegt ein blaues Heft.",
        "Wie spät ist es?",
        "Der Zug fährt über eine Brücke.",
        "Im Garten wachsen Tomaten.",
        "Sie hat im Mai Geburtstag.",
        "Der Film spielt in Italien.",
        "Ich habe ihn seit Jahren nicht gesehen.",
    ),
)
_ENGLISH = Wording(
    complains="The text complains about {title}.",
    praises="The text praises {title}.",
    dissatisfied="The writer is dissatisfied.",
    satisfied="The writer is satisfied.",
    complaint="complaint about {title}",
    praise="praise of {title}",
    bad=(
        "bad, terrible, annoying, disappointing",
        "I am dissatisfied with it.",
        "It is a problem.",
    ),
    good=("good, great, pleasing, excellent", "I am satisfied with it.", "It is a joy."),
    background=(
        "My sister has lived in Bremen for three years.",
        "We played cards for a long time last night.",
        "The river rises in the Alps.",
        "In autumn the birds fly south.",
        "I wrote a letter this morning.",
        "We will meet next Tuesday.",
        "His grandfather was a carpenter.",
        "The exam begins at nine o'clock.",
        "Two times three is six.",
        "She reads a few pages every evening.",
        "The window is open.",
        "He has two children and a dog.",
        "I have been learning Spanish for a year.",
        "The moon goes round the earth.",
        "The street was wet after the rain.",
        "Could you pass me the salt, please?",
        "The mayor is giving a speech tomorrow.",
        "There is a blue notebook on the table.",
        "What time is it?",
        "The train crosses a bridge.",
        "Tomatoes grow in the garden.",
        "Her birthday is in May.",
        "The film is set in Italy.",
        "I have not seen him for years.",
    ),
)
_BY_LANGUAGE: Mapping[str, Wording] = {"de": _GERMAN, "en": _ENGLISH}


def wording(language: str) -> Wording:
    """The sentences of a language; the English ones where there are none."""
    return _BY_LANGUAGE.get(language, _BY_LANGUAGE[FALLBACK])
