"""Labelling in real Chromium: by keys alone, by touch, in both widths; what is said is stored at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.chromium import faults
from tests.warum_api.analysed import copied

if TYPE_CHECKING:
    import httpx
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Site:
    """A running service with an analysed project.

    Attributes:
        client: Asks its API.
        project: Path of the project under `/v1`.
        trouble: What browsers complained of.
    """

    client: httpx.Client
    project: str
    trouble: list[str]

    def drawn(self) -> str:
        """The path of a new audit under `/v1`."""
        made = self.client.post(f"{self.project}/audits", json={"labels": 15})
        return str(made.headers["location"])

    def page(self, browser: Browser, audit: str, who: str, **how: Any) -> Page:
        """A page that shows the next comment of an audit."""
        how = {"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **how}
        page = browser.new_context(**how).new_page()
        page.on("console", lambda message: self.trouble.append(message.text))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        path = audit.removeprefix("/v1").replace("/audits/", "/audit/")
        page.goto(f"{self.client.base_url}{path}?as={who}".replace("//proj", "/proj"))
        return page

    def labels(self, audit: str, who: str) -> list[Any]:
        """What a person has said so far."""
        asked: dict[str, Any] = {"labeller": who, "limit": 500}
        items = self.client.get(f"{audit}/items", params=asked).json()["items"]
        return [
            [(one["category"], one["polarity"]) for one in item["labels"]]
            for item in items
            if item["labels"] is not None
        ]


@pytest.fixture(scope="module")
def site(serving: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = copied(tmp_path_factory.mktemp("labelling") / "data")
    with serving(model="nothing", data=made.settings.data, jobs=False) as client:
        yield Site(client, made.path, [])


def pressed(page: Page, *keys: str) -> None:
    """Press keys; what is longer than one sign and no name of a key is typed."""
    for key in keys:
        if key in (
            "Enter",
            "ArrowDown",
            "ArrowUp",
            "ArrowLeft",
            "ArrowRight",
            "Backspace",
            "Control+z",
            "Escape",
        ):
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)


def confirmed(page: Page) -> None:
    """Confirm, and wait for the next comment."""
    before = page.locator('input[name="comment"]').get_attribute("value")
    page.keyboard.press("Enter")
    page.wait_for_function(
        "before => document.querySelector('input[name=comment]')?.value !== before", arg=before
    )


def test_the_keyboard_alone_suffices(site: Site, browser: Browser) -> None:
    audit = site.drawn()
    page = site.page(browser, audit, "Kim")
    pressed(page, "wait")
    assert page.locator(".pick:visible").count() == 1
    pressed(page, "Enter")  # still looking: it needs its sign first
    pressed(page, "-", "staff", "ArrowDown", "+", "price", "0", "Backspace")
    assert page.locator("#seen").inner_text() == "Waiting time − Staff competence +"
    confirmed(page)
    assert site.labels(audit, "Kim") == [
        [("service.competence", "positive"), ("wait_time", "negative")]
    ]
    assert "1 of" in page.locator("#done").inner_text()
    pressed(page, "Enter")
    assert page.locator("#asking").is_visible()  # no category at all?
    assert len(site.labels(audit, "Kim")) == 1
    confirmed(page)
    assert site.labels(audit, "Kim")[1] == []
    page.keyboard.press("Control+z")
    page.wait_for_url("**at=1**")
    assert len(site.labels(audit, "Kim")) == 1
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile(r"at=0$"))
    assert page.locator("#seen").inner_text() == "Staff competence + Waiting time −"
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile(r"at=1$"))
    page.keyboard.press("Escape")
    page.wait_for_url("**/audit")
    page.context.close()
    assert site.trouble == []


def test_typing_ahead_and_pressing_twice_lose_nothing(site: Site, browser: Browser) -> None:
    audit = site.drawn()
    page = site.page(browser, audit, "Kim")
    page.keyboard.type("reachab+")
    page.evaluate(
        "form => { for (let i = 0; i < 3; i++) document.getElementById('labels').requestSubmit() }"
    )
    page.get_by_text("1 of").wait_for()
    assert site.labels(audit, "Kim") == [[("service.reachability", "positive")]]
    page.context.close()


def test_touch_suffices(site: Site, browser: Browser) -> None:
    audit = site.drawn()
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    page = site.page(browser, audit, "Lee", **phone)
    assert page.evaluate("scrollY") == 0  # the comment is what is seen first
    box = page.locator('input[value="wait_time:negative"]')
    box.tap()
    assert page.locator("#seen").inner_text() == "Waiting time −"
    box.tap()  # taken back
    assert page.locator("#seen").inner_text() == "nothing yet"
    page.locator('input[value="general:positive"]').tap()
    sides = page.locator(".sides span").first.bounding_box()
    assert sides is not None
    assert min(sides["width"], sides["height"]) >= 40
    page.get_by_role("button", name="Done, next").tap()
    page.wait_for_url("**as=Lee")
    page.get_by_text("1 of").wait_for()
    assert site.labels(audit, "Lee") == [[("general", "positive")]]
    page.context.close()
    assert site.trouble == []


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(390, "dark", "de-DE"), (1280, "light", "en-GB")]
)
def test_the_views_suit_everybody(
    site: Site, browser: Browser, width: int, scheme: str, locale: str
) -> None:
    audit = site.drawn()
    how: Any = {
        "viewport": {"width": width, "height": 800},
        "color_scheme": scheme,
        "locale": locale,
    }
    page = site.page(browser, audit, "Kim", **how)
    labelling = page.url
    project = labelling.partition("/audit/")[0]
    for path in (
        labelling,
        f"{labelling}&at=3",
        f"{labelling}&at=999",
        f"{project}/audit",
        f"{project}/models",
    ):
        page.goto(path)
        for closed in page.locator("main summary").all():
            closed.click()
        assert faults(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.locator("h1").count() == 1, path
    page.context.close()
    assert site.trouble == []
