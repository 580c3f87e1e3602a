"""Shares and drivers corrected for the model's errors by an audit sample, beside what the model alone says."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from warum.answers.columns import (
    caveat_column,
    count_column,
    estimate_columns,
    number_column,
    text_column,
)
from warum.answers.options import WhyOptions
from warum.answers.rows import ScoreRows
from warum.audit.agreement import Agreement
from warum.audit.correcting import correct_score
from warum.audit.driver_records import CorrectedDriver, CorrectedFit
from warum.audit.second import second_path, sheets_agree
from warum.audit.sheet import AuditSheet
from warum.audit.sheet_reading import read_sheet
from warum.caveats import Caveat
from warum.records import Estimate
from warum.table import Table


@dataclass(frozen=True)
class Corrected:
    """What an audit sample says of one score column.

    Attributes:
        file: Name of the audit file.
        model: The model whose errors are corrected, "name version".
        comments: Labelled comments.
        labelled: Labelled occasions of this score.
        customers: Customers behind them.
        drivers: By descending corrected |impact|; naive and corrected side by side in each.
        agreement: How far two people agree, over all categories and per category; empty where only one
            has labelled.
        relative_width: Median width of the corrected effects' intervals over that of the labels alone;
            NaN where no effect could be corrected.
        suppressed: Pairs of fewer people than the least group.
        caveats: Doubts about the whole.
    """

    file: str
    model: str
    comments: int
    labelled: int
    customers: int
    drivers: tuple[CorrectedDriver, ...]
    agreement: tuple[Agreement, ...]
    relative_width: float
    suppressed: int
    caveats: tuple[Caveat, ...]

    def tables(self) -> dict[str, Table]:
        """`corrected`: a row per category and polarity; `agreement`: a row per category, if two labelled."""
        found = {"corrected": _drivers_table(self.drivers)}
        if self.agreement:
            rows = self.agreement
            found["agreement"] = Table(
                {
                    "category": text_column(rows, lambda row: row.category or "(all)"),
                    "comments": count_column(rows, lambda row: row.alpha.n),
                    "seen": count_column(rows, lambda row: row.seen),
                    **estimate_columns("alpha", rows, lambda row: row.alpha),
                    "caveats": caveat_column(rows, lambda row: row.alpha.caveats),
                }
            )
        return found


def corrected(rows: ScoreRows, options: WhyOptions) -> Corrected | None:
    """Correct shares, effects and impacts of one score by the audit file that the options name.

    Beside `audit.csv`, the second person's `audit.second.csv` is taken too, for their agreement alone.

    Returns:
        None where no audit file is named.

    Raises:
        InputError: If the file is no audit file, of another model, taxonomy or other data, changed after
            the draw, or labelled in part.
    """
    if options.audit is None:
        return None
    sheet = read_sheet(options.audit, rows.taxonomy)
    fit = corrected_fit(rows, sheet, level=options.level)
    agreed: tuple[Agreement, ...] = ()
    second: Path = second_path(options.audit)
    if second.is_file():
        agreed = sheets_agree(sheet, second, rows.taxonomy, seed=options.seed, level=options.level)
    return Corrected(
        file=options.audit.name,
        model=sheet.model,
        comments=len(sheet.rows),
        labelled=fit.labelled,
        customers=fit.customers,
        drivers=tuple(_with_agreement(driver, agreed) for driver in fit.drivers),
        agreement=agreed,
        relative_width=_relative_width(fit.drivers),
        suppressed=fit.suppressed,
        caveats=fit.caveats,
    )


def corrected_fit(rows: ScoreRows, sheet: AuditSheet, *, level: float = 0.95) -> CorrectedFit:
    """The fit behind the section, with all that a plan for a larger sample needs.

    Raises:
        InputError: If the sheet does not fit the data or is labelled in part.
    """
    return correct_score(
        rows.reading, sheet, rows.scale, rows.occasions, rows.responses.comment_row,
        controls=rows.controls, level=level,
    )  # fmt: skip


def _with_agreement(driver: CorrectedDriver, agreed: tuple[Agreement, ...]) -> CorrectedDriver:
    """The driver with the doubt that people themselves disagree on its category."""
    doubts = [
        caveat for one in agreed if one.category == driver.category for caveat in one.alpha.caveats
    ]
    return replace(driver, caveats=(*driver.caveats, *doubts)) if doubts else driver


def _relative_width(drivers: tuple[CorrectedDriver, ...]) -> float:
    ratios = [_width(d.effect) / _width(d.labels_alone) for d in drivers]
    known = [ratio for ratio in ratios if math.isfinite(ratio)]
    return median(known) if known else math.nan


def _width(estimate: Estimate) -> float:
    width = estimate.high - estimate.low
    return width if width > 0 else math.nan


def _drivers_table(rows: tuple[CorrectedDriver, ...]) -> Table:
    return Table(
        {
            "rank": count_column(rows, lambda row: row.rank),
            "naive_rank": count_column(rows, lambda row: row.naive_rank),
            "category": text_column(rows, lambda row: row.category),
            "polarity": text_column(rows, lambda row: row.polarity),
            "labelled": count_column(rows, lambda row: row.labelled),
            "missed": count_column(rows, lambda row: row.share.missed),
            "invented": count_column(rows, lambda row: row.share.invented),
            **estimate_columns("share_naive", rows, lambda row: row.share.naive),
            **estimate_columns("share", rows, lambda row: row.share.corrected),
            **estimate_columns("effect_naive", rows, lambda row: row.naive),
            **estimate_columns("effect_labels_alone", rows, lambda row: row.labels_alone),
            **estimate_columns("effect", rows, lambda row: row.effect),
            **estimate_columns("effect_selected", rows, lambda row: row.selected),
            **estimate_columns("impact_naive", rows, lambda row: row.naive_impact),
            **estimate_columns("impact", rows, lambda row: row.impact),
            "p_value": number_column(rows, lambda row: row.p_value),
            "q_value": number_column(rows, lambda row: row.q_value),
            "tuning": number_column(rows, lambda row: row.tuning),
            "caveats": caveat_column(rows, lambda row: row.caveats),
        }
    )
