"""A language pack: a vocabulary of another language, with an embedding table for a body that stays as it is.

The body is that of all-MiniLM-L6-v2 (Apache 2.0), which knows English only. First the table is fitted so that
the mean of a German sentence's token embeddings equals that of its English translation; then, through the
frozen body, so that the German sentence lies where the English one lies (distillation after Reimers and
Gurevych 2020, here into the embedding table alone).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.pieces import make_tokenizer, tokenizer_rules

Floats = npt.NDArray[np.float32]
PIECES = 24_000
LONGEST = 96  # tokens of a training sentence
SEED = 7
# Signs that customers write; each is one token, started as the mean of the words of its Unicode name.
EMOJI = tuple(
    "😀😃😄😁😆😅😂🤣😊😇🙂🙃😉😌😍🥰😘😋😛😜🤪🤗🤭🤫🤔🤐🤨😐😑😶😏😒🙄😬🤥😔😪😴😷🤒🤕🤢🤮🤧🥵🥶😵🤯🤠🥳😎🤓🧐😕😟🙁"
    "😮😯😲😳🥺😦😧😨😰😥😢😭😱😖😣😞😓😩😫🥱😤😡😠🤬😈👿💀💩🤡👻😺💋💔❤🧡💛💚💙💜🖤🤍💕💖💗💯💢💥💪👍👎👌✌🤞🤟🤘👏🙌🙏"
    "👋🤝✋🖕👊🤦🤷🎉🎊🏆🥇⭐🌟✨🔥💸💰💶💳📱📞☎📦🚚🚂🚆🚌🚋🚗🚕✈⏰⏳🕐✅❌❗❓⚠🚫🆘☹☺♥🍕🍔🍟☕🍺🍷🎂😻🤩🥲🫠🫶🥴🤑😹👀"
)


def learn_vocabulary(texts: Iterable[str], size: int = PIECES) -> list[str]:
    """WordPiece vocabulary of the texts, the emoji among it; special tokens first."""
    from tokenizers import Tokenizer, models, trainers

    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # noqa: S106 - a token, no password
    tokenizer.normalizer, tokenizer.pre_tokenizer = tokenizer_rules()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=size - len(EMOJI), min_frequency=2, special_tokens=special, limit_alphabet=220,
        initial_alphabet=list("abcdefghijklmnopqrstuvwxyzäöüß0123456789.,;:!?-'\"()€%&/"),
        show_progress=False,
    )  # fmt: skip
    # A word seen once teaches no piece that others do not; without them the merges take a tenth of the time.
    counts = Counter(re.findall(r"\w+|[^\w\s]", " ".join(texts).lower()))
    kept = (" ".join([word] * min(n, 500)) for word, n in counts.items() if n > 1)
    tokenizer.train_from_iterator(kept, trainer)
    vocabulary = tokenizer.get_vocab()
    ranked = sorted(vocabulary, key=lambda piece: vocabulary[piece])
    return ranked + [sign for sign in EMOJI if sign not in set(ranked)]


def emoji_rows(pieces: Sequence[str], table: Floats) -> Floats:
    """An embedding for each of `EMOJI`: the mean of the pieces of its Unicode name; (len(EMOJI), d)."""
    tokenizer = make_tokenizer(pieces, strip_accents=True)
    rows = []
    for sign in EMOJI:
        name = unicodedata.name(sign, "sign").lower()
        ids = tokenizer.encode(name, add_special_tokens=False).ids
        rows.append(table[ids].mean(axis=0))
    return np.stack(rows)


@dataclass
class Pack:
    """A language's vocabulary and embedding table.

    Attributes:
        pieces: Word pieces, the first four special.
        table: Their embeddings, float32 (v, 384).
    """

    pieces: list[str]
    table: Floats

    def save(self, path: Path) -> None:
        """Store as npz."""
        np.savez(path, pieces=np.array(self.pieces), table=self.table)

    @classmethod
    def load(cls, path: Path) -> Pack:
        """Load what `save` stored."""
        with np.load(path, allow_pickle=False) as stored:
            return cls(stored["pieces"].tolist(), stored["table"])


def english_pack(teacher: Path) -> Pack:
    """The teacher's own vocabulary and table, with the emoji behind."""
    from transformers import AutoModel

    pieces = (teacher / "vocab.txt").read_text("utf-8").splitlines()
    table = (
        AutoModel.from_pretrained(str(teacher)).embeddings.word_embeddings.weight.detach().numpy()
    )
    new = [sign for sign in EMOJI if sign not in set(pieces)]
    rows = emoji_rows(pieces, table)
    kept = [EMOJI.index(sign) for sign in new]
    return Pack(pieces + new, np.concatenate([table, rows[kept]]).astype(np.float32))


def start_table(
    pairs: Sequence[tuple[str, str]], german: Sequence[str], english: Pack, passes: int = 6
) -> Floats:
    """Step one: German tokens whose mean is the English mean, for every pair; (v, 384)."""
    import torch

    torch.manual_seed(SEED)
    rows_de = _ids(make_tokenizer(german), [g for g, _ in pairs])
    rows_en = _ids(make_tokenizer(english.pieces, strip_accents=True), [e for _, e in pairs])
    kept = np.array([i for i in range(len(pairs)) if rows_de[i] and rows_en[i]])
    fixed = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(english.table), mode="mean")
    spread = float(english.table.std())
    table = torch.nn.EmbeddingBag(len(german), english.table.shape[1], mode="mean")
    torch.nn.init.normal_(table.weight, mean=0.0, std=spread * 0.2)
    _copy_shared(table.weight.data, german, english)
    optimizer = torch.optim.Adam(table.parameters(), lr=3e-3)
    generator = np.random.default_rng(SEED)
    batch = 1024
    for turn in range(passes):
        order = generator.permutation(kept)
        for group in optimizer.param_groups:
            group["lr"] = 3e-3 * (1 - turn / passes)
        total, steps = 0.0, 0
        for begin in range(0, len(order), batch):
            index = order[begin : begin + batch]
            with torch.no_grad():
                goal = fixed(*_bag(rows_en, index))
            loss = ((table(*_bag(rows_de, index)) - goal) ** 2).sum(-1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, steps = total + float(loss.detach()), steps + 1
        print(f"  table, pass {turn + 1} of {passes}: {total / steps:.4f}", flush=True)
    fitted: Floats = table.weight.detach().numpy()
    return fitted


def _copy_shared(weight: Any, german: Sequence[str], english: Pack) -> None:  # noqa: ANN401
    """Special tokens, numbers, marks, emoji and equal words start where English has them."""
    import torch

    row = {piece: i for i, piece in enumerate(english.pieces)}
    for i, piece in enumerate(german):
        if piece in row:
            weight[i] = torch.tensor(english.table[row[piece]])


def _ids(tokenizer: Any, texts: Sequence[str]) -> list[list[int]]:  # noqa: ANN401
    return [e.ids for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]


def _bag(rows: Sequence[list[int]], index: npt.NDArray[np.int64]) -> tuple[Any, Any]:
    import torch

    flat = torch.tensor(np.concatenate([np.array(rows[i]) for i in index]))
    return flat, torch.tensor(np.cumsum([0, *[len(rows[i]) for i in index[:-1]]]))


def distil(
    pairs: Sequence[tuple[str, str]],
    goals: Floats,
    pack: Pack,
    teacher: Path,
    checkpoint: Path,
    passes: int = 3,
    rate: float = 1e-3,
) -> Pack:
    """Step two: through the frozen body, German sentences move to where their translations are.

    Args:
        pairs: n pairs (German, English).
        goals: Unit sentence embeddings of the English sides, (n, 384).
        pack: Start.
        teacher: Folder of the body.
        checkpoint: Where each pass is stored.
        passes: Passes over the pairs.
        rate: First learning rate, falling linearly to a twentieth.
    """
    import torch
    from transformers import AutoModel

    torch.manual_seed(SEED)
    body = AutoModel.from_pretrained(str(teacher)).eval().requires_grad_(False)
    table = torch.nn.Embedding.from_pretrained(torch.tensor(pack.table), freeze=False)
    optimizer = torch.optim.Adam(table.parameters(), lr=rate)
    encoded = make_tokenizer(pack.pieces).encode_batch([g for g, _ in pairs])
    ids = [e.ids[:LONGEST] for e in encoded]
    generator = np.random.default_rng(SEED)
    batch = 128
    steps = passes * (len(ids) // batch)
    step = 0
    for turn in range(passes):
        total = 0.0
        batches = _batches_by_length(ids, batch, generator)
        for index in batches:
            for group in optimizer.param_groups:
                group["lr"] = rate * max(0.05, 1 - step / steps)
            found = _embed(body, table, [ids[i] for i in index])
            goal = torch.tensor(goals[index])
            similarity = found @ goal.T
            contrast = torch.nn.functional.cross_entropy(similarity * 20, torch.arange(len(index)))
            squared = ((found - goal) ** 2).sum(-1).mean()
            loss = 1 - similarity.diagonal().mean() + squared + 0.5 * contrast
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += float(similarity.diagonal().mean().detach())
            step += 1
            if step % 100 == 0:
                print(
                    f"  step {step} of {steps}: cosine {float(similarity.diagonal().mean().detach()):.4f}",
                    flush=True,
                )
        print(
            f"  distilled, pass {turn + 1} of {passes}: mean cosine {total / len(batches):.4f}",
            flush=True,
        )
        pack = Pack(pack.pieces, table.weight.detach().numpy().copy())
        pack.save(checkpoint)
    return pack


def _batches_by_length(
    ids: Sequence[list[int]], batch: int, generator: np.random.Generator
) -> list[npt.NDArray[np.int64]]:
    """Shuffled batches of sentences of nearly equal length, so that little is padding."""
    lengths = np.array([len(i) for i in ids]) + generator.random(len(ids)) * 3
    order = np.argsort(lengths)
    cut = [order[b : b + batch] for b in range(0, len(order) - batch + 1, batch)]
    return [cut[i] for i in generator.permutation(len(cut))]


def _embed(body: Any, table: Any, ids: Sequence[list[int]]) -> Any:  # noqa: ANN401
    import torch

    longest = max(len(i) for i in ids)
    padded = torch.zeros((len(ids), longest), dtype=torch.long)
    mask = torch.zeros((len(ids), longest))
    for row, tokens in enumerate(ids):
        padded[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
    hidden = body(inputs_embeds=table(padded), attention_mask=mask).last_hidden_state
    mean = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    return torch.nn.functional.normalize(mean, dim=-1)


def retrieval(pairs: Sequence[tuple[str, str]], goals: Floats, pack: Pack, teacher: Path) -> float:
    """Share of German sentences whose translation is the nearest of all English ones given."""
    import torch
    from transformers import AutoModel

    body = AutoModel.from_pretrained(str(teacher)).eval()
    table = torch.nn.Embedding.from_pretrained(torch.tensor(pack.table))
    ids = [e.ids[:LONGEST] for e in make_tokenizer(pack.pieces).encode_batch([g for g, _ in pairs])]
    found = np.zeros((len(ids), goals.shape[1]), dtype=np.float32)
    order = np.argsort([len(i) for i in ids])
    with torch.inference_mode():
        for begin in range(0, len(order), 128):
            rows = order[begin : begin + 128]
            found[rows] = _embed(body, table, [ids[i] for i in rows]).numpy()
    return float((np.argmax(found @ goals.T, axis=1) == np.arange(len(ids))).mean())
