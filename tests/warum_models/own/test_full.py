"""Fine-tuning of the whole network: thawed as it was, taught, and read back without torch."""

from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from warum_models.encoder import EncoderReader
from warum_models.encoder_weights import LABEL_PARTS, load_weights
from warum_models.errors import WeightsError
from warum_models.own import fingerprint, load, save
from warum_models.own.card import write_card
from warum_models.own.crossed_tuning import Order
from warum_models.own.fitting import Fitted, fit_full
from warum_models.own.full import FullSettings, TunedBase
from warum_models.own.gold import Gold, gold_of
from warum_models.own.material import gather
from warum_models.own.storing import CONFIG, TUNED, read_config
from warum_models.own.study import finished, study
from warum_models.own.tuned import FOLDER, load_tuned
from warum_models.protocol import Label, Passage, Reading

for package in ("torch", "transformers", "onnx"):
    pytest.importorskip(package, reason=f"fine-tuning needs {package}: install the extra `train`")

import torch  # noqa: E402

from tests.warum_models.own.small_network import KNOWN, small_weights  # noqa: E402
from warum_models.own.lessons import collate, make_lessons  # noqa: E402
from warum_models.own.thawing import first_rows, parameters, thaw  # noqa: E402
from warum_models.own.tuning import Pace, Tuner, label_vectors, passes_for, rate_at, start, tune  # noqa: E402
from warum_models.train.export import export_graphs  # noqa: E402

if TYPE_CHECKING:
    from warum_models.train.network import Network

LABELS = (
    Label("price", "Price", "what it costs"),
    Label("staff", "Personal", "wie nett die leute", language="de"),
    KNOWN[0],
)
CODES = [label.code for label in LABELS]
_PARTS = {
    "price": {"en": ("very expensive", "cheap price"), "de": ("sehr teuer", "preis billig")},
    "staff": {
        "en": ("rude people", "friendly staff"),
        "de": ("leute unfreundlich", "personal nett"),
    },
}
_TAILS = {
    "en": ("today", "on monday", "again", "in the queue"),
    "de": ("heute", "am montag", "wieder", "schlange"),
}
QUICK = Pace(body=5e-4, head=4e-3, label=1e-2, table=4e-3, budget=120)
SETTINGS = FullSettings(epochs=8, device="cpu")


def _passage(text: str, language: str) -> Passage:
    cuts = [0, *(i + 1 for i, sign in enumerate(text) if sign == ","), len(text)]
    return Passage(text, language, tuple((a, b) for a, b in pairwise(cuts)))


def _toys() -> Iterator[tuple[Passage, set[tuple[str, str | None]]]]:
    """Comments of which a few words say which label they hold, and whether it is praised."""
    for language, tails in _TAILS.items():
        for tail in tails:
            for side, polarity in ((0, "negative"), (1, "positive")):
                price, staff = (_PARTS[code][language][side] for code in ("price", "staff"))
                yield _passage(f"{price} {tail}", language), {("price", polarity)}
                yield _passage(f"{tail} {staff}", language), {("staff", polarity)}
                both = {("price", polarity), ("staff", polarity)}
                yield _passage(f"{price}, {staff} {tail}", language), both
                yield _passage(f"{tail} {side}", language), set()


@dataclass(frozen=True)
class Toy:
    """A small network with its weights on disk, comments and labels."""

    folder: Path
    network: Network
    passages: list[Passage]
    gold: Gold
    base: EncoderReader


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Tiny networks gain nothing by more threads, which wait for each other on busy machines."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    passages, judgements = zip(*_toys(), strict=True)
    folder = tmp_path_factory.mktemp("weights") / "accurate"
    network = small_weights(folder, [p.text for p in passages])
    base = EncoderReader(load_weights(folder), LABELS)
    return Toy(folder, network, list(passages), gold_of(judgements, CODES), base)


@pytest.fixture(scope="module")
def tuned(toy: Toy) -> TunedBase:
    return Tuner(toy.folder, QUICK)(
        toy.passages, toy.gold, LABELS, toy.base, SETTINGS, lambda *_: None
    )


@pytest.fixture(scope="module")
def fitted(toy: Toy) -> Fitted:
    material = gather(toy.passages, toy.gold, CODES, toy.base)
    order = Order(Tuner(toy.folder, QUICK), LABELS, toy.base, replace(SETTINGS, epochs=1))
    assert "4 networks on 64 texts" in order.announced(material)
    return fit_full(material, order)


def _same(one: Reading, other: Reading) -> bool:
    return all(
        np.array_equal(a, b)
        for a, b in [
            (one.presence, other.presence), (one.document, other.document), (one.found.polarity, other.found.polarity),
            (one.found.start, other.found.start), (one.found.end, other.found.end),
        ]
    )  # fmt: skip


def test_a_graph_gives_back_its_parameters(toy: Toy, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        export_graphs(toy.network, tmp_path)
    found = parameters(tmp_path / "reader.onnx") | parameters(tmp_path / "labels.onnx")
    wanted = {
        n: v.numpy() for n, v in toy.network.state_dict().items() if n not in ("tables.weight", "own.weight")
    }  # fmt: skip
    kinds = "body.embeddings.token_type_embeddings.weight"
    wanted[kinds] = wanted[kinds][:1]
    assert set(found) == set(wanted)
    for name, value in wanted.items():
        assert np.allclose(found[name], value, atol=1e-6), name


def test_what_was_stored_in_8_bits_comes_back_nearly(toy: Toy) -> None:
    before, after = toy.network.state_dict(), thaw(toy.folder, 2).state_dict()
    for name, value in after.items():
        if name == "own.weight":
            assert not value.any()
            continue
        was = before[name][: len(value)] if value.ndim else before[name]
        # 7 bits with a scale of its own for every output.
        assert (value - was).abs().max() <= was.abs().max() / 60 + 1e-6, name


def test_the_thawed_network_reads_like_the_graph(toy: Toy) -> None:
    network, texts = start(toy.folder, LABELS)
    vectors = label_vectors(network, texts)
    weights = load_weights(toy.folder)
    with torch.no_grad():
        made = network.head.labels(vectors + network.own.weight[: len(LABELS)])
        for passage in toy.passages[::5]:
            ((part,),) = toy.base.raw([passage])
            rows = part.pieces.rows + first_rows(weights)[passage.language]
            ids = torch.from_numpy(rows)[None]
            mask = torch.ones_like(ids, dtype=torch.bool)
            tokens = network.encode(ids, mask)
            read = network.head(
                tokens,
                mask,
                {n: v[None] for n, v in made.items()},
                torch.zeros(1, dtype=torch.long),
            )
            told = network.documents(tokens, mask, torch.zeros(1, dtype=torch.long))
            assert np.allclose(part.presence[0], read.presence[0], atol=0.15)
            assert np.allclose(part.polarity[0], read.polarity[0], atol=0.05)
            assert np.allclose(part.told["emotion"], told["emotion"][0], atol=0.05)
            mean = tokens[0].mean(dim=0).numpy()
            likeness = mean @ part.mean / np.linalg.norm(mean) / np.linalg.norm(part.mean)
            assert likeness > 0.99


def test_known_labels_keep_what_is_known_of_them(toy: Toy) -> None:
    network, texts = start(toy.folder, LABELS)
    assert network.own.weight[2].abs().max() > 0.01
    assert not network.own.weight[:2].any()
    made = network.head.labels(label_vectors(network, texts) + network.own.weight[:3])
    known = load_weights(toy.folder).known
    for name in LABEL_PARTS:
        assert np.allclose(made[name][2].detach(), known[name][0], atol=2e-3), name


def test_lessons_leave_open_what_nobody_said(toy: Toy) -> None:
    weights = load_weights(toy.folder)
    long = _passage("very expensive " + "again " * 400 + "rude people", "en")
    gold = gold_of(
        [{("price", None)}, {("price", "negative"), ("staff", None)}, {("staff", None)}], CODES
    )
    passages = [toy.passages[0], toy.passages[2], long]
    first, second, cut = make_lessons(passages, gold, LABELS, toy.base, weights.packs)
    assert first.present.tolist() == [1, 0, -1]  # nobody labelled the third: it is not unlearned
    assert second.sides[0].tolist() == [1, 0, 0]
    assert second.sides[1].sum() == pytest.approx(
        1, abs=1e-5
    )  # the base's word where the person gave none
    assert [len(columns) for _, columns in second.parts].count(0) < 2
    assert not first.parts
    assert len(cut.ids) == 256
    batch = collate([first, second], np.random.default_rng(1))
    assert batch.present_window[0].tolist() == [-1, -1, -1]
    assert batch.present_window[1].max() <= 1
    assert batch.evidence.shape == (2, 3, batch.ids.shape[1])


def test_the_loss_falls(toy: Toy) -> None:
    weights = load_weights(toy.folder)
    lessons = make_lessons(toy.passages, toy.gold, LABELS, toy.base, weights.packs)
    network, texts = start(toy.folder, LABELS)
    told: list[tuple[int, int]] = []
    losses = tune(network, lessons, texts, SETTINGS, QUICK, lambda *at: told.append(at))
    assert len(losses) == 8
    assert losses[-1] < 0.5 * losses[0]
    assert told[-1][0] == told[-1][1] == len(told)
    assert not network.training


def test_what_is_taught_is_learnt(toy: Toy, tuned: TunedBase) -> None:
    asked = [
        _passage("the staff is rude", "en"), _passage("cheap price, the people friendly", "en"),
        _passage("heute sehr teuer", "de"), _passage("montag wieder", "de"),
    ]  # fmt: skip
    presence = tuned.read(asked).presence[:, :2]
    assert (presence > 0.5).tolist() == [[False, True], [True, True], [True, False], [False, False]]
    polarity, start_, end = tuned.locate(asked, np.array([0, 1]), np.array([1, 0]))
    assert polarity.argmax(axis=1).tolist() == [0, 2]
    assert (end > start_).all()
    before = toy.base.read(toy.passages).document
    assert (
        np.abs(tuned.read(toy.passages).document - before).max() < 0.1
    )  # what nobody labelled stays


def test_the_same_seed_gives_the_same_network(toy: Toy, tuned: TunedBase) -> None:
    tuner = Tuner(toy.folder, QUICK)
    torch.manual_seed(5)
    chance = torch.get_rng_state()
    again = tuner(toy.passages, toy.gold, LABELS, toy.base, SETTINGS, lambda *_: None)
    assert torch.equal(chance, torch.get_rng_state())
    assert again.version == tuned.version
    assert _same(again.read(toy.passages), tuned.read(toy.passages))
    other = tuner(
        toy.passages,
        toy.gold,
        LABELS,
        toy.base,
        replace(SETTINGS, seed=8, epochs=1),
        lambda *_: None,
    )
    assert other.version != tuned.version


def test_it_is_read_back_without_torch(
    toy: Toy, tuned: TunedBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuned.save(tmp_path)
    for package in ("torch", "transformers", "onnx"):
        monkeypatch.setitem(sys.modules, package, None)
    back = load_tuned(tmp_path)
    assert (back.name, back.version, back.labels) == ("accurate-tuned", tuned.version, tuned.labels)
    assert _same(back.read(toy.passages), tuned.read(toy.passages))
    assert np.array_equal(back.embed(toy.passages[:3]), tuned.embed(toy.passages[:3]))
    alone = [back.read([p]).presence[0] for p in toy.passages[:4]]
    assert np.array_equal(np.stack(alone), tuned.read(toy.passages).presence[:4])


def test_the_model_is_stored_with_its_network(fitted: Fitted, toy: Toy, tmp_path: Path) -> None:
    told = study(fitted)
    model = finished(fitted, told, name="mine", taxonomy="abc")
    card = write_card(model, told)
    assert told.folds == 3
    assert told.curve.gain is None
    assert "fine-tuned anew" in card
    assert "before fine-tuning" in card
    save(model, tmp_path, taxonomy="categories: []\n", card=card)
    assert set(TUNED) <= set(read_config(tmp_path)["sha256"])

    def never(name: str) -> EncoderReader:
        raise AssertionError(name)

    back = load(tmp_path, never)
    assert back.facts.full
    assert fingerprint(toy.passages[0].text) in back.facts.trained_on
    assert _same(back.read(toy.passages), model.read(toy.passages))


@pytest.mark.parametrize("name", ["reader.onnx", "tables.npz", "config.json"])
def test_a_damaged_network_is_refused(fitted: Fitted, tmp_path: Path, name: str) -> None:
    model = finished(fitted, study(fitted), name="mine", taxonomy="abc")
    save(model, tmp_path, taxonomy="", card="")
    path = tmp_path / FOLDER / name
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(WeightsError, match="hash"):
        load(tmp_path, lambda _: model.base)
    path.unlink()
    with pytest.raises(WeightsError, match="missing"):
        load(tmp_path, lambda _: model.base)


def test_another_network_is_refused(fitted: Fitted, tuned: TunedBase, tmp_path: Path) -> None:
    """Whoever swaps network and hashes together is found out by the version."""
    import json

    from warum_models.stored import file_hash

    model = finished(fitted, study(fitted), name="mine", taxonomy="abc")
    save(model, tmp_path, taxonomy="", card="")
    shutil.rmtree(tmp_path / FOLDER)
    tuned.save(tmp_path)
    config = json.loads((tmp_path / CONFIG).read_text("utf-8"))
    config["sha256"] |= {name: file_hash(tmp_path / name) for name in TUNED}
    (tmp_path / CONFIG).write_text(json.dumps(config), "utf-8")
    with pytest.raises(WeightsError, match="train it again"):
        load(tmp_path, lambda _: model.base)


@pytest.mark.parametrize(
    ("texts", "passes"), [(1, 10), (200, 8), (1_500, 5), (10_000, 3), (10**6, 3)]
)
def test_many_texts_need_fewer_passes(texts: int, passes: int) -> None:
    assert passes_for(texts) == passes


@pytest.mark.parametrize("total", [1, 7, 200])
def test_the_rate_rises_and_falls(total: int) -> None:
    rates = [rate_at(step, total) for step in range(total)]
    assert max(rates) <= 1
    assert min(rates) > 0
    assert rates[-1] <= rates[len(rates) // 2]
