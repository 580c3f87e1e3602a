"""The commands `warum audit draw`, `label`, `agree` and `plan`: how wrong is the model, and what follows?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from warum.commands.audit_tables import print_agreement, print_labelled, print_plan
from warum.errors import InputError, UsageError

if TYPE_CHECKING:
    from warum.audit.driver_records import CorrectedFit
    from warum.result import Reading, ScoreResult
    from warum.taxonomy import Taxonomy

Folder = Annotated[Path, typer.Argument(metavar="RESULT", help="Result folder of `warum analyze`.")]
Sheet = Annotated[Path, typer.Argument(metavar="FILE", help="Audit file of `warum audit draw`.")]
TaxonomyOf = Annotated[
    str,
    typer.Option(
        "--taxonomy", help="Shipped taxonomy, YAML file, or the result folder drawn from."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Ui = Annotated[Literal["de", "en"], typer.Option(help="Language of the screen.")]

audit_app = typer.Typer(
    help="Draw, label and plan a sample that tells how wrong the model is.", no_args_is_help=True
)


def draw(
    result: Folder,
    out: Annotated[Path, typer.Option(help="Audit file to write: .csv or .jsonl.")] = Path(
        "audit.csv"
    ),
    labels: Annotated[
        int, typer.Option(min=1, help="Occasions to draw; 300 to 600 tell enough for most.")
    ] = 400,
    seed: Annotated[int, typer.Option(help="Another seed draws other comments.")] = 0,
    method: Annotated[
        Literal["poisson", "balanced"],
        typer.Option(help="poisson: each by itself, can grow; balanced: exactly so many."),
    ] = "poisson",
    labels_from: Annotated[
        Path | None,
        typer.Option(
            help="Earlier audit file whose labels are kept for comments that are drawn again."
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Draw a probability sample of comments to label.

    Rare categories and comments that the model was unsure of are drawn more often; the file keeps every
    probability, so that the correction can undo it. Label it with `warum audit label`, then run
    `warum why RESULT --audit FILE`.
    """
    from warum.audit.frame import draw_audit
    from warum.audit.sheet import write_new_sheet
    from warum.audit.sheet_reading import read_sheet

    reading, taxonomy = _result(result)
    sheet = draw_audit(reading, labels=labels, seed=seed, method=method)
    if labels_from is not None:
        sheet = sheet.carry_over(read_sheet(labels_from, taxonomy))
    write_new_sheet(out, sheet)
    if not quiet:
        kept = f", {len(sheet.labelled)} of them labelled already" if labels_from else ""
        units = len({row.unit for row in sheet.rows})
        typer.echo(
            f"{len(sheet.rows)} comments of {units} occasions drawn from {sheet.frame.rpartition('/')[2]}"
            f"{kept}: {out}"
        )
        named = "" if taxonomy.name == "cx" else f" --taxonomy {result}"
        typer.echo(f"Next: warum audit label {out}{named}")


def label(
    file: Sheet,
    second: Annotated[
        bool,
        typer.Option(
            "--second", help="Label as the second person, in FILE's name with .second in it."
        ),
    ] = False,
    labeller: Annotated[
        str | None, typer.Option(help="Name that is written beside each label.")
    ] = None,
    taxonomy: TaxonomyOf = "cx",
    ui: Ui = "en",
) -> None:
    """Label an audit file, comment by comment, with the keyboard.

    Every answer is saved at once; the next call goes on where this one stopped. What the model found is
    not shown. When a second person has labelled too, both are compared (Krippendorff's alpha).
    """
    from warum.audit.second import second_path
    from warum.audit.sheet import write_sheet
    from warum.audit.sheet_reading import read_sheet
    from warum.commands.labelling_screen import label as on_screen

    kind = _taxonomy(taxonomy)
    first = read_sheet(file, kind)
    other = second_path(file)
    if not sys.stdin.isatty():
        raise UsageError(
            "Labelling needs a terminal with a keyboard.",
            hint="Or fill in the column `labels` of the file by hand: category:polarity; … or none.",
        )
    if second and not other.exists():
        write_sheet(other, first.blank())
    name = labeller or ("second" if second else "first")
    sheet = on_screen(other if second else file, kind, labeller=name, ui=ui)
    print_labelled(sheet, other if second else file, ui)
    if other.is_file():
        print_agreement(read_sheet(file, kind), other, kind, ui)


def agree(
    file: Sheet,
    other: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SECOND]", help="The second person's file; default: FILE with .second."
        ),
    ] = None,
    taxonomy: TaxonomyOf = "cx",
    ui: Ui = "en",
) -> None:
    """Compare what two people saw in the same audit sample (Krippendorff's alpha)."""
    from warum.audit.second import second_path
    from warum.audit.sheet_reading import read_sheet

    kind = _taxonomy(taxonomy)
    print_agreement(read_sheet(file, kind), other or second_path(file), kind, ui)


def plan(
    result: Folder,
    width: Annotated[
        float | None, typer.Option(help="Wanted width of the intervals, high minus low.")
    ] = None,
    of: Annotated[
        Literal["effect", "impact", "share"],
        typer.Option(
            help="Whose interval: effect or impact (in points), or share (in percentage points)."
        ),
    ] = "effect",
    category: Annotated[str | None, typer.Option(help="Only this category.")] = None,
    score: Annotated[str | None, typer.Option(help="Score column; default: the first.")] = None,
    f1: Annotated[
        float, typer.Option("--f1", help="F1 of the model that is assumed without --audit, 0 to 1.")
    ] = 0.6,
    audit: Annotated[
        Path | None, typer.Option(help="A labelled first sample: plans from what it showed.")
    ] = None,
) -> None:
    """Say how many labels an interval of a wanted width needs.

    Without a first sample the answer rests on an assumed F1 and is rough (a quarter more or less).
    """
    from warum.audit.planning import plan_drivers, plan_pilot

    reading, taxonomy = _result(result)
    found = _score(reading, score)
    if audit is None:
        planned, basis = plan_drivers(found, f1), f"assuming that the model's F1 is {f1:g}"
    else:
        planned, basis = plan_pilot(_pilot(reading, taxonomy, found, audit)), f"from {audit}"
    if category is not None and category not in taxonomy.codes:
        raise UsageError(
            f"--category {category!r} is no category of {taxonomy.name!r}.",
            hint=f"Choose from {', '.join(taxonomy.codes)}.",
        )
    rows = [row for row in planned if category in (None, row.category)]
    if not rows:
        what = f"the category {category!r}" if category else "any driver"
        raise InputError(
            f"Nothing can be planned for {what} of {found.scale.column!r}.",
            hint="Without an effect in the result, or with too few labels in the first sample, none can.",
        )
    print_plan(rows, of, width, found, basis)


COMMANDS: Mapping[str, Callable[..., None]] = {
    "draw": draw, "label": label, "agree": agree, "plan": plan,
}  # fmt: skip


def _result(folder: Path) -> tuple[Reading, Taxonomy]:
    from warum import store
    from warum.taxonomy import load_taxonomy, parse_taxonomy

    if not store.is_result(folder):
        raise InputError(
            f"{str(folder)!r} is no result folder.",
            hint="Analyse the file first: warum analyze FILE --out FOLDER.",
        )
    reading, text = store.read_reading(folder), store.read_taxonomy_text(folder)
    taxonomy = load_taxonomy() if text is None else parse_taxonomy(text, origin=str(folder))
    if taxonomy.hash != reading.facts.taxonomy_hash:
        raise InputError(
            f"{str(folder)!r} was read with another version of the taxonomy {taxonomy.name!r}.",
            hint=f"Read it again: warum analyze {folder} --out {folder}.",
        )
    return reading, taxonomy


def _taxonomy(named: str) -> Taxonomy:
    from warum import store
    from warum.taxonomy import load_taxonomy

    return _result(Path(named))[1] if store.is_result(Path(named)) else load_taxonomy(named)


def _score(reading: Reading, named: str | None) -> ScoreResult:
    from warum.estimation import estimate

    scores = {score.scale.column: score for score in estimate(reading).scores}
    if not scores:
        raise InputError("The result has no score, so there are no drivers to plan for.")
    if named is not None and named not in scores:
        raise UsageError(f"There is no score {named!r}; the result has {', '.join(scores)}.")
    return next(iter(scores.values())) if named is None else scores[named]


def _pilot(reading: Reading, taxonomy: Taxonomy, score: ScoreResult, audit: Path) -> CorrectedFit:
    from warum.answers.corrected import corrected_fit
    from warum.answers.rows import WhyRows
    from warum.audit.sheet_reading import read_sheet

    rows = {one.scale.column: one for one in WhyRows.of(reading, taxonomy).scores}
    return corrected_fit(rows[score.scale.column], read_sheet(audit, taxonomy))
