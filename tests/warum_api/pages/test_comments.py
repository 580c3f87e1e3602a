"""Comments: filters, marks, pages, what is suppressed, and that what people wrote is text."""

from __future__ import annotations

import re
from html import escape

import pytest

from tests.warum_api.pages.analysed import TAGS, Analysed

TOTAL = re.compile(r'class="total"><b>([\d,]+) comments?<')
ARTICLE = re.compile(r'<article class="comment" aria-label="Comment ([^"]+)"')


def total(page: str) -> int:
    found = TOTAL.search(page)
    assert found is not None, page
    return int(found[1].replace(",", ""))


def test_filters_narrow_and_can_be_removed(analysed: Analysed) -> None:
    browser, path = analysed.browser(), f"{analysed.project}/comments"
    everything = total(browser.go(path))
    driver = analysed.api("GET", "/results/current/drivers").json()["items"][0]
    asked = f"{path}?category={driver['category']}&polarity={driver['polarity']}"
    page = browser.go(asked)
    some = total(page)
    assert 5 <= some < everything
    assert f'class="{driver["polarity"]} own"' in page
    german = total(browser.go(f"{asked}&language=de"))
    english = total(browser.go(f"{asked}&language=en"))
    assert german + english == some
    assert f'href="{path}?polarity={driver["polarity"]}"' in page  # without the topic
    branches = [
        total(browser.go(f"{path}?where=branch%3D{one}")) for one in ("Altmarkt", "Lindenau")
    ]
    both = total(browser.go(f"{path}?where=branch%3DAltmarkt&where=branch%3DLindenau"))
    assert both == sum(branches)
    days = total(browser.go(f"{path}?since=2025-01-01&until=2025-02-15"))
    assert 0 < days < everything


def test_pages_hold_every_comment_once(analysed: Analysed) -> None:
    browser, path = analysed.browser(), f"{analysed.project}/comments"
    seen: list[str] = []
    page = browser.go(f"{path}?sort=date")
    while True:
        seen += ARTICLE.findall(page)
        behind = re.search(r'class="main" href="([^"]+after=[^"]+)"', page)
        if behind is None:
            break
        page = browser.go(behind[1])
    assert len(seen) == len(set(seen)) == total(page)
    newest = ARTICLE.findall(browser.go(path))
    days = analysed.api(
        "GET", "/results/current/opinions", params={"sort": "-date", "limit": 1}
    ).json()
    assert days["items"][0]["comment_id"] in newest


def test_what_people_wrote_is_text(analysed: Analysed) -> None:
    browser = analysed.browser()
    page = browser.ask("GET", f"{analysed.project}/comment?id=R0001").text
    assert escape(TAGS, quote=False) in page.replace("&#34;", '"')
    assert "<script>alert" not in page
    assert "<img" not in page


def test_too_few_people_are_not_shown(analysed: Analysed) -> None:
    browser, path = analysed.browser("de"), f"{analysed.project}/comments"
    for few in (
        "where=branch%3Dnowhere",
        "since=2025-01-01&until=2025-01-01&where=branch%3DAltmarkt",
    ):
        page = browser.go(f"{path}?{few}")
        assert "Weniger als 5 Menschen" in page
        assert "<article" not in page


@pytest.mark.parametrize(
    "wrong",
    [
        "polarity=bad",
        "since=soon",
        "after=1",
        "after=x.y",
        "where=secret%3D1",
        "category=" + "x" * 400,
    ],
)
def test_filters_that_cannot_be_meant_are_refused(analysed: Analysed, wrong: str) -> None:
    browser = analysed.browser()
    page = browser.go(f"{analysed.project}/comments?{wrong}")
    assert browser.last.status_code == 422
    assert "not as expected" in page


def test_a_cursor_of_another_result_begins_anew(analysed: Analysed) -> None:
    path = f"{analysed.project}/comments"
    browser = analysed.browser()
    assert ARTICLE.findall(browser.go(f"{path}?after=77.300")) == ARTICLE.findall(browser.go(path))
