"""Overview, comments and corrections in real Chromium: with the keyboard, at two widths, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.chromium import faults
from tests.warum_api.conftest import running
from tests.warum_api.pages.analysed import Analysed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


class Site(NamedTuple):
    """An analysed project behind a real server."""

    analysed: Analysed
    address: str


@pytest.fixture(scope="module")
def site(analysed: Analysed) -> Iterator[Site]:
    with running(model="nothing", data=analysed.folder, jobs=False) as client:
        yield Site(
            analysed, f"{client.base_url}{analysed.project}".replace("//projects", "/projects")
        )


@pytest.fixture
def page(site: Site, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at a width and colour scheme; fails on any error, message or refused style."""
    width, scheme = getattr(request, "param", (1280, "light"))
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="en-US",
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append("a script from a comment ran"))
    yield page
    assert trouble == []
    context.close()


def test_the_top_driver_is_found_and_an_opinion_corrected(site: Site, page: Page) -> None:
    page.goto(site.address)
    driver = page.locator("table.drivers a.topic").first  # waits until it is drawn
    name = driver.inner_text()
    driver.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/comments?category=*")
    assert name in page.locator("h1").inner_text()
    assert page.locator("mark.own").first.is_visible()
    before = int(page.locator(".total b").inner_text().split()[0])
    page.get_by_role("link", name="Correct the opinions").first.focus()
    page.keyboard.press("Enter")
    chosen = page.locator("section.opinion", has=page.get_by_role("heading", name=name)).first
    now = chosen.get_by_role("radio", checked=True)
    now.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("Saved.").wait_for()
    assert page.locator("table.history tbody tr").count() >= 1
    page.get_by_role("link", name="Back to the comments").click()
    assert int(page.locator(".total b").inner_text().split()[0]) == before - 1
    page.get_by_role("link", name="Overview").first.click()
    figures = page.locator("table.drivers").first.inner_text()
    page.get_by_role("button", name="Compute the reasons anew").click()
    page.wait_for_url("**/jobs/*")
    job = page.url.rpartition("/")[2]
    site.analysed.work()
    page.goto(f"{site.address}?job={job}")
    page.locator("table.drivers").first.wait_for()
    assert page.locator("table.drivers").first.inner_text() != figures
    assert page.get_by_role("button", name="Compute the reasons anew").count() == 0


def test_words_are_taken_from_the_comment(site: Site, page: Page) -> None:
    page.goto(f"{site.address}/comment?id=R0001")
    assert page.locator("#comment-text script, #comment-text img, #comment-text b").count() == 0
    chosen = page.evaluate(
        """() => {
          getSelection().selectAllChildren(document.querySelector("#comment-text p"));
          return String(getSelection());
        }"""
    )
    assert chosen.startswith("<script>")
    page.wait_for_function(
        "(words) => document.getElementById('words').value === words", arg=chosen
    )


OVERVIEW, COMMENTS, COMMENT, HISTORY = (
    "?version=2",
    "/comments?polarity=negative",
    "/comment?id=R0002",
    "/corrections",
)
PHONE, DESK = (390, "dark"), (1280, "light")
SEEN = [(PHONE, OVERVIEW), (PHONE, COMMENT), (DESK, COMMENTS), (DESK, HISTORY)]
LATER = [(DESK, OVERVIEW), (DESK, COMMENT), (PHONE, COMMENTS), (PHONE, HISTORY)]


@pytest.mark.parametrize(
    ("page", "view"),
    [*SEEN, *(pytest.param(*one, marks=pytest.mark.full) for one in LATER)],
    indirect=["page"],
)
def test_axe_finds_nothing_and_nothing_sticks_out(site: Site, page: Page, view: str) -> None:
    page.goto(f"{site.address}{view}")
    page.locator("main h1").wait_for()
    if view == OVERVIEW:
        page.locator(".tools").wait_for()
    for summary in page.locator("summary").all():
        summary.click()
    wide, seen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= seen
    # A picture is one thing with a name; what it is drawn of would take axe a minute.
    page.evaluate("document.querySelectorAll('.chart svg').forEach((one) => one.replaceChildren())")
    assert faults(page) == []
