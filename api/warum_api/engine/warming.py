"""Loading from the first moment of a process on, beside the libraries of the service.

Whoever loads the same again finds it loaded: weights, tables and tokenizers are kept by those who read with them.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from contextlib import suppress
from threading import Thread


class Warming:
    """Loads in threads what reading needs.

    Half of it is decompressing and checking, which other threads need not wait for.

    Args:
        model: Name of the model.
    """

    def __init__(self, model: str) -> None:
        self._threads = [
            Thread(target=_quietly, args=(load,), daemon=True)
            for load in (lambda: _weights(model), _detector, _tokenizers)
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def wait(self) -> None:
        """Wait until it is done, for good or ill: who loads what is broken is told by that."""
        for thread in self._threads:
            thread.join()


def warm(model: str) -> Warming:
    """Have a process that is to serve load a model from now on; `settle` when all is loaded.

    Args:
        model: Its name.
    """
    gc.disable()  # next to nothing of what a start makes can be thrown away
    warming = Warming(model)
    warming.start()
    return warming


def settle() -> None:
    """Have the collector leave alone what is there for good: a look at all of it would stop everything for a while."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def _quietly(load: Callable[[], object]) -> None:
    with suppress(Exception):
        load()


def _weights(model: str) -> None:
    from warum.defaults import load_model
    from warum.taxonomy import load_taxonomy

    load_model(model, load_taxonomy())


def _detector() -> None:
    from warum.stages.language import guess_language

    guess_language("Das Personal war freundlich")


def _tokenizers() -> None:
    from warum.stages.segments import split_segments

    split_segments("Das Personal war freundlich, aber langsam.", "de")
    split_segments("The staff were friendly, but slow.", "en")
