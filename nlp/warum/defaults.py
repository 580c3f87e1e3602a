"""The one place where stages and models are plugged together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from warum.errors import ModelError
from warum.stages.journey import PlaceInJourney
from warum.stages.language import DetectLanguage
from warum.stages.nonanswer import DropNonAnswers
from warum.stages.opinions import ReadOpinions
from warum.stages.orientation import ReadOrientation
from warum.stages.protocol import Stage
from warum.stages.redaction import Redact
from warum.stages.segments import SplitSegments
from warum.taxonomy import Taxonomy
from warum_models.by_segment import BySegment
from warum_models.errors import WeightsError
from warum_models.linear import load_linear
from warum_models.nothing import NothingModel
from warum_models.protocol import Reader

MODELS = ("linear", "nothing")
DEFAULT_MODEL = "linear"


def load_model(name: str, taxonomy: Taxonomy) -> Reader:
    """A model by name.

    Raises:
        ModelError: If there is no such model, or its weights are missing or damaged.
    """
    if name == "nothing":
        return NothingModel(taxonomy.codes)
    if name != "linear":
        raise ModelError(f"There is no model {name!r}: expected one of {', '.join(MODELS)}.")
    try:
        model = BySegment(load_linear())
    except WeightsError as error:
        raise ModelError(str(error)) from None
    unread = sorted(set(taxonomy.codes) - set(model.labels))
    if unread:
        raise ModelError(
            f"The model {name!r} cannot read {', '.join(unread)} of taxonomy {taxonomy.name!r}: it knows "
            "the categories of 'cx' only.",
            hint="Leave these categories out, or use the taxonomy cx.",
        )
    return model


@dataclass(frozen=True, slots=True)
class StageOptions:
    """What the stages need to know besides the comments.

    Attributes:
        main_language: Language of comments too short to tell.
        keep_pii: Whether e-mail addresses, phone, account and card numbers stay in the texts.
    """

    main_language: str | None = None
    keep_pii: bool = False


def default_stages(model: Reader, taxonomy: Taxonomy, options: StageOptions) -> Sequence[Stage]:
    """The stages every comment passes, in order."""
    return (
        DropNonAnswers(),
        Redact(enabled=not options.keep_pii),
        DetectLanguage(options.main_language),
        ReadOrientation(),
        SplitSegments(),
        ReadOpinions(model, taxonomy.codes),
        PlaceInJourney(taxonomy),
    )
