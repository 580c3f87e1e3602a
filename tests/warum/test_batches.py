"""What is read of a comment never depends on what else is in the batch: the same opinions, the same stored numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

import warum_models.corpus
from warum.defaults import StageOptions, default_stages, load_model
from warum.pipeline import run
from warum.records import Comment, ReadComment
from warum.taxonomy import Taxonomy, load_taxonomy, parse_taxonomy
from warum_models.names import SHIPPED

HELD_OUT = Path(warum_models.corpus.__file__).parent / "held_out"
if not HELD_OUT.is_dir():
    pytest.skip("the corpus is not in the installed package", allow_module_level=True)
OWN = """
name: own
categories:
  - {code: wait, title: Waiting, description: How long one waits until one is served}
  - {code: people, title: People, description: Whether the staff is friendly and knows its job}
  - {code: plain, title: Geld, description: {de: Was es kostet und ob es das wert ist}}
"""
ODD = (
    "", " ", "ok", "👍🏽👍🏽", "nichts", "x" * 5_000, "\x00\x07 schlecht \u200b",
    "Супер обслуживание!", "ようこそ。とても良い",
    "Zu lange gewartet. " * 150, "Great. " * 400, "\ud800 half", "GRAUENHAFT!!! Nie wieder!!!", "Le service était lent",
    "not bad at all, ich würde wiederkommen", "1234567890", "a b c d e f g",
)  # fmt: skip


def _texts(count: int) -> list[str]:
    """Held-out comments in both languages, and odd ones."""
    rows = [
        json.loads(line)
        for path in sorted(HELD_OUT.glob("*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]
    step = len(rows) // count
    return [row[x]["text"] for row in rows[::step][:count] for x in ("de", "en")] + list(ODD)


def _seen(read: Iterable[ReadComment]) -> dict[str, object]:
    """All that is stored of each comment, numbers as they are stored."""

    return {
        c.comment.comment_id: (
            c.language, c.polarity, c.emotion, c.intent, c.effort,
            f"{c.sentiment:.4f} {c.emotion_probability:.4f} {c.intent_probability:.4f} {c.effort_probability:.4f}",
            [
                (o.category, o.polarity, f"{o.confidence:.4f} {o.sentiment:.4f}", o.start, o.end)
                for o in c.opinions
            ],
        )
        for c in read
    }  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("taxonomy", [load_taxonomy(), parse_taxonomy(OWN, origin="own")])
def test_alone_in_seven_in_a_thousand_and_in_another_order(name: str, taxonomy: Taxonomy) -> None:
    comments = [Comment(f"c{i}", text, i + 1) for i, text in enumerate(_texts(30))]
    others = [Comment(f"o{i}", f"Platz {i}", i + 1) for i in range(1000 - len(comments))]
    stages = default_stages(load_model(name, taxonomy), taxonomy, StageOptions("de"))
    alone = _seen(run(comments, stages, batch_size=1))
    assert _seen(run(comments, stages, batch_size=7)) == alone
    assert _seen(run(comments[::-1], stages, batch_size=7)) == alone
    mixed = comments[:40] + others[:500] + comments[40:] + others[500:]
    thousand = _seen(run(mixed, stages, batch_size=1000))
    assert {c: thousand[c] for c in alone} == alone
