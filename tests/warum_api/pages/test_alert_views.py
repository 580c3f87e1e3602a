"""Alerts and webhooks on their pages."""

from __future__ import annotations

import re

import pytest

from tests.warum_api.pages.browsing import Browser, Keyed

ASKED = {"url": "https://203.0.114.7/x", "events": "alert.raised", "form": "slack", "language": "de"}  # fmt: skip


def test_without_a_result_alerts_say_what_to_do(visitor: Browser) -> None:
    project = visitor.project()
    page = visitor.go(f"{project}/alerts")
    assert "There is no result yet." in page
    assert "Look for alerts now" not in page
    visitor.send(f"{project}/alerts")
    assert visitor.last.status_code == 409


def _added(visitor: Browser, project: str, **asked: str) -> str:
    page = visitor.send(f"{project}/webhooks", **{**ASKED, **asked})
    found = re.search(rf'href="({project}/webhooks/whk_[0-9a-f]+)"', page)
    assert found, page
    return found[1]


def test_a_webhook_is_added_tested_and_deleted(visitor: Browser) -> None:
    project = visitor.project()
    path = _added(visitor, project)
    secret = re.search(r'class="said"><code>([^<]+)</code>', visitor.last.text)
    assert secret
    page = visitor.go(path)
    assert secret[1] not in page
    for said in (ASKED["url"], "new alert", "Slack message", "None yet."):
        assert said in page
    assert ASKED["url"] in visitor.go(f"{project}/alerts")
    page = visitor.send(f"{path}/test")
    assert "A test is on its way." in page
    assert "waiting" in page
    assert "The webhook is back in use." in visitor.send(f"{path}/enable")
    page = visitor.send(f"{path}/delete")
    assert "The webhook is deleted." in page
    visitor.go(path)
    assert visitor.last.status_code == 404


def test_it_is_told_of_its_project_unless_all_are_meant(visitor: Browser) -> None:
    one, other = visitor.project(), visitor.project()
    path = _added(visitor, one, url="https://203.0.114.8/one")
    everywhere = _added(visitor, one, url="https://203.0.114.9/all", all="yes")
    page = visitor.go(f"{other}/alerts")
    assert ("/one" in page, "/all" in page, "all projects" in page) == (False, True, True)
    visitor.go(path.replace(one, other))
    assert visitor.last.status_code == 404
    visitor.send(path.replace(one, other) + "/delete")
    assert visitor.last.status_code == 404
    visitor.send(everywhere.replace(one, other) + "/delete")
    assert visitor.last.status_code == 200


@pytest.mark.parametrize(
    ("change", "said"),
    [({"url": "https://127.0.0.1/x"}, "127.0.0.1"), ({"events": "other"}, "at least one event"), ({"url": ""}, "")],
)  # fmt: skip
def test_what_is_refused_is_said_and_the_fields_stay(
    visitor: Browser, change: dict[str, str], said: str
) -> None:
    project = visitor.project()
    page = visitor.send(f"{project}/webhooks", **{**ASKED, **change})
    assert visitor.last.status_code == 422
    assert said in page
    assert 'value="slack" checked' in page


def test_who_may_not_change_webhooks_sees_them_only(keyed: Keyed) -> None:
    reader = keyed.other()
    keyed.sign_in(keyed.key().text)
    reader.sign_in(keyed.key("read").text)
    project = keyed.project()
    path = _added(keyed, project)
    page = reader.go(f"{project}/alerts")
    assert ASKED["url"] in page
    assert "Add a webhook" not in page
    for end in ("/test", "/enable", "/delete"):
        reader.send(path + end)
        assert reader.last.status_code == 403
