"""Every source of the weights has a licence and a hash that tells its content."""

from __future__ import annotations

from pathlib import Path

import pytest

from warum_models.train.inputs import INPUTS, Input, digest
from warum_models.train.labelbank import CORPUS

SOURCE = Input("some", ("a/*",), "MIT", "all")


def test_the_hash_tells_the_content(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one").write_text("1")
    first = digest(SOURCE, tmp_path)
    (tmp_path / "a" / "NOTES.md").write_text("not data")
    assert digest(SOURCE, tmp_path) == first
    (tmp_path / "a" / "one").write_text("2")
    assert digest(SOURCE, tmp_path) != first


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="a/"):
        digest(SOURCE, tmp_path)


@pytest.mark.skipif(not any(CORPUS.glob("*.jsonl")), reason="the corpus is not in the package")
@pytest.mark.parametrize("source", [s for s in INPUTS if s.own], ids=lambda s: s.name)
def test_the_corpus_is_there(source: Input, tmp_path: Path) -> None:
    assert len(digest(source, tmp_path)) == 64
    assert source.licence == "MIT"
