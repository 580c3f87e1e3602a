"""How long the "why" takes against the number of responses, and in how much memory.

python -m benchmarks.why.speed                 the linear level, from arrays and from stored tables
python -m benchmarks.why.speed --sections      every section of the answer

Each figure comes from a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

# Two threads: what the requirement says. Set before NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "2")

import numpy as np

from warum.answers.asymmetry import asymmetry
from warum.answers.change import change
from warum.answers.journey import journey
from warum.answers.level import level
from warum.answers.linear import linear_fit
from warum.answers.metrics import metrics
from warum.answers.options import Period, WhyOptions
from warum.answers.rows import WhyRows
from warum.answers.shares import shares
from warum.answers.trends import trends
from warum.metrics import ScoreScale
from warum.reasons.design import Design
from warum.reasons.level import estimate_drivers
from warum.reasons.sufficient import fit_linear
from warum.records import POLARITIES
from warum.result import Facts, Reading, StoredColumns, StoredScore, StoredTrade
from warum.table import Table, strings
from warum.taxonomy import GENERAL, load_taxonomy

SIZES = (10_000, 100_000, 1_000_000)
SECTION_SIZES = (1_000, 10_000, 100_000)
CATEGORIES, EACH = 28, 3  # categories, occasions a customer
LIMIT_SECONDS, LIMIT_MB = 10.0, 4096.0
PAIRS = [(f"category_{i:02d}", polarity) for i in range(CATEGORIES) for polarity in POLARITIES[::2]]


def _arrays(n: int) -> tuple[Any, ...]:
    """Scores, mentions of 28 categories × 2 polarities, 11 controls and customers of n occasions."""
    rng = np.random.default_rng(n)
    mentions = rng.random((n, len(PAIRS)), dtype=np.float32) < np.linspace(0.005, 0.2, len(PAIRS))
    controls = rng.integers(0, 12, n)[:, None] == np.arange(1, 12)
    y = 10 * (mentions @ rng.normal(size=len(PAIRS))) + 50 * rng.normal(size=n)
    return y, mentions, controls, rng.integers(0, max(2, n // EACH), n)


def _drivers(n: int) -> Callable[[], object]:
    y, mentions, controls, customers = _arrays(n)
    return lambda: estimate_drivers(
        y, mentions, PAIRS, controls=controls, clusters=customers, people=customers, score="y"
    )


def _pieces(n: int) -> Callable[[], object]:
    y, mentions, controls, customers = _arrays(n)
    return lambda: fit_linear(Design((mentions, controls)), y, clusters=customers)


def reading_of(n: int) -> Reading:
    """Invented stored tables of n responses with a comment each, two opinions a comment on average."""
    rng = np.random.default_rng(n)
    taxonomy = load_taxonomy()
    codes = [one.code for one in taxonomy.categories if one.code != GENERAL]
    ids = strings([f"R{i}" for i in range(n)])
    of = np.sort(rng.integers(0, n, 2 * n))
    category = rng.choice(
        len(codes), 2 * n, p=np.linspace(1, 9, len(codes)) / np.linspace(1, 9, len(codes)).sum()
    )
    negative = rng.random(2 * n) < 0.5
    effect = np.bincount(of, np.where(negative, -1.5, 0.7) * (category % 3), minlength=n)
    score = np.clip(np.round(8 + effect + rng.normal(size=n)), 0, 10)
    days = np.datetime64("2024-01-01") + rng.integers(0, 730, n)
    none = strings([None] * n)
    comments = Table(
        {
            "comment_id": ids, "row": np.arange(1, n + 1),
            "customer": strings([f"C{c}" for c in rng.integers(0, max(2, n // EACH), n).tolist()]),
            "question": none, "text": none, "language": strings(["en"] * n),
            "sentiment": np.tanh(effect), "polarity": none, "date": days, "source": none,
            "response_id": ids, "channel": strings(rng.choice(["app", "phone"], n).tolist()),
            "stage": none, "touchpoint": none, "date_key": strings(days.astype(str).tolist()),
            "weight": np.ones(n), "warnings": none, "emotion": none, "intent": none, "effort": none,
            "emotion_probability": np.full(n, np.nan), "intent_probability": np.full(n, np.nan),
            "effort_probability": np.full(n, np.nan), "nps": score,
            "branch": strings(rng.choice(list("ABCDEFGH"), n).tolist()),
            "churned": (rng.random(n) < 0.1).astype(np.float64),
        }
    )  # fmt: skip
    places = {one.code: (one.stage, one.touchpoint) for one in taxonomy.categories}
    named = [codes[k] for k in category.tolist()]
    m = 2 * n
    opinions = Table(
        {
            "comment_id": ids[of], "category": strings(named),
            "sentiment": np.where(negative, -0.8, 0.8),
            "polarity": strings(["negative" if one else "positive" for one in negative.tolist()]),
            "confidence": np.ones(m), "start": np.zeros(m, dtype=np.int64),
            "end": np.ones(m, dtype=np.int64), "evidence": strings(["x"] * m),
            "stage": strings([places[one][0] for one in named]),
            "touchpoint": strings([places[one][1] for one in named]),
            "stage_origin": strings(["assumed"] * m), "touchpoint_origin": strings(["assumed"] * m),
            "source": strings(["model"] * m),
        }
    )  # fmt: skip
    columns = StoredColumns(
        scores=(StoredScore(ScoreScale("nps", "nps", 0, 10), "nps"),), numbers=("churned",),
        by=("branch",), has_customer=True, has_date=True,
        trades=(StoredTrade("churn", "churned", "churned"),),
    )  # fmt: skip
    facts = Facts(
        files=("invented",), rows_in=n, rows_analysed=n, rows_rejected=0, rejected=(), comments=n,
        non_answers=0, with_opinion=n, general_only=0, customers=n // EACH, languages=(("en", n),),
        columns=(), questions=(), notes=(), caveats=(), model_name="none", model_version="0",
        taxonomy_name=taxonomy.name, taxonomy_hash=taxonomy.hash, min_group=5, invented=True,
    )  # fmt: skip
    return Reading(comments, opinions, columns, facts)


def _tables(n: int) -> Callable[[], object]:
    reading, taxonomy = reading_of(n), load_taxonomy()
    return lambda: linear_fit(WhyRows.of(reading, taxonomy).scores[0], 0.95)


def _section(name: str, n: int) -> Callable[[], object]:
    rows = WhyRows.of(reading_of(n), load_taxonomy())
    options = WhyOptions(
        before=Period("2024", date(2024, 1, 1), date(2024, 12, 31)),
        after=Period("2025", date(2025, 1, 1), date(2025, 12, 31)),
    )
    of_score: dict[str, Callable[..., object]] = {
        "level": level, "shares": shares, "asymmetry": asymmetry, "change": change, "journey": journey,
    }  # fmt: skip
    if name in of_score:
        return lambda: of_score[name](rows.scores[0], options)
    return lambda: {"metrics": metrics, "trends": trends}[name](rows, options)


MEASURED: dict[str, Callable[[int], Callable[[], object]]] = {
    "arrays": _drivers,
    "pieces": _pieces,
    "tables": _tables,
}
SECTIONS = ("level", "shares", "asymmetry", "change", "journey", "metrics", "trends")


def measure(what: str, n: int) -> dict[str, float]:
    """Seconds on the clock and on the processor, and peak memory in MB, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.why.speed", "--one", what, str(n)]
    out = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ.copy())
    return dict(json.loads(out.stdout.splitlines()[-1]))


def _one(what: str, n: int) -> None:
    prepared = MEASURED[what](n) if what in MEASURED else _section(what, n)
    begun, worked = time.perf_counter(), time.process_time()
    prepared()
    seconds, processor = time.perf_counter() - begun, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "peak": peak}))


def table(sizes: Sequence[int] = SIZES) -> str:
    """The linear level with clustered intervals, 28 categories × 2 polarities, as a markdown table."""
    lines = [
        "| responses | drivers from arrays, s (processor) | the model alone, from mergeable sums, s "
        "| drivers from stored tables, s | peak memory, MB |",
        "|---:|---:|---:|---:|---:|",
    ]
    slowest = {"seconds": 0.0, "peak": 0.0}
    for n in sizes:
        found = {what: measure(what, n) for what in MEASURED}
        peak = max(one["peak"] for one in found.values())
        lines.append(
            f"| {n:,} | {found['arrays']['seconds']:.2f} ({found['arrays']['processor']:.2f}) "
            f"| {found['pieces']['seconds']:.2f} | {found['tables']['seconds']:.2f} | {peak:.0f} |"
        )
        slowest = {"seconds": found["arrays"]["seconds"], "peak": peak}
    kept = slowest["seconds"] < LIMIT_SECONDS and slowest["peak"] < LIMIT_MB
    verdict = "kept" if kept else "missed"
    lines.append(
        f"\nAim at 1,000,000 responses: under {LIMIT_SECONDS:.0f} s and {LIMIT_MB / 1024:.0f} GB "
        f"on two cores. At {sizes[-1]:,} it is {verdict}."
    )
    return "\n".join(lines)


def sections(sizes: Sequence[int] = SECTION_SIZES) -> str:
    """Every section of the answer, as a markdown table; large ones sample, which they say."""
    lines = [
        "| responses | " + " | ".join(f"{name}, s" for name in SECTIONS) + " | peak memory, MB |",
        "|---:" * (len(SECTIONS) + 2) + "|",
    ]
    for n in sizes:
        found = [measure(name, n) for name in SECTIONS]
        times = " | ".join(f"{one['seconds']:.1f}" for one in found)
        lines.append(f"| {n:,} | {times} | {max(one['peak'] for one in found):.0f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the table that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.why.speed", description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", help="numbers of responses")
    parser.add_argument("--sections", action="store_true", help="every section of the answer")
    parser.add_argument("--one", nargs=2, metavar=("WHAT", "N"), help="measure one thing, as JSON")
    options = parser.parse_args()
    if options.one:
        _one(options.one[0], int(options.one[1]))
    elif options.sections:
        print(sections(options.sizes or SECTION_SIZES))
    else:
        print(table(options.sizes or SIZES))


if __name__ == "__main__":
    main()
