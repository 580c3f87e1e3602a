"""What lies in a model's folder, before any of it is loaded: configuration, weights, model card, hash."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warum_models.errors import WeightsError

_READ = ("*.json", "*.txt", "*.model", "*.safetensors", "README.md")
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5", "*.msgpack")
# Without these transformers makes a tokenizer up, which knows no word.
_VOCABULARIES = ("tokenizer.json", "vocab.txt", "vocab.json", "*.model", "tekken.json")
_TRANSFORMER = "Transformer"
_DEFAULT_LANGUAGES = frozenset({"de", "en"})


@dataclass(frozen=True)
class Module:
    """One step of a sentence encoder, as its `modules.json` lists them.

    Attributes:
        kind: Name of its class, as "Pooling".
        path: Its folder.
    """

    kind: str
    path: Path


@dataclass(frozen=True)
class ModelFolder:
    """A model on disk, its configuration read and its weights known to be safetensors.

    Attributes:
        root: The folder itself.
        network: Where the transformer's files lie: the root or a folder below it.
        config: The content of the network's `config.json`.
        modules: Steps of a sentence encoder, in order; none if there is no `modules.json`.
        digest: First 16 hex digits of the SHA-256 over all files that a reading depends on.
        languages: ISO 639-1 codes that the model card names; German and English where it names none.
    """

    root: Path
    network: Path
    config: dict[str, Any]
    modules: tuple[Module, ...]
    digest: str
    languages: frozenset[str]


def open_folder(name: str) -> ModelFolder:
    """Find a model's folder, fetching it from the hub where the name is no folder, and check it.

    Args:
        name: A folder, or a name on the Hugging Face hub ("owner/model"); with HF_HUB_OFFLINE=1 the hub's models
            are taken from the local cache only.

    Raises:
        WeightsError: If there is no such model, a file of it is missing or broken, or its weights are
            pickles.
    """
    root = _root(name)
    modules = _modules(root)
    network = next((m.path for m in modules if m.kind == _TRANSFORMER), root)
    config_file = network / "config.json"
    if not config_file.is_file():
        raise WeightsError(
            f"There is no config.json in {str(network)!r}: give the folder that `save_pretrained` of "
            "transformers or `save` of sentence-transformers wrote. (An adapter alone is no model: merge it "
            "into its base first.)"
        )
    config = read_json(config_file)
    _refuse_pickles(network)
    if not any(path for pattern in _VOCABULARIES for path in network.glob(pattern)):
        raise WeightsError(
            f"There is no vocabulary in {str(network)!r}: expected tokenizer.json. Save the tokenizer beside the "
            "model, or fetch the model again."
        )
    return ModelFolder(
        root=root,
        network=network,
        config=config,
        modules=modules,
        digest=_digest(root, modules),
        languages=_languages(root / "README.md"),
    )


def read_json(path: Path) -> dict[str, Any]:
    """A JSON file that holds an object.

    Raises:
        WeightsError: If it is unreadable or holds something else.
    """
    found = _json(path)
    if not isinstance(found, dict):
        raise WeightsError(
            f"{str(path)!r} holds {type(found).__name__}, expected a JSON object: save the model again."
        )
    return found


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever the file holds
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(
            f"{str(path)!r} is no readable JSON ({error}): save or fetch the model again."
        ) from None


def _root(name: str) -> Path:
    folder = Path(name).expanduser()
    named = bool(name.strip())
    if named and folder.is_dir():
        return folder
    if named and folder.exists():
        raise WeightsError(f"{name!r} is a file: give the folder that holds the model.")
    looks_like_a_path = (
        name.startswith((".", "~")) or folder.is_absolute() or "\\" in name or name.count("/") > 1
    )
    if looks_like_a_path or not named:
        raise WeightsError(
            f"There is no folder {name!r}: give a folder with a model in it, or a name on the Hugging "
            "Face hub such as 'owner/model'."
        )
    return _fetched(name)


def _fetched(name: str) -> Path:
    import huggingface_hub

    try:
        found = huggingface_hub.snapshot_download(
            name, allow_patterns=list(_READ), ignore_patterns=["onnx/*", "openvino/*"]
        )
    except Exception as error:
        raise WeightsError(
            f"There is no folder {name!r}, and the Hugging Face hub gives no model of that name: "
            f"{first_line(error)} Check the name and the connection; without one, give the folder of a "
            "model fetched before."
        ) from None
    return Path(found)


def _modules(root: Path) -> tuple[Module, ...]:
    path = root / "modules.json"
    if not path.is_file():
        return ()
    entries = _json(path)
    try:
        found = tuple(Module(e["type"].rpartition(".")[2], root / e["path"]) for e in entries)
        if not all(module.path.resolve().is_relative_to(root.resolve()) for module in found):
            raise ValueError
        return found
    except (TypeError, KeyError, AttributeError, ValueError):
        raise WeightsError(
            f"{str(path)!r} holds {str(entries)[:80]!r}, expected a list of modules with 'type' and 'path' (inside "
            "the folder): save or fetch the model again."
        ) from None


def _refuse_pickles(folder: Path) -> None:
    if any(folder.glob("*.safetensors")):
        return
    pickles = sorted(p.name for pattern in _PICKLES for p in folder.glob(pattern))
    if not pickles:
        raise WeightsError(
            f"There are no weights in {str(folder)!r}: expected model.safetensors. Save or fetch the "
            "model again."
        )
    raise WeightsError(
        f"{str(folder)!r} holds its weights as {', '.join(pickles)} only; such files can run any program when "
        "they are opened, so only safetensors are loaded. If you trust where it comes from, load it in "
        "transformers and save it again with `save_pretrained`, which writes model.safetensors."
    )


def _digest(root: Path, modules: tuple[Module, ...]) -> str:
    folders = dict.fromkeys((root, *(module.path for module in modules)))
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted({p for pattern in _READ for p in folder.glob(pattern) if p.is_file()}):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path.relative_to(root).as_posix()}\0{digest}\n".encode())
    return total.hexdigest()[:16]


def _languages(card: Path) -> frozenset[str]:
    """The languages in the head of a model card; a card that cannot be read names none."""
    if not card.is_file():
        return _DEFAULT_LANGUAGES
    from huggingface_hub import metadata_load

    try:
        named = (metadata_load(card) or {}).get("language") or []
    except Exception:
        return _DEFAULT_LANGUAGES
    named = [named] if isinstance(named, str) else named
    words = {word.lower() for word in named if isinstance(word, str)}
    codes = frozenset(word for word in words if len(word) == 2)
    # Cards say "multilingual" beside a list that need not be complete.
    return codes if codes and codes == words else codes | _DEFAULT_LANGUAGES


def first_line(error: BaseException) -> str:
    """The first line of an error's message, ended like a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].rstrip(".:, ") + "."
