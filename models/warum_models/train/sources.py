"""The training texts: public data whose licence allows it, and the authored corpus.

Mappings from a data set's labels to codes of the taxonomy `cx` were written from label names and
guidelines alone. A category that a data set does not annotate is unknown there, not absent.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from warum_models.corpus.check import CATEGORIES

CORPUS = Path(__file__).parent.parent / "corpus"

# NHS patient comments, phase 1 (MIT): label or label/subcategory to code; "" stands for "no category".
NHS = {
    "Couldn't be improved": "general",
    "Access/Time spent waiting between appointments": "wait_time",
    "Access/Time spent waiting for first appt/referral/service": "wait_time",
    "Access/Location": "place.location",
    "Staff/Attitude Of Staff": "service.attitude",
    "Staff/Professionalism/Competence Of Staff": "service.competence",
    "Communication/Amount/clarity of information": "service.communication",
    "Communication/Listening": "service.communication",
    "Communication/Communication": "service.communication",
    "Care received/Made A Difference To My Life": "outcome",
    "Dignity/Feeling safe including bullying": "safety",
    "Environment/ facilities/Cleanliness": "place.cleanliness",
    "Environment/ facilities/Facilities/equipment": "place.facilities",
    "Environment/ facilities/Environment/ facilities": "place.facilities",
    "Environment/ facilities/Food": "food_drink",
    "Miscellaneous/Everything was good/bad": "general",
}
# MAMS restaurant sentences (Apache 2.0).
MAMS = {
    "food": "food_drink",
    "staff": "service.attitude",
    "price": "price.value",
    "ambience": "place.ambience",
    "menu": "product.range",
}
# App-store sentences (CC BY 4.0).
SHAH = {"B": "digital.stability", "R": "product.features"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with what is known of it.

    Attributes:
        text: The text.
        language: "de" or "en".
        source: Data set.
        group: Samples of one comment share a group, so that folds never part them.
        present: Codes that it holds an opinion of.
        known: Codes that the data set annotates; the others are unknown here.
        polarity: 0 negative, 1 neutral, 2 positive; None if unknown or mixed.
        weight: How much it counts.
    """

    text: str
    language: str
    source: str
    group: str
    present: frozenset[str]
    known: frozenset[str]
    polarity: int | None
    weight: float = 1.0


_POLARITY = {"negative": 0, "neutral": 1, "positive": 2}


def authored() -> Iterator[Sample]:
    """The authored corpus: every evidence, the stretches between, and the whole comment."""
    for path in sorted(CORPUS.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            if line.strip():
                yield from _authored_row(json.loads(line))


def _authored_row(row: dict[str, object]) -> Iterator[Sample]:
    text, language, group = str(row["text"]), str(row["language"]), str(row["id"])
    opinions: list[dict[str, str]] = row["opinions"]  # type: ignore[assignment] # checked by corpus.check
    polarities = {o["polarity"] for o in opinions}
    present = frozenset(o["category"] for o in opinions)
    alone = None
    if len(polarities) <= 1:
        alone = _POLARITY[next(iter(polarities))] if polarities else 1
    whole = len(opinions) <= 1
    yield Sample(
        text, language, "authored", group, present, CATEGORIES, alone, 1.0 if whole else 0.5
    )
    spans: dict[tuple[int, int], list[dict[str, str]]] = {}
    for opinion in opinions:
        start = text.index(opinion["evidence"])
        spans.setdefault((start, start + len(opinion["evidence"])), []).append(opinion)
    end = 0
    for (start, stop), held in sorted(spans.items()):
        found = {_POLARITY[o["polarity"]] for o in held}
        yield Sample(
            text[start:stop], language, "authored", group,
            frozenset(o["category"] for o in held), CATEGORIES,
            found.pop() if len(found) == 1 else None,
        )  # fmt: skip
        yield from _between(text[end:start], language, group)
        end = max(end, stop)
    if spans:
        yield from _between(text[end:], language, group)


def _between(text: str, language: str, group: str) -> Iterator[Sample]:
    """What stands between two evidences holds no opinion; short scraps teach nothing."""
    if len(re.findall(r"\w+", text)) >= 4:
        yield Sample(text.strip(), language, "authored", group, frozenset(), CATEGORIES, None, 0.7)


def phrases() -> Iterator[Sample]:
    """Short judgements, negations and emoji with their polarity, alone and behind a plain word.

    They tell what a word means where nothing else in a text does.
    """
    plain = {"de": "der Bus", "en": "the bus"}
    lines = (CORPUS / "phrases.tsv").read_text("utf-8").splitlines()[1:]
    for i, line in enumerate(lines):
        language, polarity, phrase = line.split("\t")
        sign = not any(c.isalnum() for c in phrase)
        for text in (phrase, f"{plain[language]} {phrase}") if sign else (phrase,):
            yield Sample(
                text,
                language,
                "phrases",
                f"phrase-{i}",
                frozenset(),
                frozenset(),
                _POLARITY[polarity],
                1.5,
            )


def nhs_phase1(data: Path) -> Iterator[Sample]:
    """Patient comments with one label each; a text that also stands in the phase 2 file is left out."""
    folder = data / "nhs_patient_experience"
    with (folder / "v6framework_230831.csv").open(encoding="utf-8", newline="") as file:
        later = {row["FFT answer"].strip().lower() for row in csv.DictReader(file)}
    with (folder / "phase1_text_data.csv").open(encoding="utf-8", newline="") as file:
        for i, row in enumerate(csv.DictReader(file)):
            text = row["feedback"].strip()
            if not text or text.lower() in later or len(text) > 400:
                continue
            code = NHS.get(row["label"]) or NHS.get(f"{row['label']}/{row['subcategory']}")
            polarity = _criticality(row["criticality"])
            if code == "general" and len(text.split()) > 6:
                code = None
            # One label each. A short text holds no second category; in a longer one absence is unknown,
            # and presence alone would teach how patients write, not what they write about: left out.
            short = len(text.split()) <= _SHORT
            known = frozenset(NHS.values()) | _UNLIKELY_IN_NHS if short else _UNLIKELY_IN_NHS
            if not short:
                code = None
            yield Sample(
                text,
                "en",
                "nhs_phase1",
                f"nhs-{i}",
                frozenset({code} if code else ()),
                known,
                polarity,
                0.4,
            )


_SHORT = 14  # words

# What a patient comment hardly ever speaks of: negatives for these categories.
_UNLIKELY_IN_NHS = frozenset(
    {"digital.stability", "digital.account", "ordering", "returns", "delivery", "price.discounts",
     "price.billing", "product.range", "product.quality", "competitor", "price.value"}
)  # fmt: skip


def _criticality(value: str) -> int | None:
    try:
        number = int(value)
    except ValueError:
        return None
    return 2 if number >= 2 else 0 if number <= -2 else 1 if number == 0 else None


def mams(data: Path) -> Iterator[Sample]:
    """Restaurant sentences with several categories."""
    tree = ElementTree.parse(data / "mams" / "MAMS-ACSA" / "raw" / "train.xml")  # noqa: S314 - local file
    for i, sentence in enumerate(tree.getroot()):
        text = sentence.findtext("text") or ""
        pairs = [(c.get("category"), c.get("polarity")) for c in sentence.iter("aspectCategory")]
        present = frozenset(MAMS[c] for c, p in pairs if c in MAMS and p != "neutral")
        unsure = frozenset(MAMS[c] for c, p in pairs if c in MAMS and p == "neutral")
        known = (frozenset(MAMS.values()) | _UNLIKELY_IN_NHS) - {"product.range", *unsure} | present
        yield Sample(text, "en", "mams", f"mams-{i}", present, known, None, 0.3)


def shah(data: Path) -> Iterator[Sample]:
    """App-store sentences: bugs and requests."""
    with (data / "app_feedback_classification" / "SHAH__Sheet1.csv").open(encoding="utf-8") as file:
        for i, row in enumerate(csv.DictReader(file)):
            code = SHAH.get(row["labels"])
            text = row["reviews"].strip()
            known = frozenset(SHAH.values()) | {"place.cleanliness", "food_drink", "delivery"}
            if row["labels"] == "E":
                known = known - frozenset(SHAH.values())
            present = frozenset({code} if code else ())
            yield Sample(text, "en", "shah", f"shah-{i}", present, known, 0 if code else None, 0.4)


def sb10k(data: Path) -> Iterator[Sample]:
    """German tweets with a polarity; every tenth is kept for testing."""
    path = data / "sb10k" / "sb10k_corpus_v1.0.cgsa.tsv"
    for i, line in enumerate(path.read_text("utf-8").splitlines()):
        parts = line.split("\t")
        if i % 10 and len(parts) == 3 and parts[1] in _POLARITY:
            text = re.sub(r"https?://\S+|@\w+", " ", parts[2]).strip()
            yield Sample(
                text,
                "de",
                "sb10k",
                f"sb10k-{i}",
                frozenset(),
                frozenset(),
                _POLARITY[parts[1]],
                0.5,
            )


def vader(data: Path) -> Iterator[Sample]:
    """English product snippets and tweets with a mean human intensity (-4..4)."""
    for name in ("amazonReviewSnippets_GroundTruth.txt", "tweets_GroundTruth.txt"):
        path = data / "vader_ground_truth" / name
        for i, line in enumerate(path.read_text("utf-8", errors="replace").splitlines()):
            parts = line.split("\t")
            if len(parts) == 3:
                value = float(parts[1])
                polarity = (
                    2 if value > 0.8 else 0 if value < -0.8 else 1 if abs(value) < 0.4 else None
                )
                yield Sample(
                    parts[2], "en", "vader", f"{name}-{i}", frozenset(), frozenset(), polarity, 0.4
                )


def all_samples(data: Path) -> list[Sample]:
    """Everything, in a fixed order."""
    return [
        *authored(), *phrases(), *nhs_phase1(data), *mams(data), *shah(data), *sb10k(data), *vader(data),
    ]  # fmt: skip
