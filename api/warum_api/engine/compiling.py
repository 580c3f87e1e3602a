"""Taxonomies made ready to read with: looked up or parsed, joined with the model, and kept."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from warum.defaults import StageOptions, default_stages, load_model
from warum.errors import ModelError
from warum.stages.protocol import Stage
from warum.taxonomy import SHIPPED, Taxonomy, load_taxonomy, taxonomy_of
from warum_api.problems import Problem

KEPT = 16
"""Taxonomies of callers that stay ready; the one not asked for longest goes first."""


@dataclass(frozen=True, eq=False)
class Compiled:
    """A taxonomy with the stages that read by it.

    Attributes:
        taxonomy: The taxonomy.
        stages: What every comment passes; several threads may use them at the same time.
        model: Name of the model.
        version: Version of the model.
        languages: ISO 639-1 codes of the languages that it reads.
    """

    taxonomy: Taxonomy
    stages: Sequence[Stage]
    model: str
    version: str
    languages: frozenset[str]


class Compiler:
    """Makes taxonomies ready, one at a time, and keeps them.

    Args:
        model: Name of the model, as `warum.defaults.load_model` knows it.
        options: What the stages need to know besides the comments.
        kept: How many taxonomies of callers stay ready.
    """

    def __init__(self, model: str, options: StageOptions, *, kept: int = KEPT) -> None:
        self._model, self._options, self._most = model, options, kept
        self._shipped: dict[str, Compiled] = {}
        self._kept: OrderedDict[str, Compiled] = OrderedDict()
        self._one = asyncio.Lock()

    def compile(self, taxonomy: Taxonomy) -> Compiled:
        """Join a taxonomy with the model; takes a second and more for categories of a caller's own.

        Raises:
            ModelError: If the model cannot read it.
        """
        reader = load_model(self._model, taxonomy)
        stages = default_stages(reader, taxonomy, self._options)
        return Compiled(taxonomy, stages, reader.name, reader.version, reader.languages)

    def compile_shipped(self, name: str) -> Compiled:
        """A shipped taxonomy, made ready at the first call."""
        if name not in self._shipped:
            self._shipped[name] = self.compile(load_taxonomy(name))
        return self._shipped[name]

    async def named(self, name: str) -> Compiled:
        """A shipped taxonomy by name; a name is never taken for a path.

        Raises:
            Problem: `unknown_taxonomy`.
        """
        if name not in SHIPPED:
            raise Problem(
                "unknown_taxonomy",
                "Name a built-in taxonomy, or send one as an object.",
                came=name,
                expected=f"one of: {', '.join(SHIPPED)}",
            )
        if name in self._shipped:  # at every request but the first
            return self._shipped[name]
        async with self._one:
            return await asyncio.to_thread(self.compile_shipped, name)

    async def inline(self, data: Mapping[str, Any]) -> Compiled:
        """A taxonomy that came with a request.

        Raises:
            Problem: `broken_taxonomy`, if it is incomplete or the model cannot read it.
        """
        # Not sorted: the order of categories and languages counts.
        key = hashlib.sha256(json.dumps(data).encode("ascii")).hexdigest()
        async with self._one:
            if key not in self._kept:
                try:
                    taxonomy = taxonomy_of(data, origin="taxonomy")
                    self._kept[key] = await asyncio.to_thread(self.compile, taxonomy)
                except ModelError as error:
                    raise Problem("broken_taxonomy", str(error)) from None
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return self._kept[key]
