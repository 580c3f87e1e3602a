"""What a network is taught by a user's labels: each comment as pieces, with all that is said of it.

The person says which labels are there and with which polarity. What the person did not say is taken from the
base, so that it stays as it was while the network learns the rest: where a label stands, the sentiment of the
whole comment, emotion, intent and effort ("learning without forgetting", Li and Hoiem 2016).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from warum_models.encoder_weights import LONGEST
from warum_models.own.experts import LEAST_POSITIVES
from warum_models.own.gold import Gold
from warum_models.pieces import LanguagePack, Pieces
from warum_models.protocol import ORIENTATIONS, BaseReader, Floats, Label, Passage, Rows
from warum_models.train.batches import DROPPED, LONG_ENOUGH, UNKNOWN, Encoded, Marks
from warum_models.train.network import DOCUMENT_HEADS, padded
from warum_models.train.tasks import Task

SOURCE = "labels of a user"
_WITH_LABEL = 0.7  # how often the part that is looked at by itself is one that holds a label


@dataclass
class Lesson(Encoded):
    """A comment with what it teaches; t pieces, k labels.

    Attributes:
        present: 1, 0 or -1 for what is not taught, (k,).
        sides: Probability of negative, neutral and positive per label, (k, 3); zeros: not taught.
        evidence: Column of a label that is there to the pieces that carry it, (t,).
        parts: Segments: their pieces (t,), and the columns of the labels that stand in them.
        told: What the base says of the whole comment, per head.
    """

    present: npt.NDArray[np.int8]
    sides: Floats
    evidence: dict[int, Marks]
    parts: list[tuple[Marks, list[int]]]
    told: dict[str, Floats]


@dataclass
class Teaching:
    """A batch: b comments, t pieces, k labels.

    Attributes:
        ids: Rows of the table, (b, t).
        mask: Pieces that are looked at, (b, t).
        window: Pieces of the part that is looked at by itself, (b, t).
        orientation: (b,).
        present: (b, k), as in `Lesson`.
        present_window: Likewise for the part.
        sides: (b, k, 3), as in `Lesson`.
        sides_window: Likewise for the part.
        evidence: 1, 0 or -1, (b, k, t).
        document: (b, 3).
        emotion: (b, 9).
        intent: (b, 7).
        effort: (b, 3).
    """

    ids: Tensor
    mask: Tensor
    window: Tensor
    orientation: Tensor
    present: Tensor
    present_window: Tensor
    sides: Tensor
    sides_window: Tensor
    evidence: Tensor
    document: Tensor
    emotion: Tensor
    intent: Tensor
    effort: Tensor

    def to(self, device: str) -> Teaching:
        """The same on a device."""
        return Teaching(**{f.name: getattr(self, f.name).to(device) for f in fields(self)})


@dataclass(frozen=True)
class _Place:
    """A label of a comment: its column, its polarity and where the base sees it."""

    column: int
    side: Floats
    start: int
    end: int


def make_lessons(
    passages: Sequence[Passage],
    gold: Gold,
    labels: Sequence[Label],
    base: BaseReader,
    packs: Mapping[str, LanguagePack],
) -> list[Lesson]:
    """Lessons from n labelled comments, in their order.

    A label with fewer than `LEAST_POSITIVES` comments is not taught: it would only be unlearned. Of a comment
    that is longer than a window the first window is read; labels behind it are not taught there.

    Args:
        passages: n comments.
        gold: Their labels, columns as in `labels`.
        labels: The k labels.
        base: Says what the person did not.
        packs: Vocabulary of each language.
    """
    reading = base.read(passages)
    places = _places(passages, gold, [base.labels.index(x.code) for x in labels], base)
    taught = gold.positives >= LEAST_POSITIVES
    present = np.where(taught, gold.present, UNKNOWN).astype(np.int8)
    told = {name: getattr(reading, name) for name in DOCUMENT_HEADS}
    first = dict(zip(packs, np.cumsum([0, *(len(p.codes) for p in packs.values())]), strict=False))
    lessons = []
    for i, (passage, pieces) in enumerate(zip(passages, _pieces(passages, packs), strict=True)):
        of_base = {
            name: np.zeros(width, np.float32) if told[name] is None else told[name][i]
            for name, width in DOCUMENT_HEADS.items()
        }
        rows = pieces.rows + int(first[passage.language])
        lessons.append(_lesson(passage, pieces, rows, present[i], places[i], of_base))
    return lessons


def _lesson(
    passage: Passage,
    pieces: Pieces,
    rows: Rows,
    present: npt.NDArray[np.int8],
    places: Sequence[_Place],
    told: dict[str, Floats],
) -> Lesson:
    asked = ORIENTATIONS.index(passage.orientation)
    sides = np.zeros((len(present), 3), np.float32)
    evidence: dict[int, Marks] = {}
    present = present.copy()
    for place in places:
        marked = _inside(pieces, place.start, place.end)
        if marked.any():
            sides[place.column] = place.side
            evidence[place.column] = marked
        else:
            present[place.column] = UNKNOWN
    parts = [
        (inside, [p.column for p in places if a <= p.start < b and p.column in evidence])
        for a, b in passage.segments
        if (inside := _inside(pieces, a, b)).any()
    ]
    return Lesson(
        task=Task(passage.text, passage.language, SOURCE, asked),
        ids=rows.tolist(),
        starts=pieces.starts,
        ends=pieces.ends,
        present=present,
        sides=sides,
        evidence=evidence,
        parts=parts if len(parts) > 1 else [],
        told=told,
    )


def _pieces(passages: Sequence[Passage], packs: Mapping[str, LanguagePack]) -> list[Pieces]:
    """The first window of every comment."""
    found: list[Pieces] = []
    for passage in passages:
        (whole,) = packs[passage.language].pieces([passage.text])
        n = len(whole.rows)
        if n > LONGEST + 2:
            kept = np.array([*range(LONGEST + 1), n - 1])
            whole = Pieces(whole.rows[kept], whole.starts[kept], whole.ends[kept])
        found.append(whole)
    return found


def _inside(pieces: Pieces, start: int, end: int) -> Marks:
    """Pieces that lie in a stretch of the text, (t,)."""
    real = pieces.ends > pieces.starts
    return np.asarray(real & (pieces.ends > start) & (pieces.starts < end))


def _places(
    passages: Sequence[Passage], gold: Gold, column: Sequence[int], base: BaseReader
) -> list[list[_Place]]:
    """Per comment the labels that are there, with the person's polarity, else the base's."""
    comment, label = (a.astype(np.int64) for a in np.nonzero(gold.present))
    said, start, end = base.locate(passages, comment, np.array(column, dtype=np.int64)[label])
    places: list[list[_Place]] = [[] for _ in passages]
    for row, (i, j) in enumerate(zip(comment.tolist(), label.tolist(), strict=True)):
        seen = gold.polarity[i, j]
        side = said[row] if not seen.any() else np.zeros(3, np.float32)
        if seen.sum() == 1:
            side = seen.astype(np.float32)
        places[i].append(_Place(j, side, int(start[row]), int(end[row])))
    return places


def collate(held: Sequence[Lesson], chance: np.random.Generator) -> Teaching:
    """A batch of lessons; which pieces are hidden, and which part is looked at, is drawn anew each time."""
    ids, mask = padded([lesson.ids for lesson in held])
    b, t = ids.shape
    k = len(held[0].present)
    hidden = torch.from_numpy(chance.random((b, t)) < DROPPED)
    hidden[:, 0] = False
    hidden[mask.sum(1) < LONG_ENOUGH] = False
    mask &= ~hidden
    window = mask.clone()
    evidence = torch.full((b, k, t), UNKNOWN, dtype=torch.int8)
    present = torch.from_numpy(np.stack([x.present for x in held]))
    sides = torch.from_numpy(np.stack([x.sides for x in held]))
    present_window, sides_window = torch.full_like(present, UNKNOWN), torch.zeros_like(sides)
    for i, lesson in enumerate(held):
        real = lesson.ends > lesson.starts
        for column, marked in lesson.evidence.items():
            evidence[i, column, : len(real)] = torch.from_numpy(np.where(real, marked, UNKNOWN))
        if not lesson.parts:
            continue
        inside, here = _drawn(lesson.parts, chance)
        window[i, : len(inside)] &= torch.from_numpy(inside)
        if not window[i].any():
            continue
        # What stands nowhere stands not here either; what stands elsewhere may stand here too.
        present_window[i] = torch.where(present[i] == 0, 0, UNKNOWN)
        present_window[i, here], sides_window[i, here] = present[i, here], sides[i, here]
    told = {
        n: torch.from_numpy(np.stack([x.told[n] for x in held]).astype(np.float32))
        for n in DOCUMENT_HEADS
    }
    return Teaching(
        ids, mask, window, torch.tensor([x.task.orientation for x in held]), present, present_window,
        sides, sides_window, evidence, **told,
    )  # fmt: skip


def _drawn(
    parts: Sequence[tuple[Marks, list[int]]], chance: np.random.Generator
) -> tuple[Marks, list[int]]:
    holding = [part for part in parts if part[1]]
    among = holding if holding and chance.random() < _WITH_LABEL else parts
    return among[int(chance.integers(len(among)))]
