"""How often the language of a text is told right, by its length: prints a markdown table.

    python benchmarks/language.py --data DIR [--fit]

DIR holds `parallel_de_en` and `parallel_tatoeba_multi` (tab-separated sentence pairs, languages
named in the file) and, where present, `nhs_patient_experience`. Half of the Tatoeba sentences are
for choosing the constants (`--fit` prints what each prior would give on them), the other half and
everything else for the table.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from warum.stages.language import PRIOR, READ, Guess, guess_language

Sample = tuple[str, str]  # text, language

CODES = {
    "ces": "cs",
    "dan": "da",
    "deu": "de",
    "ell": "el",
    "eng": "en",
    "fin": "fi",
    "fra": "fr",
    "ita": "it",
    "nld": "nl",
    "pol": "pl",
    "por": "pt",
    "ron": "ro",
    "spa": "es",
    "swe": "sv",
    "tur": "tr",
}
LENGTHS = ("1-3 words", "4-10 words", "11 and more")
MOST = {"de": 1500, "en": 1500}  # texts per language and length; of other languages 200
PRIORS = (1, 2, 6, 10, 20, 50, 100)


def length(text: str) -> str:
    """The length class of a text, counted in words."""
    words = len(re.findall(r"[^\W\d_]+", text))
    return LENGTHS[0] if words <= 3 else LENGTHS[1] if words <= 10 else LENGTHS[2]


def pairs(path: Path, languages: tuple[str, str]) -> Iterator[Sample]:
    """The sentences of a file of pairs."""
    for line in path.read_text(encoding="utf-8").splitlines():
        sides = line.split("\t")
        if len(sides) == 2 and sides[0].strip().lower() != sides[1].strip().lower():
            yield from zip(sides, languages, strict=True)


def tatoeba(data: Path) -> tuple[list[Sample], list[Sample]]:
    """Two halves: for choosing constants, and for the table."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    files = [
        (path, tuple(CODES[code] for code in path.stem.split(".")[1].split("-")))
        for path in sorted((data / "parallel_tatoeba_multi").glob("tatoeba.*.tsv"))
    ]
    files.append((data / "parallel_de_en" / "anki_tatoeba_deu_eng.de-en.tsv", READ))
    for path, (first, second) in files:
        for text, language in pairs(path, (first, second)):
            found[language, length(text)].add(text)
    halves: tuple[list[Sample], list[Sample]] = ([], [])
    for (language, _), texts in sorted(found.items()):
        order = sorted(texts)
        random.Random(language).shuffle(order)
        most = MOST.get(language, 200)
        halves[0].extend((text, language) for text in order[:most])
        halves[1].extend((text, language) for text in order[most : 2 * most])
    return halves


def dialogues(data: Path) -> list[Sample]:
    """Customer-agent dialogues in German and English, development and test part."""
    samples: set[Sample] = set()
    for part in ("dev", "test"):
        path = data / "parallel_de_en" / f"bcontrast_{part}.de-en.tsv"
        samples |= set(pairs(path, READ))
    return sorted(sample for sample in samples if re.search("[a-zäöü]", sample[0], re.IGNORECASE))


def patients(data: Path) -> list[Sample]:
    """English patient comments."""
    path = data / "nhs_patient_experience" / "v6framework_230831.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        texts = {row["FFT answer"].strip() for row in csv.DictReader(file)}
    return [(text, "en") for text in sorted(texts) if re.search("[a-z]", text, re.IGNORECASE)]


def group(language: str) -> str:
    """German, English or one of the others."""
    return language if language in READ else "others"


def decided(guess: Guess, main: str | None) -> str:
    """What the stage would say."""
    return guess.language if guess.is_sure(main) or main is None else main


def table(name: str, samples: list[Sample]) -> list[str]:
    """Rows of the table: accuracy of the text alone, and with the main language known."""
    counts: dict[tuple[str, str], list[tuple[bool, bool, bool]]] = defaultdict(list)
    for text, language in samples:
        guess = guess_language(text)
        main = language if language in READ else "en"
        counts[group(language), length(text)].append(
            (guess.language == language, guess.is_sure(), decided(guess, main) == language)
        )
    rows = []
    for language in (*READ, "others"):
        for size in LENGTHS:
            seen = counts.get((language, size), [])
            if seen:
                shares = [
                    f"{100 * sum(column) / len(seen):.1f} %" for column in zip(*seen, strict=True)
                ]
                rows.append(
                    f"| {name} | {language} | {size} | {len(seen):,} | {' | '.join(shares)} |"
                )
    return rows


def fit(samples: list[Sample]) -> None:
    """Accuracy by prior, on the half for choosing."""
    print(
        "| prior | "
        + " | ".join(f"{lang} {size}" for size in LENGTHS for lang in (*READ, "others"))
    )
    print("|---" * (1 + 3 * len(LENGTHS)) + "|")
    guesses = [(guess_language(text), language, length(text)) for text, language in samples]
    for prior in PRIORS:
        right: dict[tuple[str, str], list[bool]] = defaultdict(list)
        for guess, language, size in guesses:
            shift = math.log(prior / PRIOR)
            scores = {
                code: score + (shift if code in READ else 0) for code, score in guess.scores.items()
            }
            right[size, group(language)].append(max(scores, key=scores.__getitem__) == language)
        cells = [right[size, lang] for size in LENGTHS for lang in (*READ, "others")]
        print(f"| {prior} | " + " | ".join(f"{100 * sum(c) / len(c):.1f}" for c in cells) + " |")


def report(data: Path) -> str:
    """Accuracy per set, language and length, as a markdown table."""
    _, testing = tatoeba(data)
    lines = [
        "| texts | language | length | n | likeliest is right | sure | right, main language known |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, samples in (
        ("Tatoeba, held out", testing),
        ("customer dialogues", dialogues(data)),
        ("patient comments", patients(data)),
    ):
        lines += table(name, samples)
    return "\n".join(lines)


def main() -> None:
    """Read the options and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    if options.fit:
        fit(tatoeba(options.data)[0])
        print()
    print(report(options.data))


if __name__ == "__main__":
    main()
