"""What was read is kept and comes back as it was."""

from __future__ import annotations

import math
from pathlib import Path

from warum.example import example_path
from warum.pipeline import run
from warum.records import Comment, Opinion, ReadComment, Segment
from warum_api.storing.files import open_files
from warum_api.working.parts import Parts, packed, unpacked

COMMENTS = [Comment(f"c{i}", f"text {i} \ud83d", i + 1) for i in range(10)]


def _read(some: list[Comment]) -> list[ReadComment]:
    opinion = Opinion("a.b", -0.5, "negative", 0.75, 0, 4, "text", stage="purchase", source="rule")
    return [
        ReadComment(
            c, c.text, "de", True, "bad", (Segment(0, 4), Segment(4, 6)), (opinion,), -0.25,
            "negative", "anger", 0.5, warnings=("odd",),
        )
        for c in some
    ]  # fmt: skip


def test_what_was_read_comes_back() -> None:
    read = [*_read(COMMENTS[:3]), ReadComment(COMMENTS[3], None)]
    back = unpacked(packed(read), COMMENTS[:4])
    assert math.isnan(back[3].sentiment)
    assert repr(back) == repr(read)


def test_no_part_is_read_twice_and_another_comment_is_another_part(tmp_path: Path) -> None:
    asked: list[list[str]] = []
    told: list[tuple[int, int]] = []

    def read(some: list[Comment]) -> list[ReadComment]:
        asked.append([c.comment_id for c in some])
        if len(asked) == 3:
            raise KeyboardInterrupt
        return _read(some)

    def parts(by: str = "model") -> Parts:
        files = open_files(str(tmp_path))
        return Parts(files, "a", "projects/p/jobs/j/0", by, lambda *x: told.append(x), size=4)

    try:
        parts()(COMMENTS, read)  # type: ignore[arg-type]
    except KeyboardInterrupt:
        assert len(asked) == 3
    assert repr(parts()(COMMENTS, read)) == repr(_read(COMMENTS))  # type: ignore[arg-type]
    assert asked[3:] == [["c8", "c9"]]
    assert told[-1] == (10, 10)
    changed = [Comment("c0", "other", 1), *COMMENTS[1:]]
    assert parts()(changed, read)[0].comment == changed[0]  # type: ignore[arg-type]
    assert asked[4:] == [["c0", "c1", "c2", "c3"]]
    parts("another model")(COMMENTS, read)  # type: ignore[arg-type]
    assert len(asked) == 8


def test_the_example_read_in_parts_is_the_example_read_at_once(tmp_path: Path) -> None:
    from warum.analyzing import run_analysis
    from warum.given_options import read_options
    from warum.settings import AnalyzeOptions

    assert run
    files = open_files(str(tmp_path))
    parts = Parts(files, "a", "projects/p/jobs/j/0", "x", lambda *_: None, size=500)
    asked = ([example_path()], read_options(text="comment", score="nps:nps"))
    options = AnalyzeOptions(model="nothing")
    whole, cut = run_analysis(*asked, options), run_analysis(*asked, options, in_parts=parts)
    assert cut.summary.to_json() == whole.summary.to_json()
