"""Check corpus files line by line: ``python -m warum_models.corpus.check FILE...``.

Files under own taxonomies hold lines of two kinds: a taxonomy, then comments that name it.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

CATEGORIES = frozenset(
    [
        "service.attitude",
        "service.competence",
        "service.communication",
        "service.reachability",
        "service.resolution",
        "wait_time",
        "price.value",
        "price.discounts",
        "price.billing",
        "product.quality",
        "product.range",
        "product.features",
        "food_drink",
        "delivery",
        "digital.usability",
        "digital.stability",
        "digital.account",
        "ordering",
        "returns",
        "place.cleanliness",
        "place.facilities",
        "place.ambience",
        "place.location",
        "safety",
        "reliability",
        "outcome",
        "competitor",
        "general",
    ]
)
POLARITIES = frozenset({"negative", "neutral", "positive"})
EMOTIONS = frozenset(
    [
        "joy",
        "gratitude",
        "anger",
        "disappointment",
        "sadness",
        "fear",
        "confusion",
        "surprise",
        "neutral",
    ]
)
INTENTS = frozenset(
    ["complaint", "praise", "question", "suggestion", "bug_report", "churn_risk", "other"]
)
EFFORTS = frozenset({"low", "high", "none"})
SOURCES = frozenset({"review", "survey", "ticket", "social"})
_FIELDS = {
    "language": frozenset({"de", "en"}),
    "source": SOURCES,
    "emotion": EMOTIONS,
    "intent": INTENTS,
    "effort": EFFORTS,
}


def faults(row: dict[str, object], categories: frozenset[str] = CATEGORIES) -> list[str]:
    """What is wrong with one corpus row; an empty list if nothing is.

    Args:
        row: The row.
        categories: Codes that its opinions may name.
    """
    text = row.get("text")
    if not isinstance(text, str) or not text.strip():
        return ["text is empty"]
    found = [
        f"{field} is {row.get(field)!r}, expected one of {sorted(allowed)}"
        for field, allowed in _FIELDS.items()
        if field in row and row[field] not in allowed
    ]
    opinions = row.get("opinions")
    if not isinstance(opinions, list):
        return [*found, "opinions is no list"]
    for opinion in opinions:
        if opinion.get("category") not in categories:
            found.append(f"unknown category {opinion.get('category')!r}")
        if opinion.get("polarity") not in POLARITIES:
            found.append(f"unknown polarity {opinion.get('polarity')!r}")
        evidence = opinion.get("evidence") or ""
        if not evidence or evidence not in text:
            found.append(f"evidence {evidence!r} does not stand in the text")
    return found


def taxonomy_faults(row: dict[str, object]) -> list[str]:
    """What is wrong with a line that states a taxonomy; an empty list if nothing is."""
    found = []
    if row.get("language") not in ("de", "en"):
        found.append(f"language is {row.get('language')!r}, expected de or en")
    categories = row.get("categories")
    if not isinstance(categories, list) or len(categories) < 2:
        return [*found, "categories is no list of at least two"]
    codes = [c.get("code") for c in categories]
    if len(set(codes)) < len(codes):
        found.append(f"a code stands twice among {codes}")
    found += [
        f"category {c.get('code')!r} has no {part}"
        for c in categories
        for part in ("code", "title", "description")
        if not c.get(part)
    ]
    return found


def main(paths: list[str]) -> int:
    """Print every fault and a summary; return the exit status. Without paths all of the training parts are checked."""
    here = Path(__file__).parent
    paths = paths or [str(p) for p in sorted([*here.glob("*.jsonl"), *here.glob("own/*.jsonl")])]
    bad, count, seen = 0, 0, Counter[str]()
    categories = Counter[str]()
    for path in paths:
        own: dict[str, frozenset[str]] = {}
        for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except json.JSONDecodeError as error:
                bad += 1
                print(f"{path}:{number}: no JSON: {error}")
                continue
            if "categories" in row:
                found = taxonomy_faults(row)
                own[row["taxonomy"]] = frozenset(c.get("code") for c in row["categories"])
            else:
                count += 1
                seen[row.get("text", "")] += 1
                categories.update(o.get("category") for o in row.get("opinions", []))
                name = row.get("taxonomy")
                allowed = own.get(name, frozenset()) if name else CATEGORIES
                found = faults(row, allowed)
            for fault in found:
                bad += 1
                print(f"{path}:{number}: {row.get('id')}: {fault}")
    for text, times in seen.items():
        if times > 1:
            bad += 1
            print(f"the same text stands {times} times: {text[:80]!r}")
    print(f"{count} comments, {sum(categories.values())} opinions, {bad} faults")
    for category in sorted(CATEGORIES):
        print(f"  {category:24} {categories[category]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
