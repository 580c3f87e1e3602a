"""Reading in threads gives what the library gives, one bad comment or not."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from structlog.testing import capture_logs

from warum.defaults import StageOptions
from warum.pipeline import run
from warum.records import Comment, ReadComment
from warum_api.engine.compiling import Compiled, Compiler
from warum_api.engine.reading import Unreadable, read_comments

TEXTS = (
    "Sehr freundliches Personal, aber die App stürzt ständig ab.",
    "Waited two hours, nobody told us why.",
    "Nothing",
    "n/a",
    "",
    "Отлично",
    "Great staff but far too expensive. " * 20,
    "Die Lieferung kam zu spät 😡 und niemand ging ans Telefon!",
)


def comments(count: int = 64) -> list[Comment]:
    return [Comment(str(i), TEXTS[i % len(TEXTS)], 1) for i in range(count)]


def compiled(model: str = "fast") -> Compiled:
    return Compiler(model, StageOptions()).compile_shipped("cx")


def test_batches_of_any_size_read_as_the_library_does() -> None:
    made = compiled()
    expected = list(run(comments(), made.stages))
    assert read_comments(made, comments()) == expected
    assert [read for one in comments() for read in read_comments(made, [one])] == expected


def test_threads_that_share_the_stages_do_not_disturb_each_other() -> None:
    made = compiled("auto")
    some = comments(16)
    expected = [read_comments(made, [one])[0] for one in some]
    with ThreadPoolExecutor(4) as pool:
        parts = [some[i : i + 4] for i in range(13)] * 3
        for part, found in zip(
            parts, pool.map(lambda p: read_comments(made, p), parts), strict=True
        ):
            assert found == [expected[int(one.comment_id)] for one in part]


class Fails:
    name = "fails"

    def __call__(self, batch: Sequence[ReadComment]) -> list[ReadComment]:
        if any("Waited" in (read.text or "") for read in batch):
            raise RuntimeError("Waited two hours")
        return list(batch)


def test_a_comment_that_a_stage_fails_on_stands_by_itself() -> None:
    made = replace(compiled("nothing"), stages=(Fails(),))
    with capture_logs() as logs:
        found = read_comments(made, comments(8))
    assert [type(read) for read in found].count(Unreadable) == 1
    assert isinstance(found[1], Unreadable)
    assert "Waited" not in str(logs)
    assert logs[0]["error"] == "RuntimeError"
