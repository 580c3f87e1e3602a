"""A transformer and its tokenizer: texts in, logits or token vectors out, without any padding.

Only what belongs to one text is ever computed together, and of that only windows of equal length. So no text's
numbers depend on its neighbours: not by padding, and not by the order in which a matrix product of another
size would sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt

from warum_models.errors import WeightsError
from warum_models.huggingface.folder import ModelFolder, first_line, read_json

Doubles = npt.NDArray[np.float64]

LONGEST = 512
"""Most tokens of a window, whatever the model could take: attention's cost grows with their square."""
_SHORTEST = 16
_TOGETHER = 16  # windows computed at a time
_ENDLESS = 10**6  # tokenizers without a limit state 10**30


@dataclass(frozen=True)
class Window:
    """A stretch of a text that the network reads at once.

    Attributes:
        sample: Which of the texts asked for it belongs to.
        inputs: Token numbers and what else the network takes, a list each, all of the same length.
    """

    sample: int
    inputs: dict[str, list[int]]

    @property
    def size(self) -> int:
        """Number of tokens, special ones included."""
        return len(self.inputs["input_ids"])


class Network:
    """A transformer in evaluation mode.

    Args:
        model: Model of transformers, on its device.
        tokenizer: Its fast tokenizer.
        limit: Most tokens of a window.
        origin: Where it comes from, for messages.
    """

    def __init__(self, model: Any, tokenizer: Any, limit: int, origin: str) -> None:  # noqa: ANN401
        self._model = model
        self._tokenizer = tokenizer
        self._lock = Lock()  # a fast tokenizer refuses a second thread while its truncation is set
        self.limit = limit
        self.origin = origin

    def windows(self, texts: Sequence[str], pairs: Sequence[str] | None = None) -> list[Window]:
        """Cut texts into overlapping windows; nothing is left out.

        Args:
            texts: Texts, as they are.
            pairs: A second text for each, which stands whole in every window.

        Returns:
            Windows in order; none for a text without tokens.
        """
        cleaned = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        with self._lock:
            encoded = self._tokenizer(
                cleaned,
                list(pairs) if pairs is not None else None,
                truncation="only_first" if pairs is not None else True,
                max_length=self.limit,
                stride=self.limit // 8,
                return_overflowing_tokens=True,
                padding=False,
            )
        names = [name for name in self._tokenizer.model_input_names if name in encoded]
        return [
            Window(sample, {name: list(encoded[name][i]) for name in names})
            for i, sample in enumerate(encoded["overflow_to_sample_mapping"])
            if encoded["input_ids"][i]
        ]

    def count(self, text: str) -> int:
        """Tokens of a text, special ones included."""
        with self._lock:
            return len(self._tokenizer(text, truncation=False)["input_ids"])

    def logits(self, windows: Sequence[Window]) -> Doubles:
        """Outputs of the head; (w, width)."""
        rows = [output.logits for output in self._run(windows)]
        return self._finite(np.stack([np.asarray(row, dtype=np.float64) for row in rows]))

    def states(self, windows: Sequence[Window]) -> list[Doubles]:
        """Vectors of the last layer; for each window (tokens, d)."""
        return [
            self._finite(np.asarray(output.last_hidden_state, dtype=np.float64))
            for output in self._run(windows)
        ]

    def _finite(self, values: Doubles) -> Doubles:
        if not np.isfinite(values).all():
            raise WeightsError(
                f"{self.origin!r} gives values that are no numbers: its weights are damaged; fetch or save "
                "them again."
            )
        return values

    def _run(self, windows: Sequence[Window]) -> list[Any]:
        """One output per window; those of equal length go together."""
        by_size: dict[int, list[int]] = {}
        for i, window in enumerate(windows):
            by_size.setdefault(window.size, []).append(i)
        # Models that look for the last token that is no padding refuse to read two without a padding token.
        together = 1 if getattr(self._model.config, "pad_token_id", None) is None else _TOGETHER
        outputs: list[Any] = [None] * len(windows)
        for places in by_size.values():
            for first in range(0, len(places), together):
                chunk = places[first : first + together]
                for i, output in zip(
                    chunk, self._forward([windows[j] for j in chunk]), strict=True
                ):
                    outputs[i] = output
        return outputs

    def _forward(self, windows: Sequence[Window]) -> list[_Output]:
        import torch

        device = self._model.device
        inputs = {
            name: torch.tensor([window.inputs[name] for window in windows], device=device)
            for name in windows[0].inputs
        }
        with torch.inference_mode():
            found = self._model(**inputs, return_dict=True)
        logits = getattr(found, "logits", None)
        states = getattr(found, "last_hidden_state", None)
        return [
            _Output(
                None if logits is None else logits[i].float().cpu().numpy(),
                None if states is None else states[i].float().cpu().numpy(),
            )
            for i in range(len(windows))
        ]


@dataclass(frozen=True)
class _Output:
    logits: npt.NDArray[np.float32] | None
    last_hidden_state: npt.NDArray[np.float32] | None


def load_network(folder: ModelFolder, *, head: bool, device: str) -> Network:
    """Load a transformer from its folder: safetensors only, no code of its own, 32-bit floats.

    Args:
        folder: The folder.
        head: Whether it ends in a classifier.
        device: Device of torch.

    Raises:
        WeightsError: If it cannot be loaded, is incomplete, or cannot read.
    """
    import transformers

    where = str(folder.network)
    kind = transformers.AutoModelForSequenceClassification if head else transformers.AutoModel
    with _quiet():
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(
                where, local_files_only=True, trust_remote_code=False
            )
            model, report = kind.from_pretrained(
                where,
                dtype="float32",
                use_safetensors=True,
                local_files_only=True,
                trust_remote_code=False,
                output_loading_info=True,
            )
        except Exception as error:  # whatever its files may make of transformers
            raise WeightsError(
                f"{where!r} cannot be loaded by transformers {transformers.__version__}: "
                f"{type(error).__name__}: {first_line(error)} Fetch or save it again; a model that brings "
                "code of its own is not run."
            ) from None
    _refuse_gaps(where, report, head=head)
    if not tokenizer.is_fast:
        raise WeightsError(
            f"The tokenizer of {where!r} is a {type(tokenizer).__name__} without a fast form, so long texts "
            "cannot be windowed: save it with `tokenizer.json`."
        )
    network = Network(
        model.to(device).eval(), tokenizer, _limit(folder, model, tokenizer), str(folder.root)
    )
    _probe(network, head=head)
    return network


def _refuse_gaps(where: str, report: dict[str, Any], *, head: bool) -> None:
    """Weights that the file lacks would be random; an encoder's pooler alone is not needed."""
    lacking = sorted(str(key) for key in report.get("missing_keys", ()))
    needed = [key for key in lacking if head or "pooler" not in key]
    if needed:
        shown = ", ".join(needed[:3]) + (", …" if len(needed) > 3 else "")
        raise WeightsError(
            f"The weights in {where!r} lack {shown}, which would be random: the model is not trained for "
            "what its config.json says, or was saved in part."
        )


def _limit(folder: ModelFolder, model: Any, tokenizer: Any) -> int:  # noqa: ANN401
    """Most tokens of a window that network, tokenizer and sentence-transformers' settings allow."""
    stated = [LONGEST]
    positions = getattr(model.config, "max_position_embeddings", None)
    if isinstance(positions, int) and positions > 0:
        # RoBERTa and its kin count positions from behind the padding token's number.
        tables = (m for name, m in model.named_modules() if name.endswith("position_embeddings"))
        padding = next((getattr(table, "padding_idx", None) for table in tables), None)
        stated.append(positions - (padding + 1 if padding is not None else 0))
    if 0 < tokenizer.model_max_length < _ENDLESS:
        stated.append(int(tokenizer.model_max_length))
    settings = folder.network / "sentence_bert_config.json"
    if folder.modules and settings.is_file():
        most = read_json(settings).get("max_seq_length")
        stated += [most] if isinstance(most, int) and most > 0 else []
    if min(stated) < _SHORTEST:
        raise WeightsError(
            f"{str(folder.root)!r} reads only {min(stated)} tokens at once, expected at least {_SHORTEST}: "
            "look at max_position_embeddings in config.json and model_max_length in tokenizer_config.json."
        )
    return min(stated)


def _probe(network: Network, *, head: bool) -> None:
    """Read the longest window once, so that what does not fit together shows before the work begins."""
    windows = network.windows(["warum " * network.limit])[:1]
    if not windows:
        raise WeightsError(
            f"The tokenizer of {network.origin!r} makes no tokens of words: its vocabulary does not belong to "
            "it; fetch or save it again."
        )
    try:
        if head:
            network.logits(windows)
        else:
            network.states(windows)
    except (RuntimeError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise WeightsError(
            f"{network.origin!r} cannot read a text of {windows[0].size} tokens "
            f"({type(error).__name__}: {first_line(error)}): its tokenizer or config.json does not belong "
            "to its weights; fetch or save it again."
        ) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars and notes of transformers while a model is loaded; what matters is raised."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()
