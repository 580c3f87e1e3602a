from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from tests.warum.report.worlds import SECRET, score_result, world
from warum.report.html import render_html
from warum.report.summary import summarise
from warum.report.summary_records import Summary
from warum.taxonomy import Taxonomy


@pytest.fixture(scope="module")
def page(summary: Summary) -> str:
    return render_html(summary, "en")


@pytest.fixture(scope="module")
def page_two(summary_two: Summary) -> str:
    return render_html(summary_two, "de")


@pytest.fixture(scope="module")
def page_none(summary_none: Summary) -> str:
    return render_html(summary_none, "de")


class _Page(HTMLParser):
    """Collects tags, ids, links and checks that what opens is closed."""

    VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href":
                self.links.append(value or "")
            if name in ("src", "href", "xlink:href", "srcset", "data", "action"):
                self.addresses.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag


def parsed(html: str) -> _Page:
    page = _Page()
    page.feed(html)
    assert page.open == []
    return page


@pytest.mark.parametrize("name", ["page", "page_two", "page_none"])
def test_the_file_stands_alone(request: pytest.FixtureRequest, name: str) -> None:
    html: str = request.getfixturevalue(name)
    page = parsed(html)
    assert all(address.startswith("#") for address in page.addresses)
    assert not page.tags & {"link", "iframe", "object", "img", "base", "form"}
    assert set(re.findall(r"https?://[^\"'\s<)]*", html)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert not re.search(r"url\(|@import|@font-face|clipPath", html)
    assert len(html.encode()) < 1_000_000


@pytest.mark.parametrize("name", ["page", "page_two", "page_none"])
def test_links_lead_somewhere(request: pytest.FixtureRequest, name: str) -> None:
    page = parsed(request.getfixturevalue(name))
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_only_its_own_script_may_run(page: str) -> None:
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page
    assert not re.search(r"<[^>]+\son[a-z]+=", page)


def test_text_from_comments_is_data(page: str) -> None:
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in page
    assert (
        '<mark class="negative own" title="Waiting time\u00a0−">&lt;b&gt;slow&lt;/b&gt;</mark>'
        in page
    )
    assert "umfrage &lt;2025&gt;.csv" in page


def test_small_groups_are_nowhere(page: str, page_none: str) -> None:
    for html in (page, page_none):
        assert SECRET not in html
        assert "Winzig" not in html


def test_what_every_report_says(page: str) -> None:
    for said in (
        "NPS is −20 (between −26 and −14).",
        "associated with",
        "95% interval: −26 to −14",
        "−7.9 to −4.3",
        "Score outside its scale",
        "something_new",
        "28% praise or blame without a reason.",
        "named by you, dates, day-month order",
        "baseline 0.1.0",
        "0123456789abcdef",
        "Cannot be told apart from Waiting time\u00a0−:",
        "not shown (number: 3)",
    ):
        assert said in page, said


def test_german_speaks_german(page_two: str) -> None:
    hidden = r"<style>.*?</style>|<script>.*?</script>|<blockquote.*?</blockquote>|<[^>]+>"
    text = re.sub(hidden, " ", page_two, flags=re.DOTALL)
    for word in ("Impact", "Waiting", "Mentions", "interval ", "comments ", "The "):
        assert word not in text, word
    assert 'lang="de"' in page_two
    assert "−6,1" in page_two
    assert "ganze Zahlen 0–10, als NPS" in page_two


def test_several_scores_have_a_block_each(page_two: str) -> None:
    page = parsed(page_two)
    assert {"score-1", "score-2"} <= set(page.ids)
    assert page.links.count("#score-2") == 2


def test_without_a_score_it_says_what_it_cannot(page_none: str) -> None:
    assert "Was ohne Wert nicht zu beantworten ist" in page_none
    assert "am häufigsten zum Thema „Wartezeit“" in page_none
    assert "kleinste Quadrate" not in page_none


def test_invented_data_say_so_on_top(summary_none: Summary, page_none: str) -> None:
    invented = replace(summary_none, facts=replace(summary_none.facts, invented=True))
    html = render_html(invented, "de")
    assert html.index("Erfundene Beispieldaten") < html.index("<h1>")
    assert "Erfundene Beispieldaten" not in page_none


def test_it_is_the_same_every_time(summary_none: Summary, page_none: str) -> None:
    assert render_html(summary_none, "de") == page_none


def test_a_score_without_drivers_and_a_quiet_file(cx: Taxonomy) -> None:
    bare = replace(
        score_result(), drivers=(), drivers_with_general=(), segments=(), trend=(), distribution=()
    )
    result = world(bare)
    result = replace(result, facts=replace(result.facts, rejected=(), caveats=(), questions=()))
    html = render_html(summarise(result, cx), "en")
    assert "No reasons are shown here." in html
    assert "Every row was analysed." in html
    parsed(html)
