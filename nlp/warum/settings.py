"""What decides how comments are read: the options of an analysis, and what holds where they are silent."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warum import store
from warum.defaults import load_model
from warum.errors import UsageError
from warum.model_names import DEFAULT_MODEL
from warum.taxonomy import Taxonomy, load_taxonomy, parse_taxonomy
from warum_models.own import OwnModel
from warum_models.protocol import Reader

DEFAULT_MIN_GROUP = 5


@dataclass(frozen=True, slots=True)
class AnalyzeOptions:
    """What decides how comments are read and groups are shown; columns are `ReadOptions`.

    Attributes:
        model: Name of the model; None for the one a result folder was made with, else the default.
        taxonomy: Name of a shipped taxonomy, or a YAML file; None likewise.
        min_group: Least number of people in a group that is shown, at least 1; None likewise.
        keep_pii: Whether e-mail addresses, phone, account and card numbers stay in the texts.
        satisfied_from: For CSAT: the least score that counts as satisfied; None for the top two.
        workers: Processes that read where there are enough comments; results do not depend on it.
        known_as: Name under which a result stores an own model; None for its folder.
    """

    model: str | None = None
    taxonomy: str | None = None
    min_group: int | None = None
    keep_pii: bool = False
    satisfied_from: float | None = None
    workers: int = 1
    known_as: str | None = None

    def __post_init__(self) -> None:
        for option, value in (("--min-group", self.min_group), ("--workers", self.workers)):
            if value is not None and value < 1:
                raise UsageError(f"{option} is {value}, expected at least 1.")


@dataclass(frozen=True, slots=True)
class Settings:
    """The options as they hold for a run, nothing open; `taxonomy_text` only where it is not shipped."""

    model: Reader
    taxonomy: Taxonomy
    taxonomy_text: str | None
    min_group: int
    keep_pii: bool
    workers: int


def settings_of(options: AnalyzeOptions, folder: Path | None) -> Settings:
    """The options with what they leave open taken from a result folder, else from the defaults."""
    facts = None if folder is None else store.read_reading(folder).facts
    taxonomy, text = taxonomy_of(options.taxonomy, folder)
    named = options.model or (facts.model_name if facts else DEFAULT_MODEL)
    model = load_model(named, taxonomy)
    if options.known_as is not None and isinstance(model, OwnModel):
        model = model.named(options.known_as)
    return Settings(
        model=model,
        taxonomy=taxonomy,
        taxonomy_text=text,
        min_group=options.min_group or (facts.min_group if facts else DEFAULT_MIN_GROUP),
        keep_pii=options.keep_pii,
        workers=options.workers,
    )


def taxonomy_of(named: str | None, folder: Path | None) -> tuple[Taxonomy, str | None]:
    """The taxonomy, and its YAML where it is not shipped."""
    if named is not None and named != "cx":
        return load_taxonomy(named), Path(named).read_text("utf-8")
    text = store.read_taxonomy_text(folder) if folder and named is None else None
    if text is None:
        return load_taxonomy(), None
    return parse_taxonomy(text, origin=str(folder)), text
