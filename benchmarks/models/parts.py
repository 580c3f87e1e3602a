"""The parts of the models' benchmark, plugged together: measure, keep the figures, show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from benchmarks.models import categories, comments, pictures, speed, tables, training
from benchmarks.models.aims_table import table as aims_table
from benchmarks.models.record import Row, Setting, keep, read_rows

Part = tuple[str, Callable[[], str]]
HOW = """\
Comments are read by the whole pipeline: the language is detected, redaction, segments and rules count. A set's \
labels are reached by one description per label (`benchmarks/taxonomies/`) or by a mapping from the codes of \
`cx` (`benchmarks/mappings.py`), both written from label names and guidelines alone, before any result; where a \
model can do both, the descriptions count. All labels of a set count, also those that no code of `cx` reaches. \
Texts that also stand in labelled training data of the weights are left out. Supervised baselines learn from the \
set's own training part, which our models never see unless a row says *training*. The best threshold of the \
cosine is chosen on the test itself: an upper bound that no user has. "Most frequent always" gives every text \
the most frequent answer of the test."""
WHOLE = """\
The sets in the rows marked *training* have a training part that the weights learnt from; the test part is held \
out. GoEmotions: a comment whose labels fold to more than one of the nine emotions is left out. SHAH: B and M \
are bug reports, R suggestions, all else other. A text that gets no answer counts as neutral, other or none."""
SPEED = f"""\
Our models read with {speed.WORKERS} worker processes, whose start is counted; the encoder has two threads. Everyone \
reads FABSA's texts in turn, {speed.ROUNDS} rounds; the median counts, also of the ratios, which are taken within a \
round. The fast read all texts {speed.TIMES} times over, slow pipelines the first {speed.MEDIUM:,}, the encoder \
{speed.SLOW:,}, ordered by length. Our models detect the language, redact, split and read; VADER and the encoder \
only score. Peak memory: a process of its own that reads {speed.SLOW:,} texts without workers."""


def parts(setting: Setting) -> dict[str, Part]:
    """Name to title and maker of the markdown, in the order of the page."""
    return {
        "models_categories": (
            "Models: categories, polarity and evidence",
            lambda: _categories(setting),
        ),
        "models_comments": ("Models: the whole comment", lambda: _comments(setting)),
        "models_speed": ("Models: speed and memory", lambda: _speed(setting)),
        "models_training": ("Models: training on one's own labels", lambda: _training(setting)),
        "models_aims": (
            "Models: what they must show, and what was measured",
            lambda: _aims(setting),
        ),
    }


def _kept(setting: Setting, part: str, rows: Iterable[Row]) -> list[Row]:
    """This run's rows, after they were kept."""
    found = list(rows)
    keep(setting.store, found, part)
    return found


def _categories(setting: Setting) -> str:
    rows = _kept(setting, categories.PART, categories.rows(setting))
    return f"{HOW}\n\n{tables.category_tables(rows)}"


def _comments(setting: Setting) -> str:
    rows = _kept(setting, comments.PART, comments.rows(setting))
    return f"{WHOLE}\n\n{tables.comment_tables(rows)}"


def _speed(setting: Setting) -> str:
    rows = _kept(setting, speed.PART, speed.rows(setting))
    if not rows:
        return "needs --data"
    shown = [SPEED, tables.speed_table(rows)]
    if setting.pictures is not None:
        everything = [*read_rows(setting.store), *rows]
        shown += [
            pictures.quality_against_speed(everything, setting.pictures),
            pictures.cascade(rows, setting.pictures),
            pictures.limit(setting.pictures),
        ]
    return "\n\n".join(text for text in shown if text)


def _training(setting: Setting) -> str:
    rows = _kept(setting, training.PART, training.rows(setting))
    return tables.training_tables(rows) or "needs --data"


def _aims(setting: Setting) -> str:
    """From the figures kept: this part measures nothing, so the others may run one by one before it."""
    rows = read_rows(setting.store)
    return aims_table(rows, setting.models) if rows else "needs --figures FILE of the other parts"
