"""The occasions as the alerts need them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from warum.alerts.baseline import LEAST_HISTORY
from warum.alerts.occurrences import Occurrences
from warum.answers.rows import WhyRows
from warum.occasions import Occasions, Pair
from warum.records import POLARITIES
from warum.table import Column

_WATCHED = (POLARITIES[0], POLARITIES[2])


def positions_of_comments(rows: WhyRows) -> npt.NDArray[np.int64]:
    """Position of each opinion's comment, (o,)."""
    comments, opinions = rows.reading.comments, rows.reading.opinions
    position = {one: i for i, one in enumerate(comments["comment_id"].tolist())}
    of = [position[one] for one in opinions["comment_id"].tolist()]
    return np.array(of, dtype=np.int64)


def occurrences_of(
    rows: WhyRows,
    occasions: Occasions,
    comment_of: npt.NDArray[np.int64],
    known: Collection[tuple[str, str]] = (),
) -> Occurrences:
    """The occasions with a comment that was read: who says nothing can mention nothing.

    Args:
        rows: What was read.
        occasions: The occasions of all responses.
        comment_of: See `positions_of_comments`.
        known: Column and value of segments that are watched already, however rare they are now.
    """
    comments = rows.reading.comments
    read = ~np.isnan(comments["sentiment"])
    read[comment_of] = True
    read &= np.array([text is not None for text in comments["text"].tolist()], dtype=np.bool_)
    kept = np.unique(occasions.index[rows.responses.comment_row[read]])
    number = np.full(len(occasions), -1, dtype=np.int64)
    number[kept] = np.arange(len(kept))
    pairs = _pairs(rows)
    column = {pair: i for i, pair in enumerate(pairs)}
    said = zip(rows.responses.categories.tolist(), rows.responses.polarities.tolist(), strict=True)
    said_as = np.array([column.get(pair, -1) for pair in said], dtype=np.int64)
    said_in = number[occasions.index[rows.responses.opinion_row]]
    watched = (said_as >= 0) & (said_in >= 0)
    mentions = np.zeros((len(kept), len(pairs)), dtype=np.bool_)
    mentions[said_in[watched], said_as[watched]] = True
    table = rows.responses.table
    return Occurrences(
        dates=table["date"][occasions.first_row[kept]],
        mentions=mentions,
        pairs=pairs,
        segments={
            name: _large(
                table[name][occasions.first_row[kept]],
                {value for by, value in known if by == name},
            )
            for name in rows.reading.columns.by
        },
        people=occasions.cluster[kept],
        said_in=said_in[watched],
        said_as=said_as[watched],
        comments=rows.reading.opinions["comment_id"][watched],
    )


def _pairs(rows: WhyRows) -> tuple[Pair, ...]:
    """Complaints and praise of all that the taxonomy holds, so that new words change no old alert."""
    found = rows.responses.categories.tolist()
    codes = dict.fromkeys((*(one.code for one in rows.taxonomy.categories), *sorted(set(found))))
    return tuple((code, polarity) for code in codes for polarity in _WATCHED)


def _large(values: Column, known: Collection[str]) -> Column:
    """The values, None for those that are too rare ever to be judged."""
    counts = Counter(values.tolist())
    return np.array(
        [
            value if counts[value] >= LEAST_HISTORY or str(value) in known else None
            for value in values.tolist()
        ],
        dtype=object,
    )
