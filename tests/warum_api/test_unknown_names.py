"""Names in the settings that nothing has are said before anything is started."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from warum.defaults import load_model
from warum.errors import ModelError, UsageError
from warum.taxonomy import load_taxonomy
from warum_api.settings import Settings
from warum_api.unknown_names import check_model, doubtful


@pytest.mark.parametrize("name", ["nix", "", "Auto", "no/such/folder"])
def test_a_model_that_is_not_there_is_refused_in_the_words_of_the_library(name: str) -> None:
    with pytest.raises(UsageError, match="auto, accurate, fast, nothing") as refused:
        check_model(name)
    assert refused.value.exit_code == 2
    with pytest.raises(ModelError) as told:
        load_model(name, load_taxonomy())
    assert refused.value.message == told.value.message


def test_models_and_folders_and_those_of_the_hub_pass(tmp_path: Path) -> None:
    for name in ("auto", "accurate", "fast", "nothing", str(tmp_path), "hf:somebody/model"):
        check_model(name)


@pytest.mark.parametrize("command", ["serve", "work"])
def test_the_commands_refuse_it_before_they_begin(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import typer

    from warum_api.serving import serve
    from warum_api.working.commands import work

    app = typer.Typer()
    app.command()(serve if command == "serve" else work)
    monkeypatch.setenv("WARUM_MODEL", "nix")
    found = CliRunner().invoke(app)
    assert isinstance(found.exception, UsageError)
    assert "There is no model 'nix'" in str(found.exception)
    assert not list(Path().iterdir())  # no data folder was made


def test_variables_that_are_no_setting_are_said_in_one_line() -> None:
    names = ["PATH", "WARUM_CONFIG", "WARUM_WORKER_OWNER"]
    for name in Settings.model_fields:
        names += [f"WARUM_{name.upper()}", f"WARUM_{name.upper()}_FILE"]
    assert doubtful(names) is None
    said = "WARUM_MODLE (was WARUM_MODEL meant?) is no setting and is ignored."
    assert doubtful([*names, "WARUM_MODLE"]) == said
    both = doubtful(["WARUM_ZZZZ", "WARUM_DATABASE_URL_FIEL"]) or ""
    assert both.startswith("WARUM_DATABASE_URL_FIEL (was WARUM_DATABASE_URL_FILE meant?), WARUM_ZZZZ are")  # fmt: skip


def test_asking_for_a_name_loads_no_model() -> None:
    code = "import sys, warum_api.unknown_names; sys.exit('onnxruntime' in sys.modules or 'spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
