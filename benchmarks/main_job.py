"""`warum analyze` on real files: seconds, peak memory, coverage."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from warum.example import example_path

NHS = [
    "--text", "FFT answer", "--question", "FFT question", "--score", "FFT categorical answer:mean",
    "--customer", "Respondent ID", "--scale", "1:5", "--lower-is-better", "--missing", "6,7",
    "--date", "Date", "--by", "Trust",
]  # fmt: skip


def germeval_csv(data: Path, folder: Path) -> Path:
    """GermEval-2017 synchronic test as a table of id and text."""
    path = folder / "germeval.csv"
    tree = ElementTree.parse(data / "germeval2017" / "fixed_test_syn-2017-09-15.xml")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["document", "text"])
        for document in tree.getroot():
            writer.writerow([document.get("id"), document.findtext("text")])
    return path


def run(name: str, arguments: list[str], folder: Path) -> str:
    """One line of the table."""
    out = folder / name.split()[0]
    command = [sys.executable, "-m", "warum", "analyze", *arguments, "--quiet", "--out", str(out)]
    subprocess.run(command, check=True)
    facts = json.loads((out / "run.json").read_text("utf-8"))
    summary = json.loads((out / "summary.json").read_text("utf-8"))
    coverage, rows = summary["coverage"], summary["facts"]
    return (
        f"| {name} | {rows['rows_in']:,} | {rows['comments']:,} | {facts['seconds']:.1f} | "
        f"{facts['peak_memory_mb']:.0f} | {100 * coverage['with_opinion_share']:.0f} % | "
        f"{100 * coverage['general_only_share']:.0f} % |"
    )


def table(data: Path | None) -> str:
    """Markdown table; only the example without the public data."""
    lines = [
        "| file | rows | comments | seconds | peak memory, MB | with an opinion | praise or blame only |",
        "|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines.append(run("example", [str(example_path()), "--by", "branch"], folder))
        if data is not None:
            nhs = data / "nhs_patient_experience" / "v6framework_230831.csv"
            lines.append(run("NHS", [str(nhs), *NHS], folder))
            fabsa = data / "fabsa" / "fabsa_dataset.csv"
            lines.append(
                run(
                    "FABSA",
                    [str(fabsa), "--text", "text", "--score", "none", "--by", "industry"],
                    folder,
                )
            )
            lines.append(
                run("GermEval-2017", [str(germeval_csv(data, folder)), "--text", "text"], folder)
            )
    return "\n".join(lines)
