"""Drivers of NHS comments from human labels beside those from a model's labels, as read and corrected.

``python -m benchmarks.why.nhs --data DIR [--base accurate] [--keep read.npz] [--write FILE]``

Respondents are parted in two halves. A head is trained on the comments of one half, over weights that never saw NHS,
and reads the other, which is analysed; then the halves are swapped. Audit samples are drawn inside the analysed half
and answered by the human labels, so that none of them trained anything that is used there.
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.models.answers import Pipeline
from benchmarks.models.case import Case
from benchmarks.models.own_fit import fit_own
from benchmarks.models.sets import TAXONOMIES
from benchmarks.models.splits import respondent_folds
from benchmarks.why.nhs_table import Cell, table
from warum.audit.drivers import correct_drivers
from warum.audit.phases import Audited
from warum.audit.probabilities import inclusion_probabilities
from warum.audit.sampling import draw_poisson, lots
from warum.occasions import Pair
from warum.reasons.level import estimate_drivers
from warum.taxonomy import Taxonomy, load_taxonomy
from warum_models.protocol import Reader

Floats = npt.NDArray[np.float64]
Mentions = npt.NDArray[np.bool_]
Fit = Callable[[Sequence[Case], Taxonomy, str], Reader]

SIZES, DRAWS, LEAST = (300, 600), 100, 20
_FINDING = 0.05


@dataclass(frozen=True)
class Respondents:
    """m respondents: one score each, and the labels of all their comments.

    Attributes:
        names: Their ids, ascending.
        y: 5 very good … 1 very poor, (m,).
        gold: Labels by a person, (m, k).
        read: Labels by the model, (m, k).
        doubt: Expected number of labels wrongly found, (m,).
        half: Which half each is in, 0 or 1, (m,).
    """

    names: tuple[str, ...]
    y: Floats
    gold: Mentions
    read: Mentions
    doubt: Floats
    half: npt.NDArray[np.int64]

    def of_half(self, half: int) -> Respondents:
        """One half."""
        at = np.flatnonzero(self.half == half)
        names = tuple(self.names[i] for i in at.tolist())
        return Respondents(
            names, self.y[at], self.gold[at], self.read[at], self.doubt[at], self.half[at]
        )


@dataclass(frozen=True)
class Scored:
    """A comment with the score that came with it."""

    case: Case
    score: float


def comments(data: Path, labels: Sequence[str]) -> list[Scored]:
    """The comments of `benchmarks.models.sets.nhs` with their scores, 5 very good … 1 very poor."""
    path = data / "nhs_patient_experience" / "v6framework_230831.csv"
    found = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            score, text = row["FFT categorical answer"], row["FFT answer"]
            if score not in set("12345") or text in ("", "Did not answer"):
                continue
            if row["Labelling not possible"] == "1":
                continue
            gold = frozenset((label, "") for label in labels if row[label] == "1")
            case = Case(text, "en", gold, row["FFT question"] or None, group=row["Respondent ID"])
            found.append(Scored(case, 6.0 - float(score)))
    return found


def some(found: Sequence[Scored], respondents: int) -> list[Scored]:
    """The comments of some respondents, the same ones every time."""
    names = sorted({one.case.group for one in found})
    drawn = np.argsort(lots(names, 0), kind="stable")[:respondents]
    kept = {names[i] for i in drawn.tolist()}
    return [one for one in found if one.case.group in kept]


@dataclass(frozen=True)
class Labels:
    """What the model read in n comments: labels, how probable it held them, and the half of each."""

    read: Mentions
    doubt: Floats
    half: npt.NDArray[np.int64]


def read_crossed(
    found: Sequence[Scored], taxonomy: Taxonomy, base: str, fit: Fit = fit_own
) -> Labels:
    """Read each half by a head that was trained on the other."""
    cases = [one.case for one in found]
    n, codes = len(cases), taxonomy.codes
    read, doubt = np.zeros((n, len(codes)), dtype=np.bool_), np.zeros(n)
    half = np.zeros(n, dtype=np.int64)
    for number, (train, test) in enumerate(respondent_folds(cases, 2)):
        print(f"  training on {len(train)} comments", flush=True)
        reader = fit([cases[i] for i in train], taxonomy, base)
        ours = Pipeline(reader, taxonomy, {code: code for code in codes}, f"trained on {base}")
        for i, answer in zip(test.tolist(), ours.answer([cases[i] for i in test]), strict=True):
            read[i] = [code in answer.labels for code in codes]
            doubt[i] = sum(1 - answer.presence.get(code, 1.0) for code in answer.labels)
            half[i] = number
    return Labels(read, doubt, half)


def respondents_of(found: Sequence[Scored], labels: Labels, codes: Sequence[str]) -> Respondents:
    """The comments of each respondent put together."""
    names = sorted({one.case.group for one in found})
    place = {name: i for i, name in enumerate(names)}
    of = np.array([place[one.case.group] for one in found])
    y, half = np.zeros(len(names)), np.zeros(len(names), dtype=np.int64)
    gold, read = (np.zeros((len(names), len(codes)), dtype=np.bool_) for _ in range(2))
    y[of], half[of] = [one.score for one in found], labels.half
    np.logical_or.at(gold, of, [[code in one.case.labels for code in codes] for one in found])
    np.logical_or.at(read, of, labels.read)
    doubt = np.bincount(of, labels.doubt, minlength=len(names))
    return Respondents(tuple(names), y, gold, read, doubt, half)


def cells(
    everybody: Respondents, codes: Sequence[str], sizes: Sequence[int] = SIZES, draws: int = DRAWS
) -> Iterator[Cell]:
    """All estimates: of both halves, as read and corrected by audit samples of several sizes."""
    pairs: list[Pair] = [(code, "neutral") for code in codes]
    for half in (0, 1):
        people = everybody.of_half(half)
        human = {
            d.category: (d.effect, d.q_value <= _FINDING)
            for d in estimate_drivers(people.y, people.gold, pairs, score="fft").drivers
            if d.mentions >= LEAST and not math.isnan(d.effect.low)
        }
        for driver in estimate_drivers(people.y, people.read, pairs, score="fft").drivers:
            if driver.category in human:
                yield Cell("as read", (half, 0), *human[driver.category], driver.effect)
        for size in sizes:
            for draw in range(draws):
                fit = correct_drivers(
                    people.y, people.read, pairs, _audit(people, size, draw), score="fft"
                )
                for row in fit.drivers:
                    if row.category in human and not math.isnan(row.effect.low):
                        yield Cell(
                            f"corrected, {size} labels", (half, draw), *human[row.category],
                            row.effect, row.labels_alone,
                        )  # fmt: skip


def _audit(people: Respondents, labels: int, draw: int) -> Audited:
    """A sample drawn as `warum audit draw` draws it, answered by the human labels."""
    probability = inclusion_probabilities(people.read, labels, doubt=people.doubt)
    rows = draw_poisson(probability, lots(people.names, f"nhs {draw}"))
    return Audited(rows, people.gold[rows], probability[rows])


def report(
    data: Path,
    base: str = "accurate",
    *,
    respondents: int | None = None,
    draws: int = DRAWS,
    keep: Path | None = None,
    fit: Fit = fit_own,
) -> str:
    """The whole comparison as markdown.

    Args:
        data: Folder of the public data.
        base: Model that the heads are put on; its weights must never have seen NHS.
        respondents: Only some of them, for a quick look.
        draws: Audit samples of each size in each half.
        keep: .npz that keeps what was read between runs.
        fit: Trains the heads.
    """
    taxonomy = load_taxonomy(TAXONOMIES / "nhs.yaml")
    found = comments(data, taxonomy.codes)
    if respondents is not None:
        found = some(found, respondents)
    labels = _kept(keep, len(found)) or read_crossed(found, taxonomy, base, fit)
    if keep is not None:
        np.savez_compressed(keep, read=labels.read, doubt=labels.doubt, half=labels.half)
    people = respondents_of(found, labels, taxonomy.codes)
    sizes = [size for size in SIZES if 2 * size < len(people.y)] or [len(people.y) // 4]
    told = table(list(cells(people, taxonomy.codes, sizes, draws)))
    right, said, true = (
        int((part).sum()) for part in (people.read & people.gold, people.read, people.gold)
    )
    return (
        f"{len(people.y):,} respondents, {len(found):,} comments, {len(taxonomy.codes)} labels; effects on the score "
        f"(1-5) of labels with at least {LEAST} mentions in the half; {draws} audit samples of each size in each "
        f"half. Heads trained on the other half over `{base}`: micro-F1 of the labels "
        f"{2 * right / max(said + true, 1):.2f}.\n\n{told}"
    )


def _kept(keep: Path | None, n: int) -> Labels | None:
    if keep is None or not keep.is_file():
        return None
    with np.load(keep) as held:
        labels = Labels(held["read"], held["doubt"], held["half"])
    return labels if len(labels.read) == n else None


def main() -> None:
    """Print the comparison; `--write` keeps it in a file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.why.nhs", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    parser.add_argument("--base", default="accurate", help="model that training starts from")
    parser.add_argument("--respondents", type=int, default=None, help="only so many, for a look")
    parser.add_argument("--draws", type=int, default=DRAWS, help="audit samples of each size")
    parser.add_argument("--keep", type=Path, default=None, help=".npz that keeps what was read")
    parser.add_argument("--write", type=Path, default=None, help="markdown file to write")
    options = parser.parse_args()
    told = report(
        options.data, options.base,
        respondents=options.respondents, draws=options.draws, keep=options.keep,
    )  # fmt: skip
    if options.write:
        options.write.write_text(told + "\n", "utf-8")
    print(told)


if __name__ == "__main__":
    main()
