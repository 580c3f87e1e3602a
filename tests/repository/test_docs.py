"""What the documents say is what the program does."""

from __future__ import annotations

import doctest
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer

import warum
from warum import cli

ROOT = Path(__file__).parents[2]
USING = (ROOT / "docs" / "using.md").read_text("utf-8")


def _commands() -> dict[str, Any]:
    group: Any = typer.main.get_command(cli.app)
    found = dict(group.commands)
    for name, command in list(found.items()):
        if hasattr(command, "commands"):
            found |= {f"{name} {sub}": child for sub, child in command.commands.items()}
            del found[name]
    return found


COMMANDS = _commands()
if find_spec("fastapi"):
    from warum_api.serving import serve

    _app = typer.Typer(add_completion=False)
    _app.command("serve")(serve)
    COMMANDS["serve"] = typer.main.get_command(_app)

    from warum_api.working.commands import work

    _working = typer.Typer(add_completion=False)
    _working.command("work")(work)
    COMMANDS["work"] = typer.main.get_command(_working)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_is_documented(name: str) -> None:
    assert f"warum {name}" in USING


@pytest.mark.parametrize(
    ("name", "option"),
    [
        (name, option)
        for name, command in sorted(COMMANDS.items())
        for parameter in command.params
        if parameter.param_type_name == "option"
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    ],
)
def test_every_option_is_documented_and_helpful(name: str, option: str) -> None:
    assert re.search(rf"`{option}\b", USING), f"{option} of `warum {name}` is not in docs/using.md"
    parameter = next(p for p in COMMANDS[name].params if option in p.opts)
    assert parameter.help


def test_exit_codes_stand_in_help_and_docs() -> None:
    flat = " ".join(cli.EXIT_CODES.split()).removeprefix("Exit codes: ").rstrip(".")
    assert flat in " ".join(USING.split())


@pytest.mark.parametrize(
    "document", sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").glob("*.md"))
)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text("utf-8")):
        if "://" not in target:
            assert (document.parent / target).exists(), f"{document.name}: {target}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "nlp" / "warum").rglob("*.py")), ids=lambda p: p.stem
)
def test_examples_in_docstrings_run(path: Path) -> None:
    text = path.read_text("utf-8")
    if ">>>" not in text:
        assert text
        return
    name = ".".join(path.relative_to(ROOT / "nlp").with_suffix("").parts).removesuffix(".__init__")
    module = __import__(name, fromlist=["_"])
    assert doctest.testmod(module).failed == 0


def test_python_in_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert blocks
    monkeypatch.chdir(tmp_path)
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_the_version_is_in_the_changelog() -> None:
    assert f"## {warum.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
