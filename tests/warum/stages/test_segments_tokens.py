"""Tokens are those of spaCy's blank pipelines."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.warum.stages.test_golden import golden
from warum.stages import segments_tokens
from warum.stages.segments_tokens import Tokenizer

LANGUAGES = ("de", "en")
# Runs that spaCy or a rule of ours treats in a way of its own.
RUNS = (
    *(
        "cannot",
        "dont",
        "can't",
        "it's",
        "ich's",
        "Dr.",
        "z.B.",
        "etc.",
        "etc..",
        "a.",
        "IT.",
        "Ei.",
    ),
    *(
        "good,",
        "good!?",
        "good).",
        "(good",
        "„gut“.",
        '"U"',
        "(good)",
        "text)",
        ":)",
        "(:",
        ")",
        ":",
    ),
    *("8)", "3)", "10.", "10...", "19.", "5€", "£5,", "US$5", "40k", "17er", "3/5", "1,5", "10-12"),
    *(
        "long-term",
        "Gut.Aber",
        "this,that",
        "either/or",
        "don’t",
        "www.x.de",
        "a@b.de",
        "👍🏽",
        "👍!",
    ),
    *(
        "…",
        "wait…",
        "...",
        "--",
        "-",
        "+",
        "'",
        "''",
        "’s",
        "n't",
        "xD",
        ":D",
        "o",
        "_",
        "C++",
        "ab12",
    ),
)
SPACES = (" ", " ", " ", "  ", "\n", " \n", "\r\n\n ", "\t", "\u00a0", "\u2009 ")


@pytest.fixture(scope="module", params=LANGUAGES)
def pair(request: pytest.FixtureRequest) -> tuple[Tokenizer, Any]:
    """Our tokenizer and spaCy's."""
    return of_language(request.param)


PAIRS: dict[str, tuple[Tokenizer, Any]] = {}


def of_language(language: str) -> tuple[Tokenizer, Any]:
    """Both tokenizers, made once."""
    import spacy

    if language not in PAIRS:
        PAIRS[language] = (Tokenizer(language), spacy.blank(language).tokenizer)
    return PAIRS[language]


def assert_same(pair: tuple[Tokenizer, Any], text: str) -> None:
    """Same tokens at the same places, white space left out unless it breaks a line."""
    ours, spacys = pair
    tokens = ours(text)
    found = [(form.text, start) for form, start in zip(tokens.forms, tokens.starts, strict=True)]
    assert found == [
        (token.text, token.idx)
        for token in spacys(text)
        if not token.text.isspace() or "\n" in token.text or "\r" in token.text
    ]


@pytest.mark.parametrize("run", RUNS)
def test_runs(pair: tuple[Tokenizer, Any], run: str) -> None:
    for _ in range(2):  # new, and remembered
        assert_same(pair, run)
    assert_same(pair, f"well {run} then")


def test_texts(pair: tuple[Tokenizer, Any]) -> None:
    for row in golden():
        text = row["text"]
        if len(text) <= 1000 and "\ud800" not in text:
            assert_same(pair, text)


@pytest.mark.parametrize(
    "text",
    [
        *("Great) :)", "Great) :)then", "nice ( : ok", "a . b", ": - )", "it 's", "x ) :))"),
        *("( :) )", "so:- )", ":) :)", ":)x ):", "8 )", "a.D. .", "(o :", "^_^ )", "well: ))"),
    ],
)
def test_rules_across_runs(pair: tuple[Tokenizer, Any], text: str) -> None:
    assert_same(pair, text)


@given(
    st.sampled_from(LANGUAGES),
    st.lists(st.tuples(st.sampled_from(RUNS), st.sampled_from(SPACES)), max_size=20),
)
def test_any_order_of_runs(language: str, parts: list[tuple[str, str]]) -> None:
    assert_same(of_language(language), "".join(run + space for run, space in parts))


@given(
    st.sampled_from(LANGUAGES),
    st.one_of(
        st.text(alphabet="abAB äß.,!?;:-+•\n\t)(/'\"“„…19€$’😀", max_size=60),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=40),
    ),
)
def test_any_text(language: str, text: str) -> None:
    assert_same(of_language(language), text)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments_tokens, "_MOST", 5)
    tokenizer = Tokenizer("en")
    text = " ".join(f"w{'ab'[n % 2] * n} x,{n} {n}" for n in range(60))
    assert len(tokenizer(text).forms) == 180
    for known in (tokenizer._words, tokenizer._runs, tokenizer._parts):
        assert len(known) <= 5
        assert all(len(run) <= 40 for run in known)


def test_long_runs_come_in_pieces() -> None:
    tokens = Tokenizer("en")("x" * 2500)
    assert [len(form.text) for form in tokens.forms] == [1000, 1000, 500]
    assert tokens.starts == [0, 1000, 2000]
    assert tokens.end(2) == 2500


def test_spacy_comes_without_its_command_line_which_is_there_when_it_is_asked_for() -> None:
    program = """if True:
        import sys
        from warum.stages.segments_spacy import spacy_tokenizer
        spacy_tokenizer("de")
        print("spacy.cli" in sys.modules, "requests" in sys.modules)
        import spacy
        print("spacy_version" in spacy.info(silent=True), len(spacy.blank("en")("It is.")))
        import spacy.cli
        print(spacy.cli.info.__module__)
    """
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False", "True", "3", "spacy.cli.info"]


def test_threads_share_a_tokenizer() -> None:
    texts = [f"Wort{i} (z.B. {i}x) :) cannot, Dr. No{i}" for i in range(200)]
    expected = [Tokenizer("de")(text) for text in texts[:20]]
    shared = Tokenizer("de")
    found: dict[int, list[list[str]]] = {}

    def work(worker: int) -> None:
        found[worker] = [[form.text for form in shared(text).forms] for text in texts]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == found[2] == found[3]
    assert found[0][:20] == [[form.text for form in tokens.forms] for tokens in expected]
