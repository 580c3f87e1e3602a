"""The engine: a model that is loaded once, and comments read by it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from warum.errors import WarumError
from warum.records import Comment
from warum_api.engine.deadlines import Deadline
from warum_api.engine.warming import Warming
from warum_api.observing.logs import log, places
from warum_api.observing.metrics import Metrics
from warum_api.problems import Problem
from warum_api.settings import Settings

if TYPE_CHECKING:  # they import the models, which takes seconds: loaded in a thread
    from warum_api.engine.batching import Batcher
    from warum_api.engine.compiling import Compiled, Compiler
    from warum_api.engine.reading import Read

DEFAULT = "cx"
"""The taxonomy that is made ready at the start."""

_WARM_UP = (
    ("The staff were friendly but the app crashes every time I pay.", "en"),
    ("Das Personal war freundlich, aber die App stürzt beim Bezahlen ab.", "de"),
    ("Waited two hours. Nobody told us why, and the refund never came.", None),
)


class Engine:
    """Reads comments for all requests of this process.

    Args:
        settings: Model, threads and limits.
        metrics: Where it counts.
        warming: Loads already.
    """

    def __init__(
        self, settings: Settings, metrics: Metrics, warming: Warming | None = None
    ) -> None:
        self._settings, self._metrics, self._warming = settings, metrics, warming
        self._loading: asyncio.Task[None] | None = None
        self._failed = False
        self._compiler: Compiler | None = None
        self._batcher: Batcher[Compiled, Read] | None = None

    def start(self) -> None:
        """Begin to load the model, in a thread, unless it is begun; `missing` says when it is there."""
        if self._loading is None:
            self._loading = asyncio.create_task(self._load())

    async def loaded(self) -> None:
        """Wait until the model is there, or cannot be had."""
        if self._loading is not None:
            await asyncio.wait([self._loading])

    async def stop(self) -> None:
        """End the threads; requests are finished by then."""
        if self._loading is not None and not self._loading.done():
            self._loading.cancel()
        if self._batcher is not None:
            self._batcher.stop()
        self._metrics.ready.set(0)

    async def missing(self) -> str | None:
        """What is not there yet, in one sentence; None when comments can be read."""
        if self._failed:
            return f"The model {self._settings.model!r} could not be loaded; the log says why."
        return None if self._batcher else f"The model {self._settings.model!r} is being loaded."

    async def compiled(
        self, taxonomy: str | Mapping[str, Any] | None, deadline: Deadline
    ) -> Compiled:
        """A taxonomy made ready.

        Args:
            taxonomy: The name of a shipped one, one that came with the request, or None for the default.
            deadline: One that is not ready by then will be for the next request.

        Raises:
            Problem: `not_ready`, `unknown_taxonomy`, `broken_taxonomy` or `deadline`.
        """
        compiler, _ = await self._ready()
        if taxonomy is None or isinstance(taxonomy, str):
            return await compiler.named(DEFAULT if taxonomy is None else taxonomy)
        making = asyncio.ensure_future(compiler.inline(taxonomy))
        try:
            async with asyncio.timeout(deadline.left):
                return await asyncio.shield(making)
        except TimeoutError:
            making.add_done_callback(lambda task: task.cancelled() or task.exception())
            detail = "The taxonomy is still being made ready: send the request again."
            raise deadline.passed(detail, "a taxonomy of its own") from None

    async def read(
        self, comments: Sequence[Comment], compiled: Compiled, deadline: Deadline
    ) -> list[Read]:
        """Read comments, in batches with those of other requests.

        Args:
            comments: Any number.
            compiled: What to read them by.
            deadline: When they have to be read.

        Returns:
            As many, in their order; what each reads as does not depend on the others.

        Raises:
            Problem: `not_ready`, `overloaded` or `deadline`.
        """
        _, batcher = await self._ready()
        return await batcher.read(compiled, comments, deadline)

    async def _ready(self) -> tuple[Compiler, Batcher[Compiled, Read]]:
        if self._compiler is None or self._batcher is None:
            missing = await self.missing()
            detail = f"{missing} Send it again later." if missing else "Send it again later."
            raise Problem("not_ready", detail, headers={"Retry-After": "1"})
        return self._compiler, self._batcher

    async def _load(self) -> None:
        begun = time.perf_counter()
        try:
            compiler, batcher = await asyncio.to_thread(self._made)
        except Exception as error:
            self._failed = True
            # Ours name models and files, and are written for people; those of others may hold anything.
            why = {"why": str(error)} if isinstance(error, WarumError) else {}
            model = self._settings.model
            log().error("the model could not be loaded", model=model, **why, **places(error))
            return
        self._compiler, self._batcher = compiler, batcher
        self._metrics.ready.set(1)
        spent = round(time.perf_counter() - begun, 2)
        log().info("ready", model=self._settings.model, seconds=spent)

    def _made(self) -> tuple[Compiler, Batcher[Compiled, Read]]:
        """Import, load and warm up; in a thread."""
        from warum.defaults import StageOptions
        from warum_api.engine.batching import Batcher, BatchLimits
        from warum_api.engine.compiling import Compiler
        from warum_api.engine.reading import read_comments

        given = self._settings
        warming = self._warming
        if warming is None:
            warming = Warming(given.model)
            warming.start()
        warming.wait()
        limits = BatchLimits(
            given.batch_comments, given.batch_characters, given.waiting_comments, given.threads
        )
        compiler = Compiler(given.model, StageOptions(main_language=given.main_language))
        compiled = compiler.compile_shipped(DEFAULT)
        batcher = Batcher(read_comments, limits, self._metrics)
        comments = [Comment(str(i), t, i + 1, language=c) for i, (t, c) in enumerate(_WARM_UP)]
        read_comments(compiled, comments)
        return compiler, batcher
