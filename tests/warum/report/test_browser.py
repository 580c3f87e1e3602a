"""The report in real Chromium: it opens offline, fits the screen, and a driver opens its quotes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import browser, faults
from tests.warum.report.why_worlds import why
from tests.warum.report.worlds import score_result, with_manners, world
from warum.report.html import render_html
from warum.report.summary import summarise
from warum.report.why_view import sections_of
from warum.result import Reading, Result, StoredColumns
from warum.taxonomy import Taxonomy

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

__all__ = ["browser"]


@pytest.fixture(scope="module")
def address(two_scores: Result, cx: Taxonomy, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = Path(tmp_path_factory.mktemp("report")) / "report.html"
    reading = Reading(two_scores.comments, two_scores.opinions, StoredColumns(), two_scores.facts)
    sections = sections_of(why(), reading, cx, "de", drivers_pictured=False)
    path.write_text(render_html(summarise(with_manners(two_scores), cx), "de", sections), "utf-8")
    return path.as_uri()


@pytest.fixture
def opened(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The page at a width and colour scheme; fails on any error, request or refused script."""
    width, scheme = getattr(request, "param", (1280, "light"))
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
    )
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("dialog", lambda dialog: trouble.append("a script from a comment ran"))
    page.on("request", lambda sent: None if sent.url == address else trouble.append(sent.url))
    page.goto(address)
    yield page
    assert trouble == []
    context.close()


SIZES = [(360, "dark"), (390, "light"), (1280, "light"), (1280, "dark")]


@pytest.mark.parametrize("opened", SIZES, indirect=True)
def test_nothing_sticks_out_sideways(opened: Page) -> None:
    for summary in opened.locator("summary").all():
        summary.click()
    wide, seen = opened.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= seen


def test_a_long_name_of_a_score_fits_a_phone(browser: Browser, cx: Taxonomy) -> None:
    score = score_result("Overall satisfaction with your visit today, all in all", "mean")
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.set_content(render_html(summarise(world(score), cx), "en"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()


@pytest.mark.parametrize("opened", [(390, "light"), (1280, "light")], indirect=True)
def test_a_driver_opens_its_quotes(opened: Page) -> None:
    button = opened.get_by_role("button", name="Wartezeit").first
    assert button.get_attribute("aria-expanded") == "false"
    button.click()
    assert button.get_attribute("aria-expanded") == "true"
    drawer = opened.locator("tr.drawer")
    assert drawer.locator("blockquote").count() == 3
    assert drawer.locator("mark.own.negative").first.is_visible()
    opened.keyboard.press("Enter")
    assert drawer.count() == 0


def test_a_click_beside_the_name_opens_too_and_the_keyboard_suffices(opened: Page) -> None:
    opened.locator("tr.opens td.impact").first.click()
    assert opened.locator("tr.drawer").count() == 1
    opened.get_by_role("button", name="Freundlichkeit").first.focus()
    opened.keyboard.press("Space")
    assert opened.locator("tr.drawer").count() == 2


def test_without_script_a_driver_leads_to_its_quotes(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    page.get_by_role("link", name="Wartezeit").first.click()
    assert "#quotes-" in page.url
    assert page.locator("#quotes-1 blockquote").first.is_visible()
    context.close()


@pytest.mark.parametrize(
    ("opened", "shown"), [((390, "light"), "narrow"), ((1280, "dark"), "wide")], indirect=["opened"]
)
def test_the_picture_fits_the_screen_and_no_label_is_cut(opened: Page, shown: str) -> None:
    svg = opened.locator(f".chart .{shown} svg").nth(1)
    assert svg.is_visible()
    outside = opened.evaluate(
        """(shown) => [...document.querySelectorAll(`.chart .${shown} svg text`)]
            .filter((text) => {
              const box = text.getBoundingClientRect();
              return box.width && (box.left < 0 || box.right > innerWidth);
            }).map((text) => text.textContent)""",
        shown,
    )
    assert outside == []


def test_pictures_change_their_ink_in_the_dark(browser: Browser, address: str) -> None:
    inks = []
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(address)
        inks.append(page.evaluate("getComputedStyle(document.querySelector('.chart text')).fill"))
        page.close()
    assert inks[0] != inks[1]


def test_paper_shows_the_wide_picture(opened: Page) -> None:
    opened.emulate_media(media="print", color_scheme="dark")
    assert opened.locator(".chart .wide svg").first.is_visible()
    ink = opened.evaluate("getComputedStyle(document.body).color")
    assert ink == "rgb(27, 37, 48)"


@pytest.mark.parametrize("opened", [(360, "dark"), (1280, "light")], indirect=True)
def test_axe_finds_nothing(opened: Page) -> None:
    opened.get_by_role("button", name="Wartezeit").first.click()
    for summary in opened.locator("summary").all():
        summary.click()
    assert faults(opened) == []
