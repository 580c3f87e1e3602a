"""The Dockerfile and the compose file say what the program knows; no engine is needed to see that."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))


def test_the_image_is_slim_and_not_root() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert all(stage.endswith("-slim") for stage in stages)
    last = DOCKERFILE.rpartition("FROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert "torch" not in last
    assert "HEALTHCHECK" in last


def test_what_is_installed_and_copied_is_there() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (extras,) = re.findall(r'"\.\[(.*?)\]"', DOCKERFILE)
    assert set(extras.split(",")) <= set(project["optional-dependencies"])
    for line in re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE):
        for name in line.split():
            assert (ROOT / name).exists(), name


def test_settings_in_both_files_are_known() -> None:
    pytest.importorskip("fastapi", reason="needs warum[api]")
    from warum_api.settings import PREFIX, Settings

    named = set(re.findall(rf"\b{PREFIX}(\w+)", DOCKERFILE))
    for service in COMPOSE["services"].values():
        named |= {n.removeprefix(PREFIX) for n in service["environment"] if n.startswith(PREFIX)}
    known = {name.upper() for name in Settings.model_fields}
    assert {name.removesuffix("_FILE") for name in named} <= known


def test_secrets_and_volumes_are_declared() -> None:
    for service in COMPOSE["services"].values():
        assert set(service["secrets"]) <= COMPOSE["secrets"].keys()
        assert {v.partition(":")[0] for v in service["volumes"]} <= COMPOSE["volumes"].keys()
    assert all("127.0.0.1" in port for port in COMPOSE["services"]["service"]["ports"])
