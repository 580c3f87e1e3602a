"""Tiny models on disk, loaded by transformers: what is read, from where, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.warum_models.huggingface import tiny
from warum_models.errors import WeightsError
from warum_models.huggingface import load_huggingface
from warum_models.huggingface.folder import open_folder
from warum_models.huggingface.network import Network, load_network
from warum_models.protocol import Passage, Reader, Reading

torch = pytest.importorskip("torch", reason="needs torch: pip install 'warum[train]'")
transformers = pytest.importorskip(
    "transformers", reason="needs transformers: pip install 'warum[train]'"
)
pytestmark = pytest.mark.usefixtures("one_thread")

DEVICES = [
    "cpu",
    pytest.param(
        "cuda",
        marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    ),
]
MAKERS: dict[str, Callable[[Path], Path]] = {
    "pairs": lambda p: tiny.save_classifier(p, tiny.PAIRS, problem="multi_label_classification"),
    "sentiment": lambda p: tiny.save_classifier(p, tiny.SENTIMENTS),
    "roberta": lambda p: tiny.save_roberta(p, tiny.PAIRS),
    "gpt": lambda p: tiny.save_gpt(p, tiny.NLI),
    "inference": lambda p: tiny.save_classifier(p, tiny.NLI),
    "encoder": tiny.save_encoder,
    "cls encoder": lambda p: tiny.save_encoder(p, pooling={"pooling_mode_cls_token": True}),
}
TEXTS = (
    "Der Preis ist sehr teuer, aber das Personal nett.", "x", "the staff", "sehr sehr sehr lange",
    "friendly staff but waiting", "😡", "\x00\x07", "Цена высокая", "价格太贵了", "\ud83d", "!!!", "1 2 3",
    "ab " * 100, "very expensive. " * 25, "nett", "teuer", "Nicht teuer", "a" * 150,
)  # fmt: skip


def _passage(text: str, i: int) -> Passage:
    half = len(text) // 2
    segments = ((0, half), (half, len(text))) if half else ((0, len(text)),)
    return Passage(text, "de" if i % 2 else "en", segments)


PASSAGES = [_passage(text, i) for i, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("models")
    return {name: make(root / name.replace(" ", "_")) for name, make in MAKERS.items()}


@pytest.fixture
def copied(models: dict[str, Path], tmp_path: Path) -> Callable[[str], Path]:
    """A model's folder to damage."""
    return lambda name: Path(shutil.copytree(models[name], tmp_path / "copy"))


def _rows(reading: Reading) -> list[tuple[Any, ...]]:
    """Everything that is said of each comment, exactly."""
    found = reading.found
    return [
        (
            reading.presence[i].tolist(),
            reading.document[i].tolist(),
            [
                (part[found.comment == i]).tolist()
                for part in (found.label, found.confidence, found.polarity, found.start, found.end)
            ],
        )
        for i in range(len(reading.document))
    ]


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", list(MAKERS))
def test_a_comment_never_depends_on_its_batch(
    models: dict[str, Path], name: str, device: str
) -> None:
    def fresh() -> Reader:
        return load_huggingface(str(models[name]), tiny.LABELS, device=device)

    reader = fresh()
    alone = [row for passage in PASSAGES for row in _rows(reader.read([passage]))]
    reader = fresh()
    by_seven = [
        row for i in range(0, len(PASSAGES), 7) for row in _rows(reader.read(PASSAGES[i : i + 7]))
    ]
    assert by_seven == alone
    assert _rows(fresh().read(PASSAGES[::-1]))[::-1] == alone
    flat = np.array([row[1] for row in alone])
    assert np.allclose(flat.sum(axis=1), 1, atol=1e-5)
    assert flat.std(axis=0).max() > 0.01, "the tiny model says the same of every text"


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("name", ["pairs", "sentiment", "roberta"])
def test_a_classifier_says_what_transformers_says(
    models: dict[str, Path], name: str, device: str
) -> None:
    folder = str(models[name])
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).to(device)
    pipeline = transformers.pipeline(
        "text-classification", model=model, tokenizer=folder, device=device, top_k=None
    )
    text = TEXTS[0]
    expected = {found["label"]: found["score"] for found in pipeline([text])[0]}
    reader = load_huggingface(folder, tiny.LABELS, device=device)
    reading = reader.read([Passage(text, "de", ((0, len(text)),))])
    if name == "sentiment":
        said = [expected[label] for label in tiny.SENTIMENTS]
        assert reading.document[0] == pytest.approx(said, abs=1e-5)
        assert reader.labels == ("price", "staff", "wait_time")
        assert reading.presence.max() == 0
        return
    both = (expected["price/negative"], expected["price/positive"])
    price = max(both) if name == "pairs" else sum(both)
    assert reading.presence[0, 0] == pytest.approx(price, abs=1e-5)


@pytest.mark.parametrize("name", ["inference", "gpt"])
def test_inference_says_what_transformers_says(models: dict[str, Path], name: str) -> None:
    folder = str(models[name])
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)

    def entailed(hypothesis: str) -> float:
        with torch.no_grad():
            inputs = tokenizer(TEXTS[0], hypothesis, return_tensors="pt")
            known = {k: v for k, v in inputs.items() if k in tokenizer.model_input_names}
            return float(model(**known).logits.softmax(-1)[0, 2])

    expected = [
        max(entailed("Der Text beschwert sich über Preis."), entailed("Der Text lobt Preis.")),
        max(
            entailed("Der Text beschwert sich über Personal."), entailed("Der Text lobt Personal.")
        ),
    ]
    reader = load_huggingface(folder, tiny.LABELS, device="cpu")
    found = reader.read([Passage(TEXTS[0], "de", ((0, len(TEXTS[0])),))])
    assert found.presence[0, :2] == pytest.approx(expected, abs=1e-5)


def test_vectors_are_those_of_the_encoder(models: dict[str, Path]) -> None:
    folder = str(models["encoder"])
    model = transformers.AutoModel.from_pretrained(folder).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    with torch.no_grad():
        expected = model(**tokenizer(TEXTS[0], return_tensors="pt")).last_hidden_state[0].numpy()
    network = _network(models["encoder"], head=False)
    found = network.states(network.windows([TEXTS[0]]))
    assert found[0] == pytest.approx(expected, abs=1e-5)


def test_the_stated_pooling_is_used(models: dict[str, Path]) -> None:
    mean, cls = (
        load_huggingface(str(models[name]), tiny.LABELS, device="cpu").read(PASSAGES[:1])
        for name in ("encoder", "cls encoder")
    )
    assert not np.allclose(mean.presence, cls.presence, atol=1e-3)


def test_a_layer_of_sentence_transformers(copied: Callable[[str], Path]) -> None:
    from safetensors.numpy import save_file

    folder = copied("encoder")
    (folder / "2_Dense").mkdir()
    tiny.write_modules(folder, [("", "Transformer"), ("2_Dense", "Dense")])
    settings = {"activation_function": "torch.nn.modules.activation.Tanh"}
    (folder / "2_Dense" / "config.json").write_text(json.dumps(settings))
    weights = {
        "linear.weight": np.eye(4, 32, dtype=np.float32),
        "linear.bias": np.zeros(4, np.float32),
    }
    save_file(weights, folder / "2_Dense" / "model.safetensors")
    reader = load_huggingface(str(folder), tiny.LABELS, device="cpu")
    assert np.isfinite(reader.read(PASSAGES[:2]).presence).all()
    weights["linear.weight"] = np.eye(4, 31, dtype=np.float32)
    save_file(weights, folder / "2_Dense" / "model.safetensors")
    with pytest.raises(WeightsError, match="do not fit together"):
        load_huggingface(str(folder), tiny.LABELS, device="cpu")


def _network(folder: Path, *, head: bool = True) -> Network:
    return load_network(open_folder(str(folder)), head=head, device="cpu")


@pytest.mark.parametrize("name", ["pairs", "roberta", "gpt"])
@pytest.mark.parametrize("paired", [False, True])
def test_windows_leave_nothing_out(models: dict[str, Path], name: str, paired: bool) -> None:
    network = _network(models[name])
    text = " ".join(tiny.WORDS[i % 40] for i in range(3000))
    windows = network.windows([text], ["der text lobt preis"] if paired else None)
    assert network.limit == 64
    assert max(window.size for window in windows) == 64
    tokenizer = transformers.AutoTokenizer.from_pretrained(models[name])
    read = [
        tokenizer.convert_ids_to_tokens(w.inputs["input_ids"], skip_special_tokens=True)
        for w in windows
    ]
    read = [tokens[:-4] for tokens in read] if paired else read
    joined = read[0]
    for tokens in read[1:]:
        assert joined[-8:] == tokens[:8], "neighbours overlap by an eighth of the limit"
        joined = joined + tokens[8:]
    assert joined == text.split()


def test_the_end_of_a_long_text_counts(models: dict[str, Path]) -> None:
    reader = load_huggingface(str(models["sentiment"]), tiny.LABELS, device="cpu")
    texts = ["ab " * 17_000, "ab " * 16_000 + "teuer " * 1000]
    found = reader.read([Passage(text, "de", ((0, len(text)),)) for text in texts])
    assert not np.allclose(found.document[0], found.document[1], atol=1e-3)


@pytest.mark.parametrize(("stated", "limit"), [(20, 20), (10**30, 64)])
def test_a_smaller_limit_is_kept(copied: Callable[[str], Path], stated: int, limit: int) -> None:
    folder = copied("encoder")
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"model_max_length": stated}))
    assert _network(folder, head=False).limit == limit
    tiny.write_modules(folder, [("", "Transformer")])
    (folder / "sentence_bert_config.json").write_text('{"max_seq_length": 18}')
    assert _network(folder, head=False).limit == 18


def test_name_and_version(models: dict[str, Path]) -> None:
    folder = str(models["pairs"])
    reader = load_huggingface(folder, tiny.LABELS, device="cpu")
    assert reader.name == f"hf:{folder}"
    assert reader.version == f"1.{open_folder(folder).digest}"
    assert reader.languages == {"de", "en"}
    assert reader.labels == ("price", "staff", "wait_time")
    some = load_huggingface(
        folder, [*tiny.LABELS, tiny.LABELS[0].__class__("z", "Z", "z")], device="cpu"
    )
    assert some.labels == reader.labels, (
        "a classifier has no output for a category it was not trained on"
    )


def test_a_model_in_the_cache_is_read_offline(
    models: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub

    revision = "0123456789abcdef0123456789abcdef01234567"
    stored = tmp_path / "models--owner--tiny"
    shutil.copytree(models["pairs"], stored / "snapshots" / revision)
    (stored / "refs").mkdir()
    (stored / "refs" / "main").write_text(revision)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
    reader = load_huggingface("owner/tiny", tiny.LABELS, device="cpu")
    assert reader.name == "hf:owner/tiny"
    assert (
        reader.version == load_huggingface(str(models["pairs"]), tiny.LABELS, device="cpu").version
    )
    with pytest.raises(WeightsError, match="gives no model of that name"):
        load_huggingface("owner/unknown", tiny.LABELS)


def test_pickles_are_not_opened(copied: Callable[[str], Path]) -> None:
    folder = copied("pairs")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"not to be opened")
    with pytest.raises(WeightsError, match="can run any program"):
        load_huggingface(str(folder), tiny.LABELS)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model_type": "never_heard_of"}, "cannot be loaded by transformers"),
        ({"model_type": None}, "cannot be loaded by transformers"),
        ({"hidden_size": 48}, "cannot be loaded by transformers"),
        ({"num_hidden_layers": 3}, "which would be random"),
        ({"num_hidden_layers": "many"}, "cannot be loaded by transformers"),
        ({"max_position_embeddings": 8}, "loaded|only 8 tokens"),
        ({"id2label": {"0": "price", "1": "staff"}}, "loaded|outputs"),
    ],
)
def test_a_config_that_does_not_belong(
    copied: Callable[[str], Path], changes: dict[str, Any], message: str
) -> None:
    folder = tiny.edit_config(copied("pairs"), **changes)
    with pytest.raises(WeightsError, match=message) as caught:
        load_huggingface(str(folder), tiny.LABELS, device="cpu")
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"x" * 100, None])
def test_damaged_weights(copied: Callable[[str], Path], content: bytes | None) -> None:
    folder = copied("pairs")
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000] if content is None else content)
    with pytest.raises(WeightsError, match="again"):
        load_huggingface(str(folder), tiny.LABELS, device="cpu")


def test_weights_that_are_no_numbers(copied: Callable[[str], Path]) -> None:
    folder = copied("pairs")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder)
    torch.nn.init.constant_(model.classifier.weight, float("nan"))
    model.save_pretrained(folder)
    with pytest.raises(WeightsError, match="no numbers"):
        load_huggingface(str(folder), tiny.LABELS, device="cpu")


def test_a_head_that_was_never_trained(copied: Callable[[str], Path]) -> None:
    folder = copied("encoder")
    tiny.edit_config(
        folder,
        architectures=["BertForSequenceClassification"],
        id2label={"0": "negative", "1": "positive"},
    )
    with pytest.raises(WeightsError, match=r"lack classifier.*would be random"):
        load_huggingface(str(folder), tiny.LABELS, device="cpu")


def test_a_missing_tokenizer(copied: Callable[[str], Path]) -> None:
    folder = copied("pairs")
    for path in (*folder.glob("tokenizer*"), *folder.glob("vocab*")):
        path.unlink()
    with pytest.raises(WeightsError, match="no vocabulary"):
        load_huggingface(str(folder), tiny.LABELS, device="cpu")


def test_a_tokenizer_of_another_model(copied: Callable[[str], Path]) -> None:
    folder = copied("pairs")
    path = folder / "tokenizer.json"
    tokenizer = json.loads(path.read_text("utf-8"))
    vocabulary = tokenizer["model"]["vocab"]
    vocabulary["warum"] = len(vocabulary) + 500
    path.write_text(json.dumps(tokenizer))
    with pytest.raises(WeightsError, match="does not belong to its weights"):
        load_huggingface(str(folder), tiny.LABELS, device="cpu")


@pytest.mark.parametrize("device", ["cuda:99", "typewriter"])
def test_an_unknown_device(models: dict[str, Path], device: str) -> None:
    with pytest.raises(WeightsError, match=f"no device '{device}' here"):
        load_huggingface(str(models["pairs"]), tiny.LABELS, device=device)


def test_no_labels(models: dict[str, Path]) -> None:
    with pytest.raises(ValueError, match="no labels"):
        load_huggingface(str(models["pairs"]), [])


def test_the_settings_of_transformers_are_left_alone(
    models: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    logging = transformers.utils.logging
    before = (logging.get_verbosity(), logging.is_progress_bar_enabled())
    load_huggingface(str(models["encoder"]), tiny.LABELS, device="cpu")
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == before
    printed = capsys.readouterr()
    assert printed.out + printed.err == ""
