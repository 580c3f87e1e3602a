"""The command `warum train`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from warum.commands import label_options as options
from warum.commands.console import Terminal, steps


def train(
    files: options.Files,
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
    taxonomy: Annotated[
        str, typer.Option(help="Shipped taxonomy or YAML file with the categories.")
    ] = "cx",
    base: Annotated[
        str, typer.Option(help="Model to put your labels on: accurate, or auto.")
    ] = "accurate",
    full: Annotated[
        bool, typer.Option("--full", help="Fine-tune the whole network; needs the extra `train`.")
    ] = False,
    epochs: Annotated[
        int | None,
        typer.Option(min=1, help="With --full: passes over the texts; default by their number."),
    ] = None,
    device: Annotated[
        Literal["auto", "cpu", "cuda"] | None,
        typer.Option(help="With --full: where; auto takes CUDA where there is any."),
    ] = None,
    format_: options.Format = None,
    text: options.Text = None,
    category: options.Category = None,
    polarity: options.Polarity = None,
    id_: options.Id = None,
    customer: options.Customer = None,
    language: options.Language = None,
    question: options.Question = None,
    source: options.Source = None,
    encoding: options.Encoding = None,
    sheet: options.Sheet = None,
    skip_bad: options.SkipBad = False,
    audit: Annotated[
        list[Path] | None,
        typer.Option(
            help="Audit file whose comments must not be among the labels; those beside LABELS count unnamed."
        ),
    ] = None,
    quiet: options.Quiet = False,
) -> None:
    """Train a model on texts that you have labelled.

    The folder can be used at once: `warum analyze … --model DIR --taxonomy DIR/taxonomy.yaml`. It holds the
    model card CARD.md with cross-validated figures for every category.
    """
    from warum.errors import UsageError
    from warum.gold import GoldOptions
    from warum.own import TrainOptions
    from warum.own import train as run
    from warum.own.terminal import print_trained
    from warum_models.own.full import FullSettings

    if not full and (epochs is not None or device is not None):
        named = "--epochs" if epochs is not None else "--device"
        raise UsageError(
            f"{named} says how to fine-tune, which --full asks for.", hint="Add --full."
        )
    settings = FullSettings(epochs, device or "auto") if full else None
    asked = GoldOptions(
        format_, text, category, polarity, id_, customer, language, question, source,
        encoding=encoding, sheet=sheet, skip_bad=skip_bad,
    )  # fmt: skip
    with steps(show=not quiet) as say:
        trained = run(
            files, out, TrainOptions(taxonomy, base, settings, tuple(audit or ())), asked, say=say,
            announce=lambda line: None if quiet else typer.echo(line, err=True),
        )  # fmt: skip
    if not quiet:
        print_trained(trained, out, Terminal())
