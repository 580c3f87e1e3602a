"""Settings come from a file, the environment and the command line, and are checked once."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from warum.errors import UsageError
from warum_api.settings import Settings, is_loopback, load_settings, secret


class WithSecret(Settings):
    database_password: SecretStr | None = None


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "warum.yaml"
    file.write_text("port: 1\nworkers: 2\nmodel: fast\n")
    environment = {"WARUM_PORT": "3", "WARUM_WORKERS": "4", "PATH": "x", "WARUM_NO_SETTING": "1"}
    found = load_settings(Settings, environment, file, given={"port": 5, "host": None})
    assert (found.port, found.workers, found.model, found.host) == (5, 4, "fast", "127.0.0.1")


def test_the_environment_may_name_the_file(tmp_path: Path) -> None:
    file = tmp_path / "warum.yaml"
    file.write_text("log_format: console\n")
    assert load_settings(Settings, {"WARUM_CONFIG": str(file)}).log_format == "console"
    file.write_text("")
    assert load_settings(Settings, {"WARUM_CONFIG": str(file)}) == Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prot: 1", "no setting 'prot'"),
        ("rate_limit: 5/s", "'5/s', expected such as 600/minute"),
        ("webhook_networks: 10.0.0.1/8", "'webhook_networks'.*host bits"),
        ("port: many", "'port'"),
        ("port: 70000", "'port'"),
        ("[1]", "expected settings"),
        ("{", "no readable YAML"),
        ("host: 0.0.0.0", "loopback only"),
        ("auth: none", "'auth'"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "warum.yaml"
    file.write_text(text)
    with pytest.raises(UsageError, match=said):
        load_settings(Settings, {}, file)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no\.yaml"):
        load_settings(Settings, {}, tmp_path / "no.yaml")


def test_secrets_come_from_the_environment_or_a_file_and_never_from_yaml(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("hush\n")
    from_file = load_settings(WithSecret, {"WARUM_DATABASE_PASSWORD_FILE": str(file)})
    assert secret(from_file.database_password) == "hush"
    told = load_settings(WithSecret, {"WARUM_DATABASE_PASSWORD": "hush"})
    assert secret(told.database_password) == "hush"
    assert "hush" not in repr(told)
    assert secret(None) is None
    yaml = tmp_path / "warum.yaml"
    yaml.write_text("database_password: hush")
    with pytest.raises(UsageError, match="database_password") as refused:
        load_settings(WithSecret, {}, yaml)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("[::1]", True), ("LOCALHOST", True),
        ("::ffff:127.0.0.1", True), ("0.0.0.0", False), ("::", False), ("10.0.0.1", False),
        ("localhost.evil.example", False), ("", False), ("2130706433", False),
    ],
)  # fmt: skip
def test_what_is_loopback(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_every_setting_is_described() -> None:
    assert [n for n, f in Settings.model_fields.items() if not f.description] == []


def test_every_setting_is_documented() -> None:
    told = (Path(__file__).parents[2] / "docs" / "service.md").read_text("utf-8").splitlines()
    for name, field in Settings.model_fields.items():
        default = "" if field.default is None else str(field.default)
        default = default.lower() if isinstance(field.default, bool) else default
        assert f"| `{name}` | {default} | {field.description} |" in told
