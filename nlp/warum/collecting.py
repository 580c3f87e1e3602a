"""From responses to comments, and from read comments to the tables that are stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from warum.caveats import Caveat
from warum.manner import MANNER_COLUMNS, manner_columns
from warum.reading.records import Responses
from warum.records import Comment, ReadComment
from warum.result import (
    ColumnUse,
    Driver,
    Facts,
    QuestionUse,
    Reading,
    RejectedReason,
    StoredColumns,
    StoredScore,
    StoredTrade,
)
from warum.table import Column, Table, free_name, strings
from warum.taxonomy import GENERAL

# Headers that comments.parquet keeps for itself; DuckDB compares names without case.
FIXED = (
    "comment_id", "row", "customer", "question", "text", "language", "sentiment", "polarity", "date",
    "source", "response_id", "channel", "stage", "touchpoint", "date_key", "weight", "warnings",
    *MANNER_COLUMNS,
)  # fmt: skip

DAY = "(day)"  # behind the header of an event, the column of its days


def comments_of(responses: Responses) -> Iterator[Comment]:
    """The comments of all responses in row order; a response without a comment gives one without text.

    With several text columns the comment id is the response id, a slash and the column's name.
    """
    several = len(responses.texts) > 1
    for i in range(len(responses)):
        filled = [(name, column[i]) for name, column in responses.texts.items() if column[i]]
        for name, text in filled or [(next(iter(responses.texts)), None)]:
            identifier = str(responses.ids[i])
            yield Comment(
                comment_id=f"{identifier}/{name}" if several and text else identifier,
                text=text,
                row=int(responses.row[i]),
                question=responses.questions[name][i] if name in responses.questions else None,
                source=_cell(responses.source, i),
                channel=_cell(responses.channel, i),
                language=_cell(responses.language, i),
                stage=_cell(responses.stage, i),
                touchpoint=_cell(responses.touchpoint, i),
            )


def collect(
    responses: Responses,
    read: Sequence[ReadComment],
    *,
    model: tuple[str, str],
    taxonomy: tuple[str, str],
    read_languages: frozenset[str],
    min_group: int,
) -> Reading:
    """Put responses and what was read from their comments into the two stored tables.

    Args:
        responses: The accepted rows.
        read: All their comments, in the order of `comments_of`.
        model: Name and version of the model.
        taxonomy: Name and hash of the taxonomy.
        read_languages: Languages the model reads.
        min_group: Least number of people in a group that is shown.
    """
    position = {int(row): i for i, row in enumerate(responses.row)}
    index = np.array([position[c.comment.row] for c in read], dtype=np.int64)
    comments, columns = _comments_table(responses, read, index)
    return Reading(
        comments=comments,
        opinions=opinions_table(read),
        columns=columns,
        facts=_facts(responses, read, model, taxonomy, read_languages, min_group),
    )


def _cell(column: Column | None, i: int) -> str | None:
    return None if column is None else column[i]


def _comments_table(
    responses: Responses, read: Sequence[ReadComment], index: np.typing.NDArray[np.int64]
) -> tuple[Table, StoredColumns]:
    def spread(column: Column | None) -> Column:
        return strings([None] * len(read)) if column is None else column[index]

    n = len(read)
    no_date = np.full(n, np.datetime64("NaT", "D"), dtype="datetime64[D]")
    table: dict[str, Column] = {
        "comment_id": strings([c.comment.comment_id for c in read]),
        "row": np.array([c.comment.row for c in read], dtype=np.int64),
        "customer": spread(responses.customer),
        "question": strings([c.comment.question for c in read]),
        "text": strings([c.text for c in read]),
        "language": strings([c.language or None for c in read]),
        "sentiment": np.array([c.sentiment for c in read], dtype=np.float64),
        "polarity": strings([c.polarity for c in read]),
        "date": no_date if responses.date is None else responses.date[index],
        "source": strings([c.comment.source for c in read]),
        "response_id": responses.ids[index],
        "channel": strings([c.comment.channel for c in read]),
        "stage": strings([c.comment.stage for c in read]),
        "touchpoint": strings([c.comment.touchpoint for c in read]),
        "date_key": spread(responses.date_key),
        "weight": np.ones(n) if responses.weight is None else responses.weight[index],
        "warnings": strings([";".join(c.warnings) or None for c in read]),
        **manner_columns(read),
    }

    def place(header: str, values: Column) -> str:
        fixed = header.strip().lower()
        same = None if fixed in MANNER_COLUMNS else table.get(fixed)  # another model fills those
        if same is not None and _same(same, values[index]):
            return fixed  # a channel that is a segment too stands once
        name = free_name(header, table)
        table[name] = values[index]
        return name

    scores = tuple(StoredScore(s.scale, place(s.scale.column, s.values)) for s in responses.scores)
    numbers = {name: place(name, values) for name, values in responses.numbers.items()}
    columns = StoredColumns(
        scores=scores,
        numbers=tuple(numbers.values()),
        by=tuple(place(name, values) for name, values in responses.by.items()),
        has_customer=responses.customer is not None,
        has_date=responses.date is not None,
        has_weight=responses.weight is not None,
        trades=tuple(
            StoredTrade(
                trade, name, numbers[name],
                place(f"{name} {DAY}", responses.event_dates[name])
                if name in responses.event_dates
                else None,
            )
            for name, trade in responses.trades.items()
        ),
    )  # fmt: skip
    return Table(table), columns


def _same(stored: Column, values: Column) -> bool:
    return stored.dtype == values.dtype == object and bool((stored == values).all())


def opinions_table(read: Sequence[ReadComment]) -> Table:
    """All opinions of the read comments, in their order; columns as in `opinions.parquet`."""
    flat = [(c.comment.comment_id, o) for c in read for o in c.opinions]
    return Table(
        {
            "comment_id": strings([identifier for identifier, _ in flat]),
            "category": strings([o.category for _, o in flat]),
            "sentiment": np.array([o.sentiment for _, o in flat], dtype=np.float64),
            "polarity": strings([o.polarity for _, o in flat]),
            "confidence": np.array([o.confidence for _, o in flat], dtype=np.float64),
            "start": np.array([o.start for _, o in flat], dtype=np.int64),
            "end": np.array([o.end for _, o in flat], dtype=np.int64),
            "evidence": strings([o.evidence for _, o in flat]),
            "stage": strings([o.stage for _, o in flat]),
            "touchpoint": strings([o.touchpoint for _, o in flat]),
            "stage_origin": strings([o.stage_origin for _, o in flat]),
            "touchpoint_origin": strings([o.touchpoint_origin for _, o in flat]),
            "source": strings([o.source for _, o in flat]),
        }
    )


def drivers_table(drivers: Sequence[Driver]) -> Table:
    """Drivers in the order given; columns as in `drivers.csv`."""

    def numbers(values: Iterable[float]) -> np.typing.NDArray[np.float64]:
        return np.array(list(values), dtype=np.float64)

    return Table(
        {
            "category": strings([d.category for d in drivers]),
            "polarity": strings([d.polarity for d in drivers]),
            "mentions": np.array([d.mentions for d in drivers], dtype=np.int64),
            "share": numbers(d.share for d in drivers),
            "metric_among": numbers(d.metric_among for d in drivers),
            "effect": numbers(d.effect.value for d in drivers),
            "effect_low": numbers(d.effect.low for d in drivers),
            "effect_high": numbers(d.effect.high for d in drivers),
            "impact": numbers(d.impact.value for d in drivers),
            "impact_low": numbers(d.impact.low for d in drivers),
            "impact_high": numbers(d.impact.high for d in drivers),
            "p_value": numbers(d.p_value for d in drivers),
            "q_value": numbers(d.q_value for d in drivers),
            "method": strings([d.method for d in drivers]),
            "caveats": strings([";".join(c.code for c in d.caveats) for d in drivers]),
            "quote_id": strings([d.quote_id for d in drivers]),
            "score": strings([d.score for d in drivers]),
        }
    )


def coverage(read: Iterable[ReadComment]) -> tuple[int, int]:
    """How many comments hold an opinion, and how many of these only an overall judgement."""
    categories = [{o.category for o in c.opinions} for c in read if c.text and c.opinions]
    return len(categories), sum(found == {GENERAL} for found in categories)


def _facts(
    responses: Responses,
    read: Sequence[ReadComment],
    model: tuple[str, str],
    taxonomy: tuple[str, str],
    read_languages: frozenset[str],
    min_group: int,
) -> Facts:
    texts = [c for c in read if c.text]
    with_opinion, general_only = coverage(texts)
    languages = Counter(c.language or "und" for c in texts)
    customers = None
    if responses.customer is not None:
        customers = len({c for c in responses.customer.tolist() if c is not None})
    return Facts(
        files=tuple(Path(name).name or name for name in responses.files),
        rows_in=responses.rows_in,
        rows_analysed=len(responses),
        rows_rejected=len(responses.rejected),
        rejected=_rejected(responses),
        comments=len(texts),
        non_answers=sum("non_answer" in c.warnings for c in read),
        with_opinion=with_opinion,
        general_only=general_only,
        customers=customers,
        languages=tuple(sorted(languages.items(), key=lambda item: (-item[1], item[0]))),
        columns=tuple(ColumnUse(d.role, d.column, d.how, d.given) for d in responses.detected),
        questions=_questions(texts),
        notes=(*responses.notes, *_occasion_note(responses)),
        caveats=(
            *responses.caveats,
            *_reading_caveats(responses, texts, languages, read_languages),
        ),
        model_name=model[0],
        model_version=model[1],
        taxonomy_name=taxonomy[0],
        taxonomy_hash=taxonomy[1],
        min_group=min_group,
        invented=responses.invented,
    )


def _occasion_note(responses: Responses) -> Iterator[str]:
    if responses.customer is not None and responses.date is None and responses.scores:
        yield "No date column: a customer's rows with the same score count as one occasion."


def _rejected(responses: Responses) -> tuple[RejectedReason, ...]:
    counts = Counter(r.code for r in responses.rejected)
    examples: dict[str, str] = {}
    for rejected in responses.rejected:
        examples.setdefault(rejected.code, rejected.message)
    return tuple(
        RejectedReason(code, count, examples[code])
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _questions(texts: Sequence[ReadComment]) -> tuple[QuestionUse, ...]:
    counts = Counter((c.comment.question, c.orientation) for c in texts if c.comment.question)
    return tuple(
        QuestionUse(question or "", orientation, count)
        for (question, orientation), count in sorted(
            counts.items(), key=lambda item: (-item[1], item[0][0] or "")
        )
    )


def _reading_caveats(
    responses: Responses,
    texts: Sequence[ReadComment],
    languages: Counter[str],
    read_languages: frozenset[str],
) -> Iterator[Caveat]:
    other = {k: v for k, v in languages.items() if k not in read_languages and k != "und"}
    if other:
        most = sorted(other, key=lambda k: (-other[k], k))
        named = ", ".join(most[:5]) + (" …" if len(most) > 5 else "")
        yield Caveat.of("other_language", n=sum(other.values()), languages=named)
    if responses.customer is None and responses.scores:
        yield Caveat.of("no_customer")
    if texts and responses.scores:
        yield Caveat.of("classifier_error")
    if responses.invented:
        yield Caveat.of("invented")
