"""What the network is trained on, from small files in the forms that the authors publish."""

from __future__ import annotations

from pathlib import Path

from warum_models.train import tasks


def test_sb10k_leaves_every_tenth_row_and_rows_without_polarity_out(tmp_path: Path) -> None:
    folder = tmp_path / "sb10k"
    folder.mkdir()
    sides = ("positive", "negative", "mixed")
    rows = [f"{i}\t{sides[i % 3]}\t@you Nr {i} https://x.y/z" for i in range(14)]
    (folder / "sb10k_corpus_v1.0.cgsa.tsv").write_text("\n".join(rows), "utf-8")
    found = list(tasks.sb10k(tmp_path))
    assert [t.text for t in found] == [f"Nr {i}" for i in (1, 3, 4, 6, 7, 9, 12, 13)]
    assert found[0].document == (1.0, 0.0, 0.0)
    assert found[1].document == (0.0, 0.0, 1.0)
    assert {(t.language, t.source) for t in found} == {("de", "sb10k")}


def test_a_tweet_that_says_the_same_as_one_kept_for_testing_is_not_trained_on(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "sb10k"
    folder.mkdir()
    rows = ["0\tpositive\tSo schön!", "1\tpositive\t@you so schön", "2\tpositive\tanders"]
    (folder / "sb10k_corpus_v1.0.cgsa.tsv").write_text("\n".join(rows), "utf-8")
    assert [t.text for t in tasks.sb10k(tmp_path)] == ["anders"]
