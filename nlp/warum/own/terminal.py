"""What training and evaluation found, on a terminal: readable at 80 columns, and without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from warum.own.evaluation import ALL, Evaluation, Mistake, Slice
from warum.own.training import Trained
from warum.report.terminal import clean
from warum_models.own.card import gain_sentence, right_of, shown
from warum_models.own.figures import Calibration, Scores

_LONGEST = 60


def print_trained(trained: Trained, out: Path, console: Console) -> None:
    """Print what a training gave.

    Args:
        trained: What it gave.
        out: The model's folder.
        console: Where to.
    """
    told = trained.study
    console.print(_heading("Labels"))
    for line in (f"{told.texts} texts in {told.groups} groups.", *trained.notes):
        console.print(_line(line))
    if told.few:
        console.print(_line(f"The base alone reads, for want of labels: {', '.join(told.few)}."))
    console.print(_heading(f"Cross-validated figures ({told.folds} folds, 95 % intervals)"))
    console.print(_scores((*told.labels, told.micro)))
    console.print(_line(f"Macro F1 {shown(told.macro)}."))
    before = ", before fine-tuning" if told.full else ""
    console.print(
        _line(
            f"The base alone{before}, calibrated on the same labels: micro F1 {shown(told.base_micro.f1)}, "
            f"macro F1 {shown(told.base_macro)}."
        )
    )
    console.print(_line(f"Polarity given the category: {right_of(told.polarity)}."))
    console.print(_line(_calibrated(told.calibration)))
    console.print(_line(gain_sentence(told.curve)))
    console.print(
        f"\nModel: {out} (version {trained.model.version})", highlight=False, soft_wrap=True
    )
    use = f"Use it: warum analyze FILE --model {out} --taxonomy {out / 'taxonomy.yaml'}"
    console.print(use, highlight=False, soft_wrap=True, markup=False)


def print_evaluation(found: Evaluation, console: Console) -> None:
    """Print what an evaluation found.

    Args:
        found: What it found.
        console: Where to.
    """
    for part in _evaluation(found):
        console.print(part)


def _evaluation(found: Evaluation) -> Iterator[RenderableType]:
    whole = found.whole
    yield _heading(f"{clean(found.model)} {found.version} on {whole.texts} texts")
    for note in found.notes:
        yield _line(note)
    yield _heading("By category (95 % intervals)")
    seen = [row for row in whole.labels if row.positives or row.found]
    yield _scores((*seen, whole.micro, *((whole.pairs,) if whole.pairs else ())))
    yield _line(f"Macro F1 {shown(whole.macro)} over {whole.macro.n} categories that occur.")
    yield _line(f"Polarity of what was rightly found: {right_of(whole.polarity)}.")
    yield _line(_calibrated(whole.calibration))
    for by in dict.fromkeys(part.by for part in found.slices if part.by != ALL):
        yield _heading(f"By {clean(by)}")
        yield _slices([part for part in found.slices if part.by == by])
    yield from _mistakes("Surest of what is not there", found.wrongly_found)
    yield from _mistakes("Missed most surely", found.missed)


def _heading(text: str) -> Text:
    return Text(f"\n{text}", "bold")


def _line(text: str) -> RenderableType:
    return Padding(Text(clean(text)), (0, 0, 0, 2), expand=False)


def _calibrated(found: Calibration) -> str:
    if not found.n:
        return "Calibration: no probability reaches 0.1."
    return (
        f"Expected calibration error {found.error:.3f} over {found.n} pairs with probability ≥ 0.1."
    )


def _table(*headers: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    for position, header in enumerate(headers):
        if position:
            table.add_column(header, justify="right", no_wrap=True)
        else:
            table.add_column(header, overflow="fold")
    return table


def _scores(rows: Sequence[Scores]) -> RenderableType:
    table = _table("Category", "n", "Precision", "Recall", "F1")
    for row in rows:
        cells = [shown(f).replace(" (", "\n(") for f in (row.precision, row.recall, row.f1)]
        table.add_row(Text(clean(row.name)), str(row.positives), *cells)
    return Padding(table, (1, 0, 0, 2), expand=False)


def _slices(parts: Sequence[Slice]) -> RenderableType:
    table = _table("", "Texts", "Micro F1", "Macro F1", "Polarity", "ECE")
    for part in parts:
        figures = (part.micro.f1, part.macro, part.polarity)
        cells = [shown(figure).replace(" (", "\n(") for figure in figures]
        error = f"{part.calibration.error:.3f}" if part.calibration.n else "–"
        table.add_row(Text(clean(part.value)), str(part.texts), *cells, error)
    return Padding(table, (1, 0, 0, 2), expand=False)


def _mistakes(heading: str, mistakes: Sequence[Mistake]) -> Iterator[RenderableType]:
    if not mistakes:
        return
    yield _heading(heading)
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Row", justify="right", no_wrap=True)
    table.add_column("Category", overflow="fold")
    table.add_column("p", justify="right", no_wrap=True)
    table.add_column("Text", overflow="fold", ratio=1)
    for one in mistakes:
        text = clean(one.text)
        text = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
        table.add_row(str(one.row), Text(one.category), f"{one.probability:.2f}", Text(text))
    yield Padding(table, (1, 0, 0, 2), expand=False)
