"""Who is signed in, and that no other page can act for them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.warum_api.pages.browsing import CSV, Browser, Keyed, new_app
from warum_api.guarding.keys import revoke_key
from warum_api.pages.sessions import SECONDS
from warum_api.pages.signing import Signer, signer_of
from warum_api.pages.visits import SESSION
from warum_api.settings import Settings


def _cookie(answer: object, name: str) -> str:
    told = answer.headers.get_list("set-cookie")  # type: ignore[attr-defined]
    return next((one for one in told if one.startswith(f"{name}=")), "")


def test_who_is_not_signed_in_is_led_there_and_back(keyed: Keyed) -> None:
    page = keyed.go("/projects/new?x=1")
    assert keyed.last.url.path == "/sign-in"
    assert "<h1>Sign in</h1>" in page
    key = keyed.key()
    keyed.send("/sign-in", key=key.text, back="/projects/new?x=1")
    assert str(keyed.last.url).endswith("/projects/new?x=1")
    assert keyed.last.status_code == 200
    page = keyed.send("/sign-out")
    assert "You are signed out." in page
    assert keyed.ask("GET", "/projects").headers["location"].startswith("/sign-in")
    assert "You are signed out." not in keyed.go("/sign-in")


def test_the_session_cookie_is_shut_to_scripts_and_other_sites(keyed: Keyed) -> None:
    key = keyed.key()
    for base, secure in (("http://localhost", False), ("https://warum.example", True)):
        browser = Browser(keyed.app, base)
        browser.go("/sign-in")
        sent = {"token": browser.token, "key": key.text, "back": "/"}
        told = _cookie(browser.ask("POST", "/sign-in", data=sent), SESSION)
        for flag in ("HttpOnly", "SameSite=strict", f"Max-Age={SECONDS}", "Path=/"):
            assert flag in told
        assert ("Secure" in told) is secure


def test_behind_a_proxy_that_ends_tls_cookies_are_secure_too(keyed: Keyed) -> None:
    answer = keyed.ask("GET", "/sign-in", headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in _cookie(answer, "warum_visit")


def test_the_key_is_in_no_address_cookie_or_log(
    keyed: Keyed, capsys: pytest.CaptureFixture[str]
) -> None:
    key = keyed.key().text
    page = keyed.sign_in(key)
    wrong = keyed.send("/sign-in", key=key[:-1] + "!", back="/")
    told = capsys.readouterr()
    for text in (page, wrong, str(dict(keyed.cookies)), str(keyed.last.url), told.out, told.err):
        assert key[20:40] not in text
    assert "path=/sign-in" in told.out + told.err or "/sign-in" in told.out + told.err
    assert key[20:40] not in keyed.ask("GET", "/metrics").text


@pytest.mark.parametrize(
    "wrong", ["", "x", "warum_" + "0" * 12 + "_" + "x" * 43, "ey.e30.x", "ä" * 62]
)
def test_wrong_keys_open_nothing(keyed: Keyed, wrong: str) -> None:
    keyed.go("/sign-in")
    page = keyed.send("/sign-in", key=wrong, back="/projects")
    assert keyed.last.status_code == 401
    assert "unknown, expired or taken back" in page
    assert SESSION not in keyed.cookies


def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    keyed = Browser(new_app(tmp_path, auth="keys"))
    keyed.go("/sign-in")
    for _ in range(31):
        keyed.send("/sign-in", key="x", back="/")
    assert keyed.last.status_code == 429
    assert "Too many requests" in keyed.last.text


def test_a_session_ends_with_its_key(keyed: Keyed) -> None:
    key = keyed.key()
    assert "<h1>Projects</h1>" in keyed.sign_in(key.text)
    with keyed.database() as database, database.writing() as connection:
        revoke_key(keyed.tenant, connection, key.key.id, who="test")
    assert "<h1>Sign in</h1>" in keyed.go("/projects")


def test_a_session_ends_after_its_time(keyed: Keyed, monkeypatch: pytest.MonkeyPatch) -> None:
    keyed.sign_in(keyed.key().text)
    assert keyed.ask("GET", "/projects").status_code == 200
    later = time.time() + SECONDS + 1
    monkeypatch.setattr("warum_api.pages.signing.time.time", lambda: later)
    assert keyed.ask("GET", "/projects").status_code == 303


@pytest.mark.parametrize(
    "change", [lambda t: t[:-2] + "xx", lambda t: "x" + t, lambda _: "ä.ö", lambda _: "."]
)
def test_a_session_that_is_not_ours_is_none(keyed: Keyed, change: object) -> None:
    keyed.sign_in(keyed.key().text)
    told = keyed.cookies[SESSION]
    header = f"{SESSION}={change(told)}".encode()  # type: ignore[operator]
    keyed.cookies.clear()
    assert keyed.ask("GET", "/projects", headers={b"Cookie": header}).status_code == 303


def test_another_secret_signs_another_session(tmp_path: Path) -> None:
    one, other = Signer(b"1" * 16), Signer(b"2" * 16)
    told = one.session("a", "key_1", 60)
    assert one.session_of(told) == ("a", "key_1")
    assert other.session_of(told) is None
    assert not other.is_token(one.token("x"), "x")
    with pytest.raises(ValueError, match="15 bytes"):
        Signer(b"1" * 15)
    given = Settings.model_validate({"session_secret": "s" * 16, "data": tmp_path / "none"})
    assert signer_of(given).token("x") == Signer(b"s" * 16).token("x")
    assert not (tmp_path / "none").exists()


def test_the_secret_of_the_data_folder_is_made_once_and_private(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    assert signer_of(settings).token("x") == signer_of(settings).token("x")
    (file,) = (tmp_path / "data").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(file.read_bytes()) == 32


def test_where_no_secret_can_be_kept_the_process_has_its_own(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings = Settings(data=blocked)
    assert signer_of(settings).token("x") != signer_of(settings).token("x")


def test_forms_of_other_pages_are_refused(visitor: Browser) -> None:
    project = visitor.project()
    token = visitor.token
    other = Browser(visitor.app)
    other.go("/projects")
    wrong = [
        (visitor, {}, {}),
        (visitor, {"token": "x"}, {}),
        (visitor, {"token": other.token}, {}),
        (other, {"token": token}, {}),
        (visitor, {"token": token}, {"Sec-Fetch-Site": "cross-site"}),
        (visitor, {"token": token}, {"Sec-Fetch-Site": "same-site"}),
        (Browser(visitor.app), {"token": token}, {}),
    ]
    for who, fields, headers in wrong:
        for path in (
            "/settings",
            "/delete",
            "/erase",
            "/jobs",
            "/taxonomy",
            "/webhooks",
            "/alerts",
        ):
            answer = who.ask(
                "POST", project + path, data={**fields, "name": "Shop"}, headers=headers
            )
            assert answer.status_code == 403, (path, fields, headers)
            assert "does not come from this page" in answer.text
    for method, path in (("POST", "/uploads"), ("PATCH", "/uploads/upl_1")):
        for headers in ({}, {"X-Form-Token": other.token}):
            how = {"headers": {"Accept": "application/json", "Upload-Offset": "0", **headers}}
            answer = visitor.ask(method, project + path, json={"name": "x.csv"}, **how)
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign_form")
    assert "Shop" in visitor.go("/projects")
    assert "Saved" in visitor.send(f"{project}/settings", name="Shop 2")


def test_every_form_route_asks_for_the_token(visitor: Browser) -> None:
    """Also those that other modules of the room add."""
    from fastapi.routing import APIRoute, iter_route_contexts

    asked = 0
    for context in iter_route_contexts(visitor.app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or route.path.startswith("/v1/"):
            continue
        for method in sorted((route.methods or set()) - {"GET", "HEAD"}):
            path = route.path.replace("{", "").replace("}", "")
            answer = visitor.ask(method, path, headers={"Upload-Offset": "0"}, json={"name": "x"})
            assert answer.status_code == 403, (method, route.path, answer.status_code)
            asked += 1
    assert asked > 15


def test_scopes_hold_on_pages(keyed: Keyed) -> None:
    admin, reader, writer = keyed, keyed.other(), keyed.other()
    admin.sign_in(keyed.key().text)
    reader.sign_in(keyed.key("read").text)
    writer.sign_in(keyed.key("read", "write").text)
    project = admin.project()
    page = reader.go(f"{project}/settings")
    assert "needs a key with the scope admin" in page
    assert "New project" not in reader.go("/projects")
    for browser, path in (
        (reader, "/settings"),
        (reader, "/jobs"),
        (writer, "/delete"),
        (writer, "/erase"),
    ):
        page = browser.send(project + path, name="Shop")
        assert browser.last.status_code == 403
        assert "Your key does not allow this" in page
    assert "Saved." in writer.send(f"{project}/settings", name="Shop")


def test_tenants_are_kept_apart_on_pages(keyed: Keyed) -> None:
    a, b = keyed, keyed.other(f"{keyed.tenant}-b")
    a.sign_in(a.key().text)
    b.sign_in(b.key().text)
    project = a.project("ONLY-FOR-A")
    upload = a.upload(project, "ONLY-FOR-A.csv", CSV)
    a.send(f"{project}/jobs")
    job = str(a.last.url.path)
    assert "ONLY-FOR-A" in a.go(upload)
    assert "ONLY-FOR-A" not in b.go("/projects")
    own = b.project("mine")
    looked = ["/upload", "/taxonomy", "/taxonomy.yaml", "/alerts", "/settings", "/webhooks/new"]
    paths = [*(project + p for p in looked), upload, f"{upload}/state", job, f"{job}/state"]
    paths += [own + job.removeprefix(project), own + upload.removeprefix(project)]
    for path in paths:
        page = b.go(path)
        assert b.last.status_code == 404, path
        assert "ONLY-FOR-A" not in page
    for path in ("/settings", "/delete", "/erase", "/jobs", "/taxonomy", "/alerts"):
        fields = {
            "name": "ONLY-FOR-A",
            "erased": "a",
            "which": "customer",
            "sure": "y",
            "use": "cx",
        }
        b.send(project + path, **fields)
        assert b.last.status_code == 404, path
    for path in (f"{upload}/columns", f"{upload}/delete", f"{job}/cancel", f"{job}/retry"):
        b.send(path)
        assert b.last.status_code == 404, path
    assert "ONLY-FOR-A" in a.go("/projects")
    assert "waiting" in a.go(job)
