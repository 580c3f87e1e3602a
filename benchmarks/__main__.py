"""All benchmarks in one run: ``python -m benchmarks --data DIR [--only models] [--write docs/benchmarks.md]``."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.models.record import Setting

# Two spinning BLAS threads make small matrices slower, not faster.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

Part = tuple[str, Callable[[], str]]


def main() -> None:
    """Run everything, or some parts, and print one markdown page; `--write` keeps it in a file."""
    parser = _parser()
    options = parser.parse_args()
    parts = _parts(options)
    chosen = {n: p for n, p in parts.items() if _wanted(n, options.only)}
    if not chosen:
        parser.error(f"--only {options.only!r} is none of {', '.join(parts)}")
    from benchmarks.page import page

    sections = {}
    for name, (title, make) in chosen.items():
        print(f"… {name}", flush=True)
        sections[title] = make()
    head = (
        "# Benchmarks\n\nMeasured by `make bench DATA=folder` "
        f"on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}. Compare ratios: the machine is shared and noisy."
    )
    if options.write:
        former = (
            options.write.read_text("utf-8") if options.only and options.write.is_file() else ""
        )
        options.write.write_text(page(head, sections, former), "utf-8")
    print(page(head, sections))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="folder of the public data")
    parser.add_argument("--write", type=Path, default=None, help="markdown file to write")
    parser.add_argument(
        "--only", default="",
        help="parts, comma-separated; `models` also means models_categories, models_comments, …",
    )  # fmt: skip
    parser.add_argument("--teacher", type=Path, default=None, help="folder of all-MiniLM-L6-v2")
    parser.add_argument(
        "--embeddings",
        type=Path,
        default=None,
        help=".npz that keeps the teacher's vectors between runs",
    )
    parser.add_argument("--models", default="", help="our models to measure, comma-separated")
    parser.add_argument(
        "--figures", type=Path, default=None,
        help="JSON file that keeps all figures of the models; beside the page of --write unless given",
    )  # fmt: skip
    parser.add_argument(
        "--baseline-python", type=Path, default=None,
        help="interpreter with torch, transformers, FastAPI and uvicorn, that the service is compared with",
    )  # fmt: skip
    parser.add_argument("--base", default="accurate", help="model that training starts from")
    parser.add_argument(
        "--base-without-nhs", default=None, help="the same without patient comments in its weights"
    )
    return parser


def _wanted(name: str, only: str) -> bool:
    asked = [part.strip() for part in only.split(",") if part.strip()]
    return not asked or any(name == part or name.startswith(f"{part}_") for part in asked)


def _parts(options: argparse.Namespace) -> dict[str, Part]:
    """Name to title and maker of every part, in the order of the page."""
    from benchmarks import drivers_speed, language, main_job, quality, redaction, truth
    from benchmarks.models.parts import parts
    from benchmarks.service import latency
    from benchmarks.why import nhs
    from benchmarks.why import speed as why_speed

    data = options.data if options.data and options.data.is_dir() else None
    return {
        "main_job": ("The main job on real data", lambda: main_job.table(data)),
        "quality": ("Reading: the shipped model", lambda: quality.table(data)),
        **parts(_setting(options, data)),
        "truth": ("Drivers of the example: read labels beside gold labels", truth.table),
        "speed": ("Drivers: time against n, 28 categories × 2 polarities", drivers_speed.table),
        "why_speed": (
            "Why: the linear level with clustered intervals against n",
            lambda: f"{why_speed.table()}\n\nEvery section:\n\n{why_speed.sections()}",
        ),
        "why_nhs": (
            "Drivers of NHS comments: human labels beside the model's, as read and corrected",
            lambda: (
                nhs.report(data, options.base_without_nhs or options.base)
                if data
                else "needs --data"
            ),
        ),
        "service": (
            "The service over loopback",
            lambda: latency.table(latency.Run(baseline=options.baseline_python)),
        ),
        "redaction": ("Redaction on the authored set", redaction.table),
        "language": (
            "Language of a comment",
            lambda: language.report(data) if data else "needs --data",
        ),
    }


def _setting(options: argparse.Namespace, data: Path | None) -> Setting:
    from benchmarks.models.record import Setting, shipped_models

    beside = options.write.with_name(f"{options.write.stem}_models.json") if options.write else None
    return Setting(
        data=data,
        teacher=options.teacher,
        embeddings=options.embeddings,
        models=tuple(options.models.split(",")) if options.models else shipped_models(),
        store=options.figures or beside,
        pictures=options.write.parent if options.write else None,
        base=options.base,
        base_without_nhs=options.base_without_nhs,
    )


if __name__ == "__main__":
    main()
