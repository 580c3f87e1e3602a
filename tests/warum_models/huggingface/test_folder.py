"""A model's folder before anything is loaded: found, complete, no pickles, hashed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from warum_models.errors import WeightsError
from warum_models.huggingface.folder import open_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of a sentence encoder, their content of no account."""
    root = tmp_path / "model"
    (root / "1_Pooling").mkdir(parents=True)
    (root / "config.json").write_text('{"architectures": ["BertModel"]}')
    (root / "model.safetensors").write_bytes(b"weights")
    (root / "tokenizer.json").write_text("{}")
    (root / "1_Pooling" / "config.json").write_text("{}")
    steps = [{"path": "", "type": "a.Transformer"}, {"path": "1_Pooling", "type": "a.Pooling"}]
    (root / "modules.json").write_text(json.dumps(steps))
    return root


def test_what_is_read(folder: Path) -> None:
    found = open_folder(str(folder))
    assert found.config == {"architectures": ["BertModel"]}
    assert [module.kind for module in found.modules] == ["Transformer", "Pooling"]
    assert found.network == folder
    assert len(found.digest) == 16


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "1_Pooling/config.json"])
def test_the_hash_covers_what_a_reading_depends_on(folder: Path, name: str) -> None:
    before = open_folder(str(folder)).digest
    assert open_folder(str(folder)).digest == before
    with (folder / name).open("a") as file:
        file.write(" ")
    assert open_folder(str(folder)).digest != before


def test_the_hash_is_of_the_content_and_not_of_the_place(folder: Path) -> None:
    before = open_folder(str(folder)).digest
    (folder / "checkpoint-5").mkdir()
    (folder / "checkpoint-5" / "model.safetensors").write_bytes(b"an earlier state")
    moved = folder.rename(folder.with_name("moved"))
    assert open_folder(str(moved)).digest == before


def test_the_network_may_lie_in_a_folder_of_its_own(folder: Path) -> None:
    inner = folder / "0_Transformer"
    inner.mkdir()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (folder / name).rename(inner / name)
    (folder / "modules.json").write_text(
        json.dumps([{"path": "0_Transformer", "type": "a.Transformer"}])
    )
    assert open_folder(str(folder)).network == inner


@pytest.mark.parametrize(
    ("head", "languages"),
    [
        (None, {"de", "en"}),
        ("language: de", {"de"}),
        ("language: [fr, EN]", {"fr", "en"}),
        ("language: [multilingual, fr]", {"de", "en", "fr"}),
        ("license: mit", {"de", "en"}),
        ("language: [", {"de", "en"}),
    ],
)
def test_languages_come_from_the_card(folder: Path, head: str | None, languages: set[str]) -> None:
    if head is not None:
        (folder / "README.md").write_text(f"---\n{head}\n---\n# A model\n")
    assert open_folder(str(folder)).languages == languages


@pytest.mark.parametrize("name", ["./none", "~/none/at/all", "/none", "a/b/c", "x\\y", "", " "])
def test_a_folder_that_is_not_there(name: str) -> None:
    with pytest.raises(WeightsError, match="There is no folder"):
        open_folder(name)


def test_a_file_is_no_folder(folder: Path) -> None:
    with pytest.raises(WeightsError, match="is a file: give the folder"):
        open_folder(str(folder / "config.json"))


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"no config\.json"):
        open_folder(str(tmp_path))


@pytest.mark.parametrize("name", ["config.json", "modules.json"])
@pytest.mark.parametrize("content", ["{", "5", '"x"', '[{"path": 1}]', "\udcff"])
def test_broken_json(folder: Path, name: str, content: str) -> None:
    (folder / name).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(WeightsError, match=r"modules\.json|config\.json") as caught:
        open_folder(str(folder))
    assert "again" in str(caught.value)


def test_a_module_outside_the_folder(folder: Path) -> None:
    (folder / "modules.json").write_text('[{"path": "..", "type": "a.Transformer"}]')
    with pytest.raises(WeightsError, match="inside the folder"):
        open_folder(str(folder))


def test_pickles_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(WeightsError, match=r"pytorch_model\.bin only.*save_pretrained"):
        open_folder(str(folder))


def test_no_weights(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(WeightsError, match=r"no weights.*expected model\.safetensors"):
        open_folder(str(folder))


def test_no_vocabulary(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(WeightsError, match=r"no vocabulary.*tokenizer\.json"):
        open_folder(str(folder))


def test_the_hub_is_asked_for_safe_files_only(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}

    def fetch(name: str, **options: object) -> str:
        asked.update(options, name=name)
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", fetch)
    assert open_folder("owner/model").root == folder
    assert asked["name"] == "owner/model"
    assert not any(".bin" in pattern for pattern in asked["allow_patterns"])  # type: ignore[attr-defined]


def test_the_hub_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    def fetch(name: str, **options: object) -> str:
        raise OSError(f"404: no {name}\nand more")

    monkeypatch.setattr("huggingface_hub.snapshot_download", fetch)
    with pytest.raises(
        WeightsError, match=r"hub gives no model.*404: no owner/model\. Check the name"
    ):
        open_folder("owner/model")
