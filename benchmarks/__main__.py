"""All benchmarks in one run: ``python -m benchmarks --data DIR [--write docs/benchmarks.md]``."""

from __future__ import annotations

import argparse
import os
import platform
from datetime import UTC, datetime
from pathlib import Path

# Two spinning BLAS threads make small matrices slower, not faster.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Run everything and print, or write, one markdown page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="folder of the public data")
    parser.add_argument("--write", type=Path, default=None, help="markdown file to write")
    parser.add_argument(
        "--only", default="", help="main_job, quality, truth, speed, redaction or language"
    )
    options = parser.parse_args()
    data = options.data if options.data and options.data.is_dir() else None
    from benchmarks import drivers_speed, language, main_job, quality, redaction, truth

    parts = {
        "main_job": ("The main job on real data", lambda: main_job.table(data)),
        "quality": ("Reading: the shipped model", lambda: quality.table(data)),
        "truth": ("Drivers of the example: read labels beside gold labels", truth.table),
        "speed": ("Drivers: time against n, 28 categories × 2 polarities", drivers_speed.table),
        "redaction": ("Redaction on the authored set", redaction.table),
        "language": (
            "Language of a comment",
            lambda: language.report(data) if data else "needs --data",
        ),
    }
    page = [
        "# Benchmarks",
        "",
        "Measured by `make bench DATA=folder` "
        f"on {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{datetime.now(UTC):%Y-%m-%d}. Compare ratios: the machine is shared and noisy.",
    ]
    for name, (title, make) in parts.items():
        if options.only in ("", name):
            print(f"… {name}", flush=True)
            page += ["", f"## {title}", "", make()]
    text = "\n".join(page) + "\n"
    if options.write:
        options.write.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
