"""`warum keys create`, `list`, `rotate` and `revoke`."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.conftest import Outcome
from warum import cli
from warum.errors import UsageError, WarumError
from warum_api.guarding.commands import keys_app
from warum_api.guarding.keys import open_with
from warum_api.storing.audit_log import list_events
from warum_api.storing.database import Database, in_folder, now


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WARUM_DATA", str(tmp_path))
    return tmp_path


def _keys(*arguments: str) -> Result:
    result = CliRunner().invoke(keys_app, arguments)
    if isinstance(result.exception, WarumError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result


def _opens(folder: Path, text: str) -> bool:
    database = Database(in_folder(folder))
    with database.reading() as connection:
        found = open_with(connection, text, now(connection)) is not None
    database.close()
    return found


def test_a_key_from_its_making_to_its_end(folder: Path) -> None:
    made = _keys("create", "help desk", "--scope", "read", "--scope", "write")
    text = made.stdout.strip()
    assert _opens(folder, text)
    assert "only time" in made.stderr
    listed = _keys("list").stdout
    key_id, prefix, scopes, state, used, name = listed.strip().split("\t")
    assert text.startswith(prefix.rstrip("…"))
    assert text not in listed
    assert (scopes, state, used, name) == ("read+write", "open", "never used", "help desk")
    new = _keys("rotate", key_id, "--overlap-days", "3").stdout.strip()
    assert _opens(folder, text)
    assert _opens(folder, new)
    assert "until" in _keys("list").stdout
    _keys("revoke", key_id)
    assert not _opens(folder, text)
    assert "revoked" in _keys("list").stdout
    database = Database(in_folder(folder))
    with database.reading() as connection:
        assert [event.who for event in list_events("default", connection)] == ["cli"] * 3
    database.close()


def test_tenants_have_their_own_keys(folder: Path) -> None:
    _keys("create", "one", "--tenant", "acme", "--expires-days", "9")
    assert _keys("list").stdout == ""
    key_id = _keys("list", "--tenant", "acme").stdout.split("\t")[0]
    with pytest.raises(UsageError, match="'default' has no key"):
        _keys("revoke", key_id)
    with pytest.raises(UsageError, match="'default' has no key"):
        _keys("rotate", key_id)


@pytest.mark.parametrize("name", ["", "  "])
def test_a_key_without_a_name_is_refused(folder: Path, name: str) -> None:
    with pytest.raises(UsageError, match="expected what it is for"):
        _keys("create", name)
    assert _keys("list").stdout == ""


def test_a_misspelt_variable_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARUM_DTA", "x")
    assert "WARUM_DTA (was WARUM_DATA meant?) is no setting" in _keys("list").stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["--scope", "root"], "scope is 'root'"), (["--tenant", "a/b"], "tenant is 'a/b'")],
)
def test_what_cannot_be_meant_is_said(folder: Path, arguments: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        _keys("create", "x", *arguments)


def test_the_command_line_has_the_group(
    folder: Path, monkeypatch: pytest.MonkeyPatch, call: Callable[..., Outcome]
) -> None:
    entry = EntryPoint("keys", "warum_api.guarding.commands:keys_app", "warum.commands")
    monkeypatch.setattr(cli, "entry_points", lambda **_: [entry])
    for kind in ("registered_groups", "registered_commands"):
        monkeypatch.setattr(cli.app, kind, list(getattr(cli.app, kind)))
    made = call("keys", "create", "desk")
    assert made.code == 0, made.err
    assert _opens(folder, made.out.strip())
    refused = call("keys", "revoke", "key_none")
    assert (refused.code, refused.err.splitlines()[0]) == (
        2, "warum: The tenant 'default' has no key 'key_none' that still opens.",
    )  # fmt: skip


def test_options_are_explained() -> None:
    for command in keys_app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__
