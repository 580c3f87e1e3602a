"""From responses, or from a stored result, to what was read in the comments."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np

from warum import store
from warum.caveats import Caveat
from warum.collecting import collect, comments_of, coverage, opinions_table
from warum.defaults import StageOptions, default_stages, stages_of, worth_workers
from warum.errors import InputError, UsageError
from warum.manner import manner_columns
from warum.pipeline import Stages, run
from warum.reading.records import RejectedRow, Responses, Score
from warum.records import Comment, ReadComment
from warum.result import Facts, Reading, StoredScore, read_by
from warum.settings import Settings
from warum.stages.language import main_language
from warum.table import Table, strings
from warum_models.own import OwnModel, fingerprint
from warum_models.protocol import Reader

Progress = Callable[[int, int], None]
ReadSome = Callable[[Sequence[Comment]], list[ReadComment]]
InParts = Callable[[Sequence[Comment], ReadSome], list[ReadComment]]
"""Has comments read in parts of its own choice, so that what is read can be kept: all of them, in their order."""
_Scored = TypeVar("_Scored", Score, StoredScore)
_OF_THE_MODEL = frozenset({"in_sample", "series_break"})


def with_threshold(
    columns: tuple[_Scored, ...], satisfied_from: float | None
) -> tuple[_Scored, ...]:
    """Score columns with the least score that counts as satisfied, for those read as CSAT.

    Raises:
        UsageError: If none is read as CSAT, or the value lies outside the scale.
    """
    if satisfied_from is None:
        return columns
    if not any(s.scale.metric == "csat" for s in columns):
        raise UsageError("--satisfied-from belongs to the metric csat, and no score column has it.")
    for s in columns:
        if s.scale.metric == "csat" and not s.scale.low <= satisfied_from <= s.scale.high:
            raise UsageError(
                f"--satisfied-from is {satisfied_from:g}, expected a value on the scale "
                f"{s.scale.low:g} to {s.scale.high:g} of {s.scale.column!r}."
            )
    return tuple(
        replace(s, scale=replace(s.scale, satisfied_from=float(satisfied_from)))
        if s.scale.metric == "csat"
        else s
        for s in columns
    )


def read_comments(
    responses: Responses,
    settings: Settings,
    progress: Progress | None,
    in_parts: InParts | None = None,
) -> Reading:
    """Let every comment of the responses go through the stages.

    Args:
        responses: The accepted rows.
        settings: With what they are read.
        progress: Told how many comments are done.
        in_parts: See `InParts`; None to read them at once.
    """
    model, taxonomy = settings.model, settings.taxonomy
    comments = list(comments_of(responses))
    read = (
        _through_stages(comments, settings, progress)
        if in_parts is None
        else in_parts(comments, _reader(comments, settings))
    )
    found = collect(
        responses,
        read,
        model=(model.name, model.version),
        taxonomy=(taxonomy.name, taxonomy.hash),
        read_languages=model.languages,
        min_group=settings.min_group,
    )
    return _doubted(found, *_in_sample(read, model))


def from_folder(
    folder: Path, settings: Settings, progress: Progress | None
) -> tuple[Reading, tuple[RejectedRow, ...]]:
    """What a result folder holds, its texts read again if model or taxonomy differ.

    Args:
        folder: The result folder.
        settings: With what it shall be read.
        progress: Told how many comments are done.

    Raises:
        InputError: If it holds no result that can be understood.
    """
    reading = store.read_reading(folder)
    rejected = rejected_in(folder)
    facts, model, taxonomy = reading.facts, settings.model, settings.taxonomy
    same = (facts.model_name, facts.model_version, facts.taxonomy_hash) == (
        model.name, model.version, taxonomy.hash,
    )  # fmt: skip
    if not same:
        # The stored texts are blacked out already, or were meant to stay as they are.
        reading = _read_again(reading, replace(settings, keep_pii=True), progress)
    return replace(reading, facts=replace(reading.facts, min_group=settings.min_group)), rejected


def rejected_in(folder: Path) -> tuple[RejectedRow, ...]:
    """The input rows that a result folder says were not analysed.

    Raises:
        InputError: If its list of them cannot be read.
    """
    path = folder / store.REJECTED
    try:
        lines = path.read_text("utf-8").split("\n")  # a cell may hold other line ends
        return tuple(RejectedRow(**json.loads(line)) for line in lines if line)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {error}.", hint="Analyse the original file again."
        ) from None


def _read_again(reading: Reading, settings: Settings, progress: Progress | None) -> Reading:
    """Read the stored texts with another model or taxonomy; all else stays."""
    model, taxonomy = settings.model, settings.taxonomy
    table = reading.comments
    comments = [
        Comment(
            row["comment_id"], row["text"], row["row"], row["question"], row["source"],
            row["channel"], row["language"], row["stage"], row["touchpoint"],
        )
        for row in table.rows()
    ]  # fmt: skip
    read = _through_stages(comments, settings, progress)
    columns = {name: table[name] for name in table.columns}
    columns["sentiment"] = np.array([c.sentiment for c in read], dtype=np.float64)
    columns["polarity"] = strings([c.polarity for c in read])
    columns |= manner_columns(read)
    with_opinion, general_only = coverage(read)
    facts = replace(
        reading.facts,
        with_opinion=with_opinion,
        general_only=general_only,
        model_name=model.name,
        model_version=model.version,
        taxonomy_name=taxonomy.name,
        taxonomy_hash=taxonomy.hash,
    )
    found = replace(reading, comments=Table(columns), opinions=opinions_table(read), facts=facts)
    return _doubted(found, *_in_sample(read, model), _break(reading.facts, facts))


def _in_sample(read: Sequence[ReadComment], model: Reader) -> Iterator[Caveat]:
    """That comments are among those a model of one's own was trained on."""
    known = model.facts.trained_on if isinstance(model, OwnModel) else frozenset()
    if not known:
        return
    texts = [comment.text for comment in read if comment.text]
    n = sum(fingerprint(text) in known for text in texts)
    if n:
        yield Caveat.of("in_sample", n=n, all=len(texts))


def _break(before: Facts, after: Facts) -> Caveat:
    """That figures told before the texts were read again are not comparable."""
    return Caveat.of("series_break", before=read_by(before), after=read_by(after))


def _doubted(reading: Reading, *found: Caveat) -> Reading:
    """The reading with these doubts, in place of earlier ones of the same kind."""
    kept = [one for one in reading.facts.caveats if one.code not in _OF_THE_MODEL]
    return replace(reading, facts=replace(reading.facts, caveats=(*kept, *found)))


def _reader(comments: Sequence[Comment], settings: Settings) -> ReadSome:
    """What reads some of the comments, as all of them would be read."""
    main = main_language(c.text for c in comments if c.text)
    options = StageOptions(main, settings.keep_pii)
    stages = default_stages(settings.model, settings.taxonomy, options)
    return lambda some: list(run(some, stages))


def _through_stages(
    comments: Sequence[Comment], settings: Settings, progress: Progress | None
) -> list[ReadComment]:
    main = main_language(c.text for c in comments if c.text)
    options, model = StageOptions(main, settings.keep_pii), settings.model
    stages: Stages = default_stages(model, settings.taxonomy, options)
    workers = settings.workers if len(comments) >= worth_workers(model.name) else 1
    if workers > 1:
        stages = partial(stages_of, model.name, settings.taxonomy, options)
    done = 0
    if progress is not None:
        progress(0, len(comments))

    def on_batch(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, len(comments))

    return list(run(comments, stages, on_batch=on_batch, workers=workers, parallel_from=1))
