"""Between a result and its audit: what can be drawn from it, and what its labels say of its occasions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from warum.audit.phases import Audited, Floats, Ints, Mentions
from warum.audit.probabilities import FLOOR, inclusion_probabilities
from warum.audit.sampling import Method, draw_units, lots
from warum.audit.sheet import DIGITS, AuditRow, AuditSheet, model_name, name_of_frame
from warum.audit.sheet_fit import check_complete, check_fits
from warum.errors import InputError
from warum.metrics import contributions
from warum.occasions import Occasions, Pair, mention_matrix, mentioned_pairs
from warum.result import Facts, Reading


@dataclass(frozen=True)
class Frame:
    """The units that a sample is drawn from: all comments of a customer's occasion are one.

    Attributes:
        units: Their names: the least comment_id in them, n of them, in the order of these.
        comments: Positions of comments with a text, unit by unit.
        of: Unit of each of these comments.
        mentions: What the model found in each unit, bool (n, k).
        pairs: The k pairs.
        doubt: Expected number of wrongly found mentions, (n,).
        scores: Contributions of the first score column, 0 where there is none, (n,).
    """

    units: tuple[str, ...]
    comments: Ints
    of: Ints
    mentions: Mentions
    pairs: tuple[Pair, ...]
    doubt: Floats
    scores: Floats

    @property
    def name(self) -> str:
        """Names the frame, see `name_of_frame`."""
        return name_of_frame(self.units)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is drawn as one.

    Attributes:
        name: The least comment_id in it.
        comments: Positions of its comments with a text, by comment_id.
    """

    name: str
    comments: tuple[int, ...]


def units_of(reading: Reading) -> tuple[Unit, ...]:
    """All units with a text and, where there are scores, with a score, by name."""
    comments = reading.comments
    text, ids = comments["text"].tolist(), comments["comment_id"].tolist()
    scored = _scored(reading)
    at = [i for i, one in enumerate(text) if one and scored[i]]
    members: dict[Any, list[int]] = {}
    for i, key in zip(at, _keys(reading, at), strict=True):
        members.setdefault(key, []).append(i)
    ordered = (sorted(held, key=lambda i: str(ids[i])) for held in members.values())
    units = (Unit(str(ids[held[0]]), tuple(held)) for held in ordered)
    return tuple(sorted(units, key=lambda unit: unit.name))


def frame_of(reading: Reading) -> Frame:
    """All units with a text and, where there are scores, with a score.

    Raises:
        InputError: If there is none.
    """
    opinions, ids = reading.opinions, reading.comments["comment_id"].tolist()
    units = units_of(reading)
    if not units:
        raise InputError(
            "There is nothing to draw an audit sample from: no comment has both a text and a score.",
            hint="Name the score column with --score and the text column with --text.",
        )
    of_comment = {ids[i]: u for u, one in enumerate(units) for i in one.comments}
    unit = np.array(
        [of_comment.get(c, -1) for c in opinions["comment_id"].tolist()], dtype=np.int64
    )
    pairs = mentioned_pairs(opinions["category"].tolist(), opinions["polarity"].tolist())
    mentions = mention_matrix(unit, opinions["category"], opinions["polarity"], pairs, len(units))
    sure = opinions["confidence"][unit >= 0]
    doubt = np.bincount(unit[unit >= 0], 1 - sure, minlength=len(units)).astype(np.float64)
    order = [i for one in units for i in one.comments]
    of = [u for u, one in enumerate(units) for _ in one.comments]
    return Frame(
        tuple(one.name for one in units), np.array(order, dtype=np.int64),
        np.array(of, dtype=np.int64), mentions, pairs, doubt,
        _contributions(reading)[[one.comments[0] for one in units]],
    )  # fmt: skip


def draw_audit(
    reading: Reading,
    *,
    labels: int = 400,
    seed: int = 0,
    method: Method = "poisson",
    floor: float = FLOOR,
) -> AuditSheet:
    """Draw an audit sample from a result.

    The same result and seed give the same sample, whatever the order of its rows; with "poisson", more
    labels give a sample that holds the smaller one (`AuditSheet.carry_over` takes its labels along).
    The comments stand in a random order, so that tiredness does not fall on one kind of them.

    Models that are not shipped may have learned from texts of these data, perhaps from those of an
    earlier draw. Each of them has its own lots, so that what is drawn never hangs on what it learned.

    Args:
        reading: The result.
        labels: Number of units (occasions) wanted, on average ("poisson") or to one ("balanced"); all
            if there are no more.
        seed: Seed of the draw.
        method: "poisson" or "balanced", see `warum.audit.sampling`.
        floor: Least probability as a fraction of the mean one.

    Raises:
        InputError: If there is no comment to draw.
        UsageError: If fewer than one label is wanted.
    """
    frame, facts = frame_of(reading), reading.facts
    exact = inclusion_probabilities(frame.mentions, labels, doubt=frame.doubt, floor=floor)
    # What is written down is what was drawn with.
    probability = np.clip(np.round(exact, DIGITS), 10.0**-DIGITS, 1.0)
    known = np.column_stack((frame.scores, frame.mentions.astype(np.float64)))
    drawn = draw_units(probability, known, lots(frame.units, _seed(facts, seed)), method=method)
    chosen = np.flatnonzero(np.isin(frame.of, drawn))
    rows = [
        _row(reading, int(frame.comments[i]), frame.units[u], float(probability[u]))
        for i, u in zip(chosen.tolist(), frame.of[chosen].tolist(), strict=True)
    ]
    order = np.argsort(lots([row.unit for row in rows], seed + 1), kind="stable")
    return AuditSheet(
        tuple(rows[i] for i in order.tolist()),
        model_name(facts.model_name, facts.model_version), facts.taxonomy_name,
        facts.taxonomy_hash, seed, frame.name,
    )  # fmt: skip


def _seed(facts: Facts, seed: int) -> int | str:
    from warum_models.names import SHIPPED

    if facts.model_name in SHIPPED:
        return seed
    return f"{seed} {model_name(facts.model_name, facts.model_version)}"


def audited_occasions(
    reading: Reading,
    sheet: AuditSheet,
    occasions: Occasions,
    comment_row: Ints,
    pairs: tuple[Pair, ...],
) -> Audited:
    """What the labels say of the occasions of one score.

    Occasions without any text are known without labelling: nobody mentions anything there.

    Args:
        reading: The result.
        sheet: The labelled sheet.
        occasions: The occasions of the score, m of them.
        comment_row: Row of `occasions.index` that each comment belongs to.
        pairs: The k pairs wanted; see `pairs_of`.

    Raises:
        InputError: If the sheet was drawn from other data, for another model or taxonomy, is labelled in
            part, or holds only some comments of an occasion.
    """
    check_sheet(reading, sheet)
    ids = reading.comments["comment_id"].tolist()
    place = {one: i for i, one in enumerate(ids)}
    at = np.array([place[row.id] for row in sheet.rows], dtype=np.int64)
    occasion = occasions.index[comment_row[at]]
    drawn_with = np.full(len(occasions), np.nan)
    drawn_with[occasion[occasion >= 0]] = np.array([r.probability for r in sheet.rows])[
        occasion >= 0
    ]
    texts = np.array([bool(text) for text in reading.comments["text"].tolist()], dtype=np.bool_)
    of_text = occasions.index[comment_row[texts]]
    held = np.bincount(of_text[of_text >= 0], minlength=len(occasions))
    labelled = np.bincount(occasion[occasion >= 0], minlength=len(occasions))
    part = np.flatnonzero((labelled > 0) & (labelled < held))
    if len(part):
        raise InputError(
            f"Of {len(part)} occasions only some comments were drawn: customers, dates or scores were read "
            "otherwise than for the draw.",
            hint="Name the same columns as when the sample was drawn.",
        )
    drawn_with[held == 0] = 1.0
    rows = np.flatnonzero(~np.isnan(drawn_with)).astype(np.int64)
    silent = held[rows] == 0
    seen = [
        (o, *j)
        for o, row in zip(occasion.tolist(), sheet.rows, strict=True)
        for j in row.labels or ()
    ]
    gold = mention_matrix(
        np.array([o for o, _, _ in seen], dtype=np.int64), [c for _, c, _ in seen],
        [p or "neutral" for _, _, p in seen], pairs, len(occasions),
    )  # fmt: skip
    return Audited(rows, gold[rows], drawn_with[rows], silent if silent.any() else None)


def check_sheet(reading: Reading, sheet: AuditSheet) -> None:
    """Refuse a sheet that cannot correct a result.

    Raises:
        InputError: If it was drawn from other data, for another model or taxonomy, or is labelled in part.
    """
    comments, facts = reading.comments, reading.facts
    texts = dict(zip(comments["comment_id"].tolist(), comments["text"].tolist(), strict=True))
    check_fits(
        sheet,
        model=model_name(facts.model_name, facts.model_version),
        taxonomy_hash=facts.taxonomy_hash,
        texts=texts,
        frame=name_of_frame([unit.name for unit in units_of(reading)]),
    )
    check_complete(sheet)


def pairs_of(reading: Reading, sheet: AuditSheet) -> tuple[Pair, ...]:
    """All pairs that the model found or a person saw."""
    opinions = reading.opinions
    seen = [judgement for labels in sheet.labelled.values() for judgement in labels]
    return mentioned_pairs(
        [*opinions["category"].tolist(), *(code for code, _ in seen)],
        [*opinions["polarity"].tolist(), *(polarity or "neutral" for _, polarity in seen)],
    )


def _row(reading: Reading, i: int, unit: str, probability: float) -> AuditRow:
    columns: Mapping[str, Any] = {
        name: reading.comments[name][i] or ""
        for name in ("comment_id", "text", "question", "language")
    }
    return AuditRow(
        columns["comment_id"], unit, columns["text"], probability,
        question=columns["question"], language=columns["language"],
    )  # fmt: skip


def _scored(reading: Reading) -> npt.NDArray[np.bool_]:
    scores = reading.columns.scores
    if not scores:
        return np.ones(len(reading.comments), dtype=np.bool_)
    known = [~np.isnan(reading.comments[score.stored]) for score in scores]
    return np.asarray(np.any(known, axis=0), dtype=np.bool_)


def _contributions(reading: Reading) -> Floats:
    if not reading.columns.scores:
        return np.zeros(len(reading.comments))
    first = reading.columns.scores[0]
    return np.nan_to_num(contributions(reading.comments[first.stored], first.scale))


def _keys(reading: Reading, at: list[int]) -> list[object]:
    """What makes comments one unit: an occasion of every score lies within one.

    With a single score column its value tells occasions of one day apart; with several, occasions of
    one score may hold several of another.
    """
    comments, columns = reading.comments, reading.columns
    response, customer = comments["response_id"].tolist(), comments["customer"].tolist()
    dates = comments["date_key"].tolist()
    score = comments[columns.scores[0].stored].tolist() if len(columns.scores) == 1 else None
    return [
        (customer[i], dates[i], None if score is None else score[i])
        if columns.has_customer and customer[i] is not None
        else ("response", response[i])
        for i in at
    ]
