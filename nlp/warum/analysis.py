"""`Analysis`: what an analysis found, as tables, summary, report and result folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from warum import store
from warum.answers.why import Why
from warum.caveats import Ui
from warum.collecting import drivers_table
from warum.reading.records import RejectedRow, Unmatched
from warum.reading.rejects import write_rejected
from warum.report.export import drivers_csv
from warum.report.html import render_html
from warum.report.notebook import notebook_html
from warum.report.quotes import choose_quotes
from warum.report.summary import Summary, summarise
from warum.report.why_sections import Section
from warum.report.why_view import sections_of
from warum.result import ColumnUse, Driver, Reading, Result
from warum.table import Table
from warum.taxonomy import Taxonomy

if TYPE_CHECKING:
    import pandas


class Frames(NamedTuple):
    """The three tables of an analysis as pandas frames."""

    comments: pandas.DataFrame
    opinions: pandas.DataFrame
    drivers: pandas.DataFrame


class Analysis:
    """What an analysis found: tables, summary and report.

    Args:
        result: Tables and estimates.
        taxonomy: The taxonomy in use.
        reading: What a result folder keeps.
        rejected: Input rows that were not analysed.
        taxonomy_text: The taxonomy's YAML where it is not shipped; it travels with the result.
        unmatched: Keys of a join that found no partner; `run.json` lists them.
        folder: The result folder it was taken up from; None if it was made anew.
    """

    def __init__(
        self,
        result: Result,
        taxonomy: Taxonomy,
        reading: Reading,
        rejected: Sequence[RejectedRow] = (),
        *,
        taxonomy_text: str | None = None,
        unmatched: Unmatched | None = None,
        folder: Path | None = None,
    ) -> None:
        self.result = result
        self.taxonomy = taxonomy
        self.rejected = tuple(rejected)
        self.summary: Summary = summarise(result, taxonomy)
        self.folder = folder
        self._reading = reading
        self._taxonomy_text = taxonomy_text
        self._unmatched = unmatched

    @property
    def reading(self) -> Reading:
        """What was read, before any estimation."""
        return self._reading

    def with_columns(self, columns: Sequence[ColumnUse]) -> Analysis:
        """The same with other words about its columns, where its files were made of others."""
        told = tuple(columns)
        reading, result = self._reading, self.result
        return Analysis(
            replace(result, facts=replace(result.facts, columns=told)),
            self.taxonomy,
            replace(reading, facts=replace(reading.facts, columns=told)),
            self.rejected,
            taxonomy_text=self._taxonomy_text, unmatched=self._unmatched, folder=self.folder,
        )  # fmt: skip

    @property
    def comments(self) -> Table:
        """One row per comment; columns as in `comments.parquet`."""
        return self.result.comments

    @property
    def opinions(self) -> Table:
        """One row per opinion; columns as in `opinions.parquet`."""
        return self.result.opinions

    @property
    def drivers(self) -> Table:
        """One row per driver and score; columns as in `drivers.csv`."""
        return drivers_table([d for score in self.result.scores for d in score.drivers])

    def to_pandas(self) -> Frames:
        """Comments, opinions and drivers as pandas frames; needs pandas."""
        return Frames(
            self.comments.to_pandas(), self.opinions.to_pandas(), self.drivers.to_pandas()
        )

    def sections(
        self, why: Why, ui: Ui = "en", *, drivers_pictured: bool = True
    ) -> tuple[Section, ...]:
        """What `warum.why` found about this analysis in a reader's words, section by section.

        Args:
            why: The answer.
            ui: Language.
            drivers_pictured: Whether the drivers get a picture; the report holds it already.
        """
        return sections_of(why, self._reading, self.taxonomy, ui, drivers_pictured=drivers_pictured)

    def html(self, *, ui: Ui = "en", why: Why | None = None) -> str:
        """The report as one HTML document.

        Args:
            ui: Language.
            why: What `warum.why` found about this analysis; its sections then stand in the report.
        """
        shown = () if why is None else self.sections(why, ui, drivers_pictured=False)
        return render_html(self.summary, ui, shown)

    def report(self, path: str | Path, *, ui: Ui = "en", why: Why | None = None) -> Path:
        """Write the report as one HTML file and return its path.

        Args:
            path: The file.
            ui: Language.
            why: See `html`.

        Raises:
            OutputError: If the file cannot be written.
        """
        target = Path(path)
        store.write_file(target, self.html(ui=ui, why=why))
        return target

    def save(
        self,
        out: str | Path,
        *,
        ui: Ui = "en",
        run_facts: dict[str, Any] | None = None,
        why: Why | None = None,
    ) -> Path:
        """Write the result folder, all of it or nothing, and return its path.

        Args:
            out: The folder; an earlier result in it is replaced.
            ui: Language of the report.
            run_facts: Times and the like for `run.json`.
            why: What `warum.why` found, for the report; see `html`.

        Raises:
            OutputError: If the folder holds something else or cannot be written.
        """
        folder = Path(out)
        facts: dict[str, Any] = {"warum": version("warum"), **(run_facts or {})}
        if self._unmatched is not None:
            facts["unmatched_keys"] = asdict(self._unmatched)

        def fill(target: Path) -> None:
            store.write_reading(target, self._reading, self._taxonomy_text)
            (target / store.DRIVERS).write_text(drivers_csv(self.result), "utf-8")
            (target / store.SUMMARY).write_text(self.summary.to_json(), "utf-8")
            (target / store.REPORT).write_text(self.html(ui=ui, why=why), "utf-8")
            write_rejected(target / store.REJECTED, self.rejected)
            store.write_json(target / store.RUN, facts)

        store.write_folder(folder, fill)
        return folder

    def __repr__(self) -> str:
        metrics = ", ".join(f"{s.scale.column}: {s.metric.value:.4g}" for s in self.result.scores)
        return f"Analysis({len(self.comments)} comments, {len(self.opinions)} opinions; {metrics or 'no score'})"

    def _repr_html_(self) -> str:
        return notebook_html(self.summary, "en")


def with_quotes(result: Result) -> Result:
    """Give every driver the id of its most typical comment."""
    pairs = {(d.category, d.polarity) for s in result.scores for d in s.drivers}
    chosen = choose_quotes(result.comments, result.opinions, sorted(pairs), most=1)

    def quoted(drivers: Sequence[Driver]) -> tuple[Driver, ...]:
        return tuple(
            replace(d, quote_id=next(iter(chosen.get((d.category, d.polarity), ())), ""))
            for d in drivers
        )

    return replace(
        result,
        scores=tuple(
            replace(
                s, drivers=quoted(s.drivers), drivers_with_general=quoted(s.drivers_with_general)
            )
            for s in result.scores
        ),
    )
