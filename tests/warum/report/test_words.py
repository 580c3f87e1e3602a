from __future__ import annotations

import ast
import re
from importlib.resources import files
from string import Formatter

import pytest

from warum.report.words import say, say_or, words

PACKAGE = files("warum.report")
# Keys that are put together in code, by their beginnings.
COMPOSED = (
    "metric_", "named_", "about_", "kind_", "verb_", "section_", "stage_", "touchpoint_", "role_",
    "reject_", "language_", "asks_", "roll_", "method_", "unanswerable_", "nps_", "manner_", "emotion_",
    "intent_", "effort_", "lead_", "asymmetry_", "alert_", "direction_", "differ_", "change_", "model_",
    "trade_", "peak_", "control_", "assumed_", "shares_",
)  # fmt: skip


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same() -> None:
    for key, entry in words().items():
        assert set(entry) == {"en", "de"}, key
        assert placeholders(entry["en"]) == placeholders(entry["de"]), key
        assert all(text.strip() == text and text for text in entry.values()), key


def test_german_quotes_are_german() -> None:
    for key, entry in words().items():
        assert entry["de"].count("„") == entry["de"].count("“") or key.startswith("quote_"), key
        assert '"' not in entry["de"] + entry["en"], key


def _sources() -> str:
    found = [p.read_text("utf-8") for p in PACKAGE.iterdir() if p.name.endswith(".py")]
    found += [p.read_text("utf-8") for p in (PACKAGE / "templates").iterdir()]
    return "\n".join(found)


def test_every_word_asked_for_is_there_and_none_is_idle() -> None:
    sources = _sources()
    strings = set(re.findall(r"[\"']([a-z][a-z_0-9]*)[\"']", sources))
    asked = set(re.findall(r"say\(\s*[\"']([a-z_0-9]+)[\"'](?!\s*~)", sources))
    known = set(words())
    assert asked - known == set()
    idle = {key for key in known - strings if not key.startswith(COMPOSED)}
    assert idle - {"points_with", "percentage_points_with"} == set()


def test_saying() -> None:
    assert say("span", "de", low="1", high="2") == "1 bis 2"
    assert say_or("reject_ragged", "en", "ragged") == "Wrong number of cells"
    assert say_or("reject_unheard_of", "en", "unheard_of") == "unheard_of"
    with pytest.raises(KeyError):
        say("no_such_key", "en")


def test_modules_of_the_room_do_not_import_heavy_libraries_at_the_top() -> None:
    for path in PACKAGE.iterdir():
        if path.name.endswith(".py"):
            tree = ast.parse(path.read_text("utf-8"))
            top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
            names = {alias.name for node in top for alias in node.names} | {
                node.module for node in top if isinstance(node, ast.ImportFrom)
            }
            assert not names & {"altair", "vl_convert", "jinja2"}, path.name
