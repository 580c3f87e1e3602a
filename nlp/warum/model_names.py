"""What a model may be called, told without loading any."""

from __future__ import annotations

from pathlib import Path

from warum_models.names import SHIPPED

MODELS = (*SHIPPED, "nothing")
DEFAULT_MODEL = "auto"
HUGGING_FACE = "hf:"
"""What the name of a model of Hugging Face begins with; a folder or a name on its hub follows."""


def may_be_model(name: str) -> bool:
    """Whether a name is that of a model, or of something that may hold one: a folder, or Hugging Face."""
    return name in MODELS or name.startswith(HUGGING_FACE) or (name != "" and Path(name).is_dir())


def no_such_model(name: str) -> str:
    """What is said of a name that no model has."""
    return (
        f"There is no model {name!r}: expected one of {', '.join(MODELS)}, the folder of one that `warum train` wrote, "
        f"or {HUGGING_FACE} and a folder or a name on the Hugging Face hub."
    )
