"""Corrections on the page: kept with who, when, old and new; counts hold at once, drivers when computed anew."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.warum_api.pages.analysed import Analysed
from tests.warum_api.pages.test_comments import total
from warum_api.pages.correcting import UnfoundWordsError, place_of


def opinions(analysed: Analysed, **params: Any) -> list[dict[str, Any]]:
    found = analysed.api("GET", "/results/current/opinions", params={"limit": 1000, **params})
    items: list[dict[str, Any]] = found.json()["items"]
    return items


def test_a_correction_counts_at_once_and_the_drivers_anew(analysed: Analysed) -> None:
    browser, project = analysed.browser(), analysed.project
    one = next(o for o in opinions(analysed, polarity="negative") if o["category"] == "wait_time")
    path = f"{project}/comments?category=wait_time&polarity=negative"
    before, figures = total(browser.go(path)), analysed.overview(browser)
    fields = {
        "id": one["comment_id"],
        "opinion": one["opinion"],
        "back": "?category=wait_time&polarity=negative",
    }
    turned = {**fields, "do": "change", "category": "wait_time", "polarity": "positive"}
    page = browser.send(f"{project}/comment", **turned)
    assert "Saved." in page
    assert "(a person)" in page.replace("From a person", "(a person)")
    assert "this machine" in page  # who, in the history
    assert f'href="{path}"' in page  # the way back
    assert total(browser.go(path)) == before - 1
    page = analysed.overview(browser)
    assert "1 correction has been made since" in page
    drivers = [
        re.findall(r'<tr role="row" class="[^"]+">.*?</tr>', p, re.S) for p in (figures, page)
    ]
    assert drivers[0] == drivers[1]  # as they were computed
    counts = [re.search(r"Waiting time</a></th>(.*?)</tr>", p, re.S) for p in (figures, page)]
    assert counts[0] is not None
    assert counts[1] is not None
    assert counts[0][1] != counts[1][1]  # counted now
    assert "Nothing was changed" in browser.send(f"{project}/comment", **turned)
    browser.send(f"{project}/comment", **fields, do="remove", polarity="negative")
    assert total(browser.go(path)) == before - 1
    history = browser.go(f"{project}/corrections")
    assert history.count("<tr><th") == len(analysed.api("GET", "/corrections").json()["items"]) + 1
    assert "removed" in history
    job = analysed.answer(compare="branch=Altmarkt,Lindenau")
    page = analysed.overview(browser, f"?job={job}")
    assert "since these figures" not in page
    anew = re.findall(r'<tr role="row" class="[^"]+">.*?</tr>', page, re.S)
    assert anew != drivers[0]


def test_an_opinion_is_added_from_its_words(analysed: Analysed) -> None:
    browser, path = analysed.browser(), f"{analysed.project}/comment"
    browser.go(f"{path}?id=R0001")
    wish = {"id": "R0001", "do": "add", "category": "wait_time", "polarity": "negative"}
    page = browser.send(path, **wish, words="that is not there")
    assert browser.last.status_code == 422
    assert "do not stand in the comment" in page
    assert 'value="that is not there"' in page
    page = browser.send(path, **wish, words="war  viel zu\nlang")
    assert "“war viel zu lang”" in page
    assert "not there" in page  # before, in the history
    mine = [o for o in opinions(analysed) if o["comment_id"] == "R0001" and o["source"] == "person"]
    assert [o["evidence"] for o in mine] == ["war viel zu lang"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (
            {"do": "change", "opinion": "x:0:1", "category": "wait_time", "polarity": "negative"},
            404,
        ),
        ({"do": "add", "category": "nothing", "polarity": "negative"}, 404),
        ({"do": "add", "category": "wait_time", "polarity": "worst"}, 422),
        ({"do": "add", "category": "wait_time", "polarity": "negative", "id": "nobody"}, 404),
    ],
)
def test_what_does_not_fit_is_refused(
    analysed: Analysed, fields: dict[str, str], code: int
) -> None:
    browser = analysed.browser()
    browser.go(f"{analysed.project}/comment?id=R0001")
    browser.send(f"{analysed.project}/comment", **{"id": "R0001", **fields})
    assert browser.last.status_code == code


def test_a_form_from_elsewhere_changes_nothing(analysed: Analysed) -> None:
    browser = analysed.browser()
    answer = browser.ask(
        "POST", f"{analysed.project}/comment", data={"id": "R0001", "do": "remove"}
    )
    assert answer.status_code == 403


def test_the_way_back_leads_nowhere_else(analysed: Analysed) -> None:
    browser = analysed.browser()
    for back in (
        "?category=wait_time&evil=https://e.example",
        "//e.example",
        "?polarity=bad",
        "javascript:x",
    ):
        page = browser.go(f"{analysed.project}/comment?id=R0002&back={back.replace('&', '%26')}")
        links = re.findall(r'<a href="([^"]+)">Back to the comments', page)
        assert len(links) == 1
        assert links[0].startswith(f"{analysed.project}/comments")
        assert "evil" not in links[0]
        assert "e.example" not in links[0]


def test_the_place_of_words() -> None:
    assert place_of("", "Great staff") == (0, 11)
    assert place_of("STAFF", "Great staff") == (6, 11)
    assert place_of("a b", "x a \n b") == (2, 7)
    with pytest.raises(UnfoundWordsError):
        place_of("(.*)", "Great staff")
