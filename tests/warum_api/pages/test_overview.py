"""The overview: figures, links to comments, questions, versions, files."""

from __future__ import annotations

import re

import pytest

from tests.warum_api.pages.analysed import ROWS, Analysed
from tests.warum_api.pages.browsing import Browser

DRIVER = re.compile(r'<a class="topic" href="([^"]+)"')


def test_a_project_without_results_says_what_to_do(visitor: Browser) -> None:
    project = visitor.project()
    page = visitor.go(project)
    assert "Nothing has been analysed yet." in page
    assert f'href="{project}/upload"' in page
    assert "Nothing has been analysed yet." in visitor.go(f"{project}/comments")
    assert "There is nothing here" in visitor.go(f"{project}/download/report.html")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "What people speak about"), ("de", "Worüber gesprochen wird")]
)
def test_everything_that_was_found_stands_there(
    analysed: Analysed, language: str, words: str
) -> None:
    page = analysed.overview(analysed.browser(language))
    for section in ("score-1", "level", "asymmetry", "alerts", "journey", "audit", "categories"):
        assert f'<h2 id="{section}"' in page, section
    assert words in page
    assert page.count("<h1") == 1
    assert 'style="' not in page
    assert page.count("<svg") > 10


@pytest.mark.parametrize(
    ("language", "words", "link"),
    [
        ("en", "not used: ", "Say what the columns are"),
        ("de", "nicht verwendet: ", "Sagen, was die Spalten sind"),
    ],
)
def test_columns_have_their_names_and_forgotten_ones_are_told(
    analysed: Analysed, language: str, words: str, link: str
) -> None:
    browser = analysed.browser(language)
    page = analysed.overview(browser)
    assert "warum_" not in page
    assert '<th scope="row">response_id</th>' in page
    assert '<th scope="row">customer_id</th>' in page
    line = re.search(f'<p>[^<]*{words}([^<]*)<a href="([^"]+)">{link}</a>', page)
    assert line is not None
    assert line[1] == "csat, ces, waiting_minutes, revenue_eur. "
    assert "feedback.csv" in browser.go(line[2])


@pytest.mark.parametrize("language", ["en", "de"])
def test_contents_lead_to_every_section_and_stay_in_reach(
    analysed: Analysed, language: str
) -> None:
    browser = analysed.browser(language)
    page = analysed.overview(browser)
    contents = re.search(r'<nav class="contents".*?</nav>', page, re.DOTALL)
    assert contents is not None
    links = re.findall(r'href="#([^"]+)"', contents[0])
    assert links == re.findall(r'<h2 id="([^"]+)"', page)
    style = re.search(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert style is not None
    assert re.search(r"\.contents \{ position: sticky; top: 0;", browser.go(style[1]))


def test_quotation_marks_are_german_on_german_pages(analysed: Analysed) -> None:
    browser = analysed.browser("de")
    pages = [analysed.overview(browser)]
    pages += [browser.go(f"{analysed.project}/{end}") for end in ("comments", "alerts", "upload")]
    for page in pages:
        said = re.sub(r"<blockquote.*?</blockquote>|<[^>]+>", " ", page, flags=re.DOTALL)
        assert not re.findall(r"“\w[^“”„]{0,40}”", said)
    assert "„" in pages[0]


def test_drivers_lead_to_their_comments(analysed: Analysed) -> None:
    browser = analysed.browser()
    links = DRIVER.findall(analysed.overview(browser))
    assert links
    driver = analysed.api("GET", "/results/current/drivers").json()["items"][0]
    wanted = (
        f"{analysed.project}/comments?category={driver['category']}&polarity={driver['polarity']}"
    )
    assert links[0] == wanted
    assert "<h1>Comments: " in browser.go(links[0])


def test_the_shown_answer_is_the_last_that_tells_of_all(analysed: Analysed) -> None:
    browser = analysed.browser()
    assert "Compared by branch: Altmarkt,Lindenau" in analysed.overview(browser)
    page = analysed.overview(browser, "?version=1")
    assert "Compared by branch" in page  # among the earlier questions
    assert 'aria-label="Remove' not in page
    for wrong in ("99", "x", "0"):
        assert "There is nothing here" in analysed.overview(browser, f"?version={wrong}")
    assert "There is nothing here" in analysed.overview(browser, "?score=csat")


def test_a_question_becomes_a_version(analysed: Analysed) -> None:
    browser = analysed.browser("de")
    analysed.overview(browser)
    browser.send(f"{analysed.project}/ask", where="branch=Altmarkt", since="2025-01", until="")
    waiting = browser.last.url.path
    assert waiting.startswith(f"{analysed.project}/jobs/")
    asked = analysed.browser().ask("GET", f"/v1{waiting.removeprefix(analysed.project)}").json()
    assert asked["kind"] == "why"
    browser.send(f"{waiting}/cancel")
    job = analysed.answer(where=["branch=Altmarkt"], since="2025-01", ui="de")
    done = browser.go(f"{analysed.project}/jobs/{job}")
    assert f'href="{analysed.project}?job={job}"' in done
    page = analysed.overview(browser, f"?job={job}")
    assert "version=" in str(browser.last.url)
    assert "branch: Altmarkt" in page
    assert "„seit Jan 2025“ entfernen" in page
    link = DRIVER.findall(page)
    assert all("where=branch%3DAltmarkt" in one and "since=2025-01-01" in one for one in link)
    whole = analysed.overview(analysed.browser(), "?version=1")
    assert re.findall(r'class="big">([^<]+)', page) != re.findall(r'class="big">([^<]+)', whole)
    # The same once more needs no job; without its filters it is that of all.
    browser.send(f"{analysed.project}/ask", where="branch=Altmarkt", since="2025-01")
    assert "version=" in str(browser.last.url)
    browser.send(f"{analysed.project}/ask")
    assert str(browser.last.url).endswith("?version=1")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"before": "2025-01"}, "“Before” needs “After”"),
        ({"before": "soon", "after": "2025-03"}, "is no day, month, quarter or year"),
        ({"since": "yesterday"}, "“Since”"),
        ({"first": "branch=Altmarkt", "second": "language=de"}, "two different groups"),
        ({"first": "branch=Altmarkt"}, "two different groups"),
    ],
)
def test_what_cannot_be_meant_is_said_at_the_form(
    analysed: Analysed, fields: dict[str, str], told: str
) -> None:
    browser = analysed.browser()
    analysed.overview(browser)
    page = browser.send(f"{analysed.project}/ask", **fields)
    assert browser.last.status_code == 422
    assert told in page
    assert "<details open>" in page


@pytest.mark.full
def test_the_report_is_a_file(analysed: Analysed) -> None:
    report = analysed.browser().ask("GET", f"{analysed.project}/download/report.html?version=2")
    assert "attachment" in report.headers["content-disposition"]
    assert "Altmarkt" in report.text


def test_files(analysed: Analysed) -> None:
    browser, files = analysed.browser(), f"{analysed.project}/download"
    assert browser.ask("GET", f"{files}/summary.json").json()["facts"]["rows_in"] == ROWS
    assert browser.ask("GET", f"{files}/drivers.csv").text.startswith("category,polarity,")
    assert browser.ask("GET", f"{files}/drivers.parquet").content[:4] == b"PAR1"
    assert "mix" in browser.ask("GET", f"{files}/change_waterfall.csv?version=2").text
    for wrong in ("drivers.xlsx", "change_waterfall.csv?version=1", "secrets.csv"):
        assert browser.ask("GET", f"{files}/{wrong}").status_code == 404


def test_the_change_comes_in_three_forms(analysed: Analysed) -> None:
    path = "/why/change"
    rows = analysed.api("GET", path, params={"version": 2}).json()["items"]
    assert rows
    assert {"category", "total", "score"} <= rows[0].keys()
    told = analysed.api("GET", path, params={"version": 2}, headers={"Accept": "text/csv"})
    assert told.text.count("\n") == len(rows) + 1
    media = "application/vnd.apache.parquet"
    assert (
        analysed.api("GET", path, params={"version": 2}, headers={"Accept": media}).content[:4]
        == b"PAR1"
    )
    known = {"If-None-Match": told.headers["etag"], "Accept": "text/csv"}
    assert analysed.api("GET", path, params={"version": 2}, headers=known).status_code == 304
    for wrong in ({"version": 1}, {"version": 9}, {"version": 2, "score": "csat"}):
        assert analysed.api("GET", path, params=wrong).json()["code"] == "not_found"
    answers = [analysed.api("GET", "/why", params={"version": v}).text for v in (1, 2)]
    assert answers[0] != answers[1]
    assert "<html" in analysed.api("GET", "/why/report", params={"version": 1}).text
