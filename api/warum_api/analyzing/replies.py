"""What was read as the JSON of a reply: the same bytes for the same input."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from warum.caveats import Ui
from warum.records import Opinion, ReadComment
from warum.taxonomy import Taxonomy

SENTENCES: Mapping[str, Mapping[Ui, str]] = {
    "no_text": {
        "en": "There is no text.",
        "de": "Es gibt keinen Text.",
    },
    "non_answer": {
        "en": "The text holds no answer (n/a, -, …).",
        "de": "Der Text enthält keine Antwort (k. A., -, …).",
    },
    "language_unsure": {
        "en": "The language could not be told, so nothing was read: give `language`.",
        "de": "Die Sprache war nicht zu erkennen, deshalb wurde nichts gelesen: `language` angeben.",
    },
    "other_language": {
        "en": "The model does not read this language.",
        "de": "Diese Sprache liest das Modell nicht.",
    },
    "redacted": {
        "en": "Personal data was blacked out in the evidence; positions are those of the text sent.",
        "de": "Personenbezogenes ist im Beleg geschwärzt; die Positionen gelten im gesendeten Text.",
    },
}


class Rendering:
    """Results and replies by one taxonomy, in one language.

    Args:
        taxonomy: What the comments are read by.
        languages: ISO 639-1 codes of the languages that the model reads.
        ui: Language of titles and messages.
    """

    def __init__(self, taxonomy: Taxonomy, languages: frozenset[str], ui: Ui) -> None:
        self._ui, self._languages = ui, languages
        self._titles = {c.code: title(c.title, c.code, ui) for c in taxonomy.categories}
        self._owners = {c.code: c.owner for c in taxonomy.categories}

    def result(self, comment_id: str | int, read: ReadComment) -> dict[str, Any]:
        """What was read from a comment, see `ResultOut`."""
        sentiment = None if math.isnan(read.sentiment) else read.sentiment
        return {
            "id": comment_id,
            "language": read.language or None,
            "sentiment": sentiment,
            "polarity": read.polarity,
            "emotion": read.emotion,
            "intent": read.intent,
            "effort": read.effort,
            "opinions": [self._opinion(opinion) for opinion in read.opinions],
            "warnings": [
                {"code": code, "message": SENTENCES[code][self._ui]} for code in self._odd(read)
            ],
        }

    def _opinion(self, opinion: Opinion) -> dict[str, Any]:
        return {
            "category": opinion.category,
            "title": self._titles.get(opinion.category, opinion.category),
            "sentiment": opinion.sentiment,
            "polarity": opinion.polarity,
            "confidence": opinion.confidence,
            "start": opinion.start,
            "end": opinion.end,
            "evidence": opinion.evidence,
            "stage": opinion.stage,
            "touchpoint": opinion.touchpoint,
            "source": opinion.source,
            "owner": self._owners.get(opinion.category),
        }

    def _odd(self, read: ReadComment) -> list[str]:
        """Codes of what is odd about a comment, in a fixed order."""
        came = read.comment.text
        if came is None or not came.strip():
            return ["no_text"]
        if read.text is None:
            return ["non_answer"]
        codes = []
        if not read.opinions and read.polarity is None and read.language not in self._languages:
            codes.append("other_language" if read.language_sure else "language_unsure")
        if read.text != came:
            codes.append("redacted")
        return codes


def title(titles: Mapping[str, str], code: str, ui: Ui) -> str:
    """A title in a language, else in English, else in the first there is, else the code."""
    return titles.get(ui) or titles.get("en") or next(iter(titles.values()), code)


def reply(
    model: tuple[str, str], taxonomy: Taxonomy, results: Sequence[Mapping[str, Any]]
) -> bytes:
    """The body of a reply, see `AnalyzeReply`.

    Args:
        model: Name and version of the model.
        taxonomy: What the comments were read by.
        results: From `Rendering.result` and `Refused.entry`, in the order of the request.
    """
    body = {
        "model": {"name": model[0], "version": model[1]},
        "taxonomy": {"name": taxonomy.name, "hash": taxonomy.hash},
        "results": results,
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
