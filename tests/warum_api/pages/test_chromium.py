"""The pages in real Chromium: a project from its making to its first result, with and without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium import faults
from tests.conftest import TEXTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = pytest.mark.browser

WAYS = [(390, "dark", "de-DE"), (1280, "light", "en-GB")]
"""Both widths, both sets of colours, both languages."""
SECONDS = 120_000


@dataclass
class Site:
    """A running service with a project that was analysed.

    Attributes:
        address: Where it is.
        project: The address of the project.
        upload: The address of its file's preview.
        job: The address of its analysis.
        trouble: What browsers complained of.
    """

    address: str
    project: str = ""
    upload: str = ""
    job: str = ""
    trouble: list[str] = field(default_factory=list)

    def page(self, browser: Browser, width: int = 1280, scheme: str = "light", **how: Any) -> Page:
        """A new page whose complaints are kept."""
        colours: Any = scheme
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=colours, **how
        )
        page = context.new_page()
        page.on("console", lambda message: self.trouble.append(message.text))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("dialog", lambda dialog: self.trouble.append("a script from a file ran"))
        page.on("request", lambda sent: self._own(sent.url))
        return page

    def _own(self, url: str) -> None:
        if not url.startswith(self.address):
            self.trouble.append(url)


def _feedback(folder: Path) -> Path:
    path = folder / "feedback.csv"
    rows = ["id,customer,date,comment,NPS,branch"]
    for i in range(80):
        text, score = TEXTS[i % len(TEXTS)]
        if i == 3:
            text = "<script>alert('x')</script> the staff was friendly"
        day = f"2025-{1 + i % 6:02d}-{1 + i % 28:02d}"
        rows.append(f'r{i},c{i % 40},{day},"{text}",{score},{"North" if i % 3 else "South"}')
    path.write_text("\n".join(rows) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def site(
    browser: Browser, serving: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The service, once somebody has gone the whole way by mouse."""
    file = _feedback(tmp_path_factory.mktemp("feedback"))
    with serving() as client:
        site = Site(str(client.base_url).rstrip("/"))
        page = site.page(browser, locale="en-GB")
        page.goto(site.address)
        page.get_by_role("link", name="New project").click()
        page.get_by_label("Name").first.fill("Spring survey")
        page.get_by_role("button", name="Make the project").click()
        page.get_by_label("File of comments and scores").set_input_files(file)
        page.get_by_role("button", name="Upload").click()
        page.wait_for_url("**/uploads/upl_*")
        site.upload, site.project = page.url, page.url.partition("/uploads/")[0]
        assert page.get_by_label("What the column “comment” is").input_value() == "text"
        assert page.get_by_label("What the column “NPS” is").input_value() == "score"
        page.get_by_role("button", name="Start the analysis").click()
        page.evaluate("window.kept = true")
        page.get_by_text("80 comments were read").wait_for(timeout=SECONDS)
        assert page.evaluate("window.kept"), "the page was loaded again"
        assert page.locator("#refresh_said").text_content() == "The job is done."
        site.job = page.url
        page.context.close()
        yield site


def test_nobody_complained_on_the_way(site: Site) -> None:
    assert site.trouble == []


VIEWS = ["/upload", "/taxonomy", "/alerts", "/settings", "/webhooks/new"]


@pytest.mark.parametrize(("width", "scheme", "locale"), WAYS)
def test_every_view_suits_everybody(
    site: Site, browser: Browser, width: int, scheme: str, locale: str
) -> None:
    page = site.page(browser, width, scheme, locale=locale)
    paths = [f"{site.address}/projects", f"{site.address}/projects/new", site.upload, site.job]
    for path in (*paths, *(site.project + view for view in VIEWS)):
        page.goto(path)
        for closed in page.locator("main summary").all():
            closed.click()
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
    assert site.trouble == []
    page.context.close()


def test_a_page_that_is_not_there_suits_everybody_too(site: Site, browser: Browser) -> None:
    page = site.page(browser, 390)
    page.goto(f"{site.address}/nowhere")
    assert faults(page) == []
    page.context.close()
    told = [line for line in site.trouble if "404" not in line]  # Chromium tells of every 404
    site.trouble.clear()
    assert told == []


def test_light_and_dark_are_chosen_over_the_system(site: Site, browser: Browser) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"
    page = site.page(browser, scheme="dark", locale="en-GB")
    page.goto(f"{site.address}/projects")
    dark = page.evaluate(paper)
    page.get_by_role("button", name="Light").click()
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Dark").click()
    assert (page.evaluate(paper), light) == (dark, "rgb(255, 255, 255)")
    assert light != dark
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("heading", name="Projekte").wait_for()
    page.context.close()


def test_the_keyboard_suffices(site: Site, browser: Browser) -> None:
    page = site.page(browser, locale="en-GB")
    page.goto(f"{site.project}/settings")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    box = skip.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    for _ in range(3):
        page.keyboard.press("Tab")
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.get_by_label("Days to keep comments for").focus()
    page.keyboard.type("365")
    page.keyboard.press("Enter")
    page.get_by_text("Saved.").wait_for()
    assert page.get_by_label("Days to keep comments for").input_value() == "365"
    page.context.close()


def test_an_upload_goes_on_where_the_line_broke(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "large.csv"
    row = "1,The staff was friendly but the app is slow and I waited for hours,7\n"
    file.write_text("id,comment,nps\n" + row * (6 * 2**20 // len(row)))
    page = site.page(browser, locale="en-GB")
    sent: list[str] = []

    def breaking(route: Route) -> None:
        if route.request.method == "PATCH":
            sent.append(route.request.headers["upload-offset"])
            if len(sent) == 2:
                route.abort("connectionreset")
                return
        route.continue_()

    page.route(re.compile("/uploads/upl_"), breaking)
    page.goto(f"{site.project}/upload")
    page.get_by_label("File of comments and scores").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/uploads/upl_*", timeout=SECONDS)
    assert sent == ["0", "4194304", "4194304"]
    page.get_by_text("complete").first.wait_for()
    site.trouble[:] = [line for line in site.trouble if "ERR_CONNECTION_RESET" not in line]
    page.goto(f"{site.project}/upload")
    page.locator("tr", has_text="large.csv").locator("summary").click()
    page.get_by_role("button", name="Delete large.csv").click()
    page.get_by_text("The file is deleted.").wait_for()
    page.context.close()


def test_what_is_refused_is_said_beside_the_file(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    page = site.page(browser, locale="en-GB")
    page.goto(f"{site.project}/upload")
    page.get_by_label("File of comments and scores").set_input_files(empty)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("Choose a file that is not empty.").wait_for()
    page.evaluate("document.querySelector('#upload').elements.token.value = 'wrong'")
    empty.write_text("id,comment\n")
    page.get_by_label("File of comments and scores").set_input_files(empty)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("load the page again").wait_for()
    site.trouble[:] = [line for line in site.trouble if "403" not in line]
    page.context.close()


def test_all_goes_without_scripts(site: Site, browser: Browser, tmp_path: Path) -> None:
    page = site.page(browser, 390, java_script_enabled=False, locale="de-DE")
    page.goto(f"{site.address}/projects/new")
    page.get_by_label("Name").first.fill("Ohne Skript")
    page.get_by_role("button", name="Projekt anlegen").click()
    page.get_by_label("Datei mit Kommentaren").set_input_files(_feedback(tmp_path))
    page.get_by_role("button", name="Hochladen").click()
    page.get_by_role("button", name="Auswertung starten").click()
    page.get_by_role("link", name="Diese Seite neu laden").wait_for()
    page.get_by_role("button", name="Abbrechen").click()
    page.get_by_role("button", name=re.compile("Noch einmal|Abbrechen")).or_(
        page.get_by_text("hält bei nächster")
    ).first.wait_for()
    page.context.close()


def test_nobody_complained_at_all(site: Site) -> None:
    assert site.trouble == []
