"""The frame of every page: language, colours, headers, static files, words, and refusals that people can read."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Formatter

import pytest

from tests.warum_api.pages.browsing import Browser
from warum.report.words import words as words_of_report
from warum_api.pages import words as module
from warum_api.pages.visits import own_path
from warum_api.pages.words import say, words

TEMPLATES = sorted(
    (file for file in (files("warum_api.pages") / "templates").iterdir()), key=lambda f: f.name
)

_MACRO = re.compile(r"\{% macro (\w+)\(.*?%\}(.*?)\{% endmacro %\}", re.DOTALL)


def test_the_start_leads_to_the_projects(visitor: Browser) -> None:
    page = visitor.go("/")
    assert visitor.last.url.path == "/projects"
    assert "<h1>Projects</h1>" in page
    assert visitor.last.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("asked", "ui"), [("de-AT,en;q=0.5", "de"), ("en", "en"), ("fr", "en")])
def test_the_browser_tells_its_language(visitor: Browser, asked: str, ui: str) -> None:
    visitor.language = asked
    assert f'<html lang="{ui}">' in visitor.go("/projects")


def test_language_and_colours_are_chosen_and_kept(visitor: Browser) -> None:
    visitor.go("/projects")
    page = visitor.send("/view", ui="de", back="/projects/new?x=1")
    assert str(visitor.last.url).endswith("/projects/new?x=1")
    assert '<html lang="de">' in page
    page = visitor.send("/view", theme="dark", back="/projects")
    assert '<html lang="de" data-theme="dark">' in page
    assert '<html lang="de">' in visitor.send("/view", theme="auto", ui="fr", back="/projects")
    assert {c.name for c in visitor.cookies.jar} == {"warum_visit", "warum_ui", "warum_theme"}


@pytest.mark.parametrize(
    "path", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/a\nb", "x"]
)
def test_nobody_is_led_elsewhere(visitor: Browser, path: str) -> None:
    assert own_path(path) == "/"
    visitor.go("/projects")
    sent = {"token": visitor.token, "ui": "de", "back": path}
    assert visitor.ask("POST", "/view", data=sent).headers["location"] == "/"


def test_only_what_is_ours_runs(visitor: Browser) -> None:
    visitor.go("/projects")
    policy = dict(
        part.strip().split(" ", 1) for part in visitor.last.headers["content-security-policy"].split(";")
    )  # fmt: skip
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in " ".join(policy.values())
    headers = visitor.last.headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_static_files_are_kept_for_long_and_named_by_what_is_in_them(visitor: Browser) -> None:
    page = visitor.go("/projects")
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    style = visitor.ask("GET", address)
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]
    for rule in (':root[data-theme="dark"] {', ':root[data-theme="light"] {', ".tabs"):
        assert rule in style.text
    for wrong in (address.replace("page.css", "words.yaml"), "/static/0/page.css"):
        assert visitor.ask("GET", wrong).status_code == 404
    script = visitor.ask("GET", address.replace("page.css", "refresh.js"))
    assert script.headers["content-type"].startswith("text/javascript")


def test_refusals_are_pages_for_people_and_documents_for_programs(visitor: Browser) -> None:
    for path in ("/projects/prj_none/upload", "/nowhere", "/projects/prj_none/jobs/job_none"):
        page = visitor.go(path)
        assert visitor.last.status_code == 404
        assert "<h1>There is nothing here</h1>" in page
    assert "prj_none" in visitor.go("/projects/prj_none/upload")
    for path in ("/v1/nowhere", "/v1/projects/prj_none"):
        answer = visitor.ask("GET", path)
        assert answer.headers["content-type"] == "application/problem+json"
    answer = visitor.ask("GET", "/nowhere", headers={"Accept": "application/json"})
    assert answer.json()["code"] == "not_found"
    assert (
        "There is nothing here"
        not in visitor.ask("GET", "/nowhere", headers={"Accept": "*/*"}).text
    )
    visitor.go("/projects")
    assert visitor.ask("PUT", "/projects").status_code == 405


def test_what_nobody_expected_is_a_page_without_details(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warum_api.projects.keeping import Keeping

    def broken(*_: object) -> None:
        raise RuntimeError("SECRET")

    monkeypatch.setattr(Keeping, "some", broken)
    page = visitor.go("/projects")
    assert visitor.last.status_code == 500
    assert "Something went wrong" in page
    assert "X-Request-ID" in page
    assert "SECRET" not in page


def test_pages_are_not_in_the_description_of_the_api(visitor: Browser) -> None:
    paths = visitor.ask("GET", "/openapi.json").json()["paths"]
    assert all(path.startswith(("/v1/", "/health/", "/metrics")) for path in paths)


def test_words_are_the_same_in_both_languages() -> None:
    for key, entry in words().items():
        assert set(entry) == {"de", "en"}, key
        named = [
            {name for _, name, _, _ in Formatter().parse(entry[ui]) if name} for ui in ("de", "en")
        ]
        assert named[0] == named[1], key
    assert not words().keys() & words_of_report().keys()
    assert say("neutral", "de") == "neutral"  # the report's


def test_a_key_in_two_files_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    for name in ("words.yaml", "words_more.yaml"):
        (folder / name).write_text("one: {en: a, de: b}")
    monkeypatch.setattr(module, "files", lambda _: folder)
    module.words.cache_clear()
    with pytest.raises(ValueError, match="'one'"):
        words()
    monkeypatch.undo()
    module.words.cache_clear()


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda file: file.name)
def test_templates_hold_no_inline_script_or_style_and_forms_their_token(template: object) -> None:
    text = template.read_text("utf-8")  # type: ignore[attr-defined]
    assert not re.search(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|<style|javascript:", text)
    with_token = [name for name, body in _MACRO.findall(text) if "token" in body]
    for form in re.findall(r'<form\b[^>]*method="post".*?</form>', text, re.DOTALL):
        assert "token" in form or any(f"{{{{ {name}(" in form for name in with_token), form[:120]


def test_every_word_of_the_templates_is_there() -> None:
    for template in TEMPLATES:
        for key in re.findall(
            r'\b(?:say|rich)\(\s*["\']([a-z_]+)["\']\s*[,)]', template.read_text("utf-8")
        ):
            assert key in words() or key in words_of_report(), (template.name, key)
