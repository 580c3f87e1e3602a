"""The recipe of the encoder: language packs, training, and what is shipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import yaml

from warum_models import fast_tables
from warum_models.encoder import EncoderReader
from warum_models.encoder_weights import label_vectors, load_weights
from warum_models.fast import FastReader
from warum_models.pieces import make_tokenizer
from warum_models.protocol import Label
from warum_models.train import (
    cascade_weights,
    encoder_cards,
    fast_weights,
    fit,
    language_pack,
    measure,
    real,
    ship,
    tasks,
    vectors,
)
from warum_models.train.batches import Encoder
from warum_models.train.labelbank import (
    CODES,
    LabelBank,
    held_out_taxonomies,
    own_taxonomies,
    unseen_views,
    views,
)
from warum_models.train.language_pack import Pack
from warum_models.train.network import Network
from warum_models.train.tasks import Task

SEED = 3
HELD_OUT = ("authored", real.SOURCE, "sb10k", "goemotions", "banking77")
MORE_PAIRS = ("bcontrast_dev", "bcontrast_test")


class Recipe:
    """All steps, each going on from the files of the one before.

    Args:
        data: Folder of the public data.
        teacher: Folder of all-MiniLM-L6-v2.
        work: Folder for checkpoints.
        taxonomy: YAML file of `cx`.
    """

    def __init__(self, data: Path, teacher: Path, work: Path, taxonomy: Path) -> None:
        self._data, self._teacher, self._work = data, teacher, work
        self._cx = cx_labels(taxonomy)
        work.mkdir(parents=True, exist_ok=True)

    def make_packs(self) -> None:
        """Vocabulary and table of both languages: `pack_en.npz` and `pack_de.npz`."""
        pairs, unseen = self._pairs()
        lexicon = vectors.dictionary(self._data)
        words = [(german, found[0]) for german, found in lexicon.items()]
        own = [t.text for t in tasks.authored() if t.language == "de"]
        tweets = [t.text for t in tasks.sb10k(self._data)]
        pieces = language_pack.learn_vocabulary([g for g, _ in pairs + words] + own * 3 + tweets)
        english = language_pack.english_pack(self._teacher)
        english.save(self._work / "pack_en.npz")
        start = language_pack.start_table(pairs + words, pieces, english)
        pack = Pack(pieces, start)
        encode = vectors.Checkpoint(self._work, vectors.Teacher(self._teacher)).encode
        shown = pairs + words[::2]
        goals = _unit(encode([e for _, e in shown]))
        pack = language_pack.distil(
            shown, goals, pack, self._teacher, self._work / "pack_de.npz", passes=1
        )
        found = language_pack.retrieval(
            unseen, _unit(encode([e for _, e in unseen])), pack, self._teacher
        )
        print(f"  top-1 retrieval among {len(unseen):,} unseen sentences: {found:.3f}", flush=True)

    def train(self, passes: int) -> None:
        """The network: `network.pt`, resumed where it stopped."""
        encoder, bank, network = self._network()
        train, held_out = split(self.tasks())
        authored = [t for t in train if tasks.under_cx(t) or t.source == "own"]
        watch = measure.Watch(encoder.encode(held_out), bank, encoder)
        fit.fit(
            network, encoder.encode([*train, *tasks.evidences(authored)]), bank, encoder, fit.Settings(passes=passes),
            self._work / "network.pt", watch,
        )  # fmt: skip

    def ship(self, out: Path) -> None:
        """The network in 8 bits, from `network.pt`."""
        encoder, _, network = self._trained()
        held_out = encoder.encode(self._held_out())
        ship.ship(network, self._packs(), encoder, self._labels(), held_out, out / "accurate")

    def words(self, out: Path) -> None:
        """The tables of `fast`; the network says what pieces and the labels' descriptions mean."""
        encoder, bank, network = self._trained()
        train, _ = split(self.tasks())
        authored = [t for t in train if tasks.under_cx(t) or t.source == "own"]
        encoded = encoder.encode([*train, *tasks.evidences(authored)])
        marks, first = [], 0
        for pack in self._packs().values():
            marks.append((first, pack.pieces.index("[CLS]"), pack.pieces.index("[SEP]")))
            first += len(pack.pieces)
        pieces = fit.piece_vectors(network, marks)
        meant = fit.label_vectors(network, bank, encoder)
        fast_weights.write(encoded, bank, meant, pieces, self._labels(), out / "fast")

    def calibrate(self, out: Path) -> None:
        """Probabilities and thresholds of both, and what the words count beside the network."""
        taxonomies, held_out, cx = unseen_taxonomies(), self._held_out(), self._labels()
        names = {_taxonomy(t) for t in held_out if t.source == "own"}
        weights = load_weights(out / "accurate")
        vectors = {n: label_vectors(weights, taxonomies[n]) for n in sorted(names)}
        print(
            "  fast",
            fast_weights.calibrated(out / "fast", cx, vectors, held_out, taxonomies),
            flush=True,
        )
        print(
            "  accurate",
            ship.add_words(out / "accurate", out / "fast", cx, held_out, taxonomies),
            flush=True,
        )

    def cascade(self, out: Path) -> None:
        """When `auto` sends a comment on."""
        weights, tables = load_weights(out / "accurate"), fast_tables.load_weights(out / "fast")

        def make(labels: Sequence[Label]) -> tuple[FastReader, EncoderReader]:
            words = FastReader(tables, labels, label_vectors(weights, labels))
            return words, EncoderReader(weights, labels, words)

        held_out = self._held_out()
        made = cascade_weights.write(
            make, self._labels(), held_out, unseen_taxonomies(), out / "auto"
        )
        for point in made["curve"]:
            print(f"  {point}", flush=True)
        print(f"  limit {made['limit']}", flush=True)

    def cards(self, out: Path) -> None:
        """The model cards."""
        for name in ("accurate", "fast"):
            encoder_cards.write(out / name, self._data)

    def tasks(self) -> list[Task]:
        """Everything that is trained or measured on, in a fixed order."""
        data = self._data
        return [
            *tasks.authored(), *tasks.own(), *tasks.phrases(),
            *tasks.mams(data, tasks.evaluation_texts(data)), *tasks.sb10k(data), *tasks.vader(data),
            *tasks.goemotions(data), *tasks.shah(data), *real.labelled(data), *real.banking77(data),
        ]  # fmt: skip

    def _packs(self) -> dict[str, Pack]:
        return {x: Pack.load(self._work / f"pack_{x}.npz") for x in ("en", "de")}

    def _labels(self) -> list[Label]:
        """The known labels as they are read, in the order of `CODES`."""
        by_code = {x.code: x for x in self._cx if x.language == "en"}
        return [by_code[c] for c in CODES]

    def _held_out(self) -> list[Task]:
        """What calibration and limits are fitted on; the real comments once more, under codebooks never seen."""
        found = [t for t in split(self.tasks())[1] if t.source not in ("goemotions", "banking77")]
        return [
            *found,
            *real.under_views([t for t in found if t.source == real.SOURCE], unseen_views()),
        ]

    def _trained(self) -> tuple[Encoder, LabelBank, Network]:
        encoder, bank, network = self._network()
        state = torch.load(self._work / "network.pt", weights_only=True)
        network.load_state_dict(state["network"])
        return encoder, bank, network

    def _network(self) -> tuple[Encoder, LabelBank, Network]:
        packs = self._packs()
        tokenizers = {
            x: make_tokenizer(pack.pieces, strip_accents=x == "en") for x, pack in packs.items()
        }
        encoder = Encoder(tokenizers, {"en": 0, "de": len(packs["en"].pieces)})
        tables = torch.tensor(np.concatenate([pack.table for pack in packs.values()]))
        bank = LabelBank(self._cx, own_taxonomies(), real.intents(self._data), views())
        return encoder, bank, Network(self._teacher, tables, len(CODES))

    def _pairs(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Sentence pairs to learn from, and a thousand to measure on."""
        found = dict.fromkeys(vectors.pairs(self._data))
        for name in MORE_PAIRS:
            path = self._data / "parallel_de_en" / f"{name}.de-en.tsv"
            for line in path.read_text("utf-8").splitlines():
                german, _, english = line.partition("\t")
                if german and english:
                    found[german, english] = None
        every = list(found)
        unseen = set(np.random.default_rng(SEED).choice(len(every), 1000, replace=False).tolist())
        return (
            [p for i, p in enumerate(every) if i not in unseen],
            [p for i, p in enumerate(every) if i in unseen],
        )


def cx_labels(path: Path) -> list[Label]:
    """The categories of `cx` in English and German."""
    found = yaml.safe_load(path.read_text("utf-8"))["categories"]
    return [
        Label(
            c["code"], c["title"][x], c["description"][x],
            tuple(c.get("examples", {}).get(x, ())), x,
        )
        for c in found
        for x in ("en", "de")
    ]  # fmt: skip


def unseen_taxonomies() -> dict[str, list[Label]]:
    """Labels of the small taxonomies and of the other codebooks that are for calibration alone."""
    return own_taxonomies() | {
        name: [label for label, _ in held] for name, held in unseen_views().items()
    }


def split(every: Sequence[Task]) -> tuple[list[Task], list[Task]]:
    """What is trained on, and what calibration and thresholds are fitted on.

    Held out are a tenth of the authored and of the labelled real comments, some small taxonomies as a whole, and a
    tenth of the tweets, of the emotions and of the intents.
    """
    kept = held_out_taxonomies()
    train: list[Task] = []
    held_out: list[Task] = []
    for task in every:
        one_in_ten = task.source in HELD_OUT and task.fold == 0
        aside = _taxonomy(task) in kept if task.source == "own" else one_in_ten
        (held_out if aside else train).append(task)
    # A sentence of a held-out review that was put together from sentences is not trained on by itself either.
    reviews = "\n".join(t.text for t in held_out if t.source == real.SOURCE)
    return [
        t for t in train if t.source not in (real.SOURCE, "vader") or t.text not in reviews
    ], held_out


def _taxonomy(task: Task) -> str:
    return task.known[0].rpartition(":")[0]


def _unit(values: np.typing.NDArray[np.float32]) -> np.typing.NDArray[np.float32]:
    scaled: np.typing.NDArray[np.float32] = values / np.linalg.norm(values, axis=1, keepdims=True)
    return scaled
