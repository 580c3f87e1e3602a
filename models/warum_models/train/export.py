"""From the trained network to what is shipped: one ONNX graph in 8 bits, tables in 8 bits, vocabularies, heads."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from warum_models.train.network import INNER, WIDTH, Network

LABEL_PARTS = ("query", "scale", "shift", "bias", "evidence_bias")
OUTPUTS = ("presence", "polarity", "evidence", "document", "emotion", "intent", "effort", "mean")
HEADS = 12


class OneComment(nn.Module):
    """The network for a single comment: no padding, so nothing of a neighbour can come in.

    Args:
        network: The trained network.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.body, self.head, self.documents = network.body, network.head, network.documents

    def encode(self, vectors: Tensor) -> Tensor:
        """Token vectors (1, t, 384) from table rows (1, t, 384)."""
        embeddings = self.body.embeddings
        positions = embeddings.position_embeddings.weight[: vectors.shape[1]]
        hidden = vectors + positions[None] + embeddings.token_type_embeddings.weight[0]
        hidden = embeddings.LayerNorm(hidden)
        for layer in self.body.encoder.layer:
            hidden = self._layer(layer, hidden)
        return hidden

    @staticmethod
    def _layer(layer: Any, hidden: Tensor) -> Tensor:  # noqa: ANN401
        attention = layer.attention.self
        width = WIDTH // HEADS

        def split(x: Tensor) -> Tensor:
            return x.reshape(1, -1, HEADS, width).transpose(1, 2)

        q, k, v = (split(f(hidden)) for f in (attention.query, attention.key, attention.value))
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(width), dim=-1)
        mixed = (weights @ v).transpose(1, 2).reshape(1, -1, WIDTH)
        out = layer.attention.output
        hidden = out.LayerNorm(out.dense(mixed) + hidden)
        inner = nn.functional.gelu(layer.intermediate.dense(hidden))
        result: Tensor = layer.output.LayerNorm(layer.output.dense(inner) + hidden)
        return result

    def forward(
        self,
        vectors: Tensor,
        windows: Tensor,
        query: Tensor,
        scale: Tensor,
        shift: Tensor,
        bias: Tensor,
        evidence_bias: Tensor,
        orientation: Tensor,
    ) -> tuple[Tensor, ...]:
        """All that is read from one comment with t tokens, w windows and k labels.

        Args:
            vectors: Rows of the table, (1, t, 384).
            windows: 1 where a window looks, else 0; the first is the whole comment; (w, t), float.
            query: Of the labels, (k, 256).
            scale: Likewise.
            shift: Likewise.
            bias: Of the labels, (k,).
            evidence_bias: Likewise.
            orientation: (1,), int64.
        """
        hidden = self.encode(vectors)
        head = self.head
        keys = nn.functional.normalize(head.key(hidden)[0], dim=-1)
        values = head.value(hidden)[0]
        evidence = head.sharpness * (query @ keys.T) + evidence_bias[:, None]
        seen = evidence[None] + (windows[:, None, :] - 1) * 1e4
        mixed = torch.softmax(seen, dim=-1) @ values[None]
        pooled = head.norm(mixed)
        gated = nn.functional.gelu(pooled * (1 + scale) + shift)
        alike = (nn.functional.normalize(mixed, dim=-1) * query).sum(-1)
        peak = torch.logsumexp(seen, dim=-1)
        presence = (gated * head.presence.weight[0]).sum(-1) + head.presence.bias + bias
        presence = presence + head.peak * peak + head.likeness * alike
        asked = head.orientation(orientation)
        polarity = head.polarity(torch.cat([pooled + asked, gated], dim=-1))
        mask = torch.ones_like(hidden[..., 0]) > 0
        told = self.documents(hidden, mask, orientation)
        mean = hidden.mean(dim=1)
        mean = mean / mean.norm(dim=-1, keepdim=True) * math.sqrt(WIDTH)
        return (
            presence,
            polarity,
            evidence,
            *(told[n] for n in ("document", "emotion", "intent", "effort")),
            mean,
        )


class LabelPart(nn.Module):
    """What labels contribute, from their vectors."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.head = network.head

    def forward(self, vectors: Tensor) -> tuple[Tensor, ...]:
        """`LABEL_PARTS` from (k, 384)."""
        made = self.head.labels(vectors)
        return tuple(made[name] for name in LABEL_PARTS)


def export_graphs(network: Network, folder: Path) -> None:
    """Write `reader.onnx` and `labels.onnx` in 32 bits.

    Args:
        network: The trained network.
        folder: Where to.
    """
    network.eval()
    folder.mkdir(parents=True, exist_ok=True)
    t, w, k = 11, 3, 5
    inputs = (
        torch.randn(1, t, WIDTH), torch.ones(w, t), torch.randn(k, INNER), torch.randn(k, INNER),
        torch.randn(k, INNER), torch.randn(k), torch.randn(k), torch.zeros(1, dtype=torch.long),
    )  # fmt: skip
    names = ["vectors", "windows", *LABEL_PARTS, "orientation"]
    axes = {
        "vectors": {1: "t"}, "windows": {0: "w", 1: "t"}, **{n: {0: "k"} for n in LABEL_PARTS},
        "presence": {0: "w", 1: "k"}, "polarity": {0: "w", 1: "k"}, "evidence": {0: "k", 1: "t"},
    }  # fmt: skip
    torch.onnx.export(
        OneComment(network), inputs, str(folder / "reader.onnx"), input_names=names, output_names=list(OUTPUTS),
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    torch.onnx.export(
        LabelPart(network), (torch.randn(k, WIDTH),), str(folder / "labels.onnx"), input_names=["vectors"],
        output_names=list(LABEL_PARTS), dynamic_axes={n: {0: "k"} for n in ("vectors", *LABEL_PARTS)},
        opset_version=17, dynamo=False,
    )  # fmt: skip


def quantise_graph(
    source: Path, target: Path, examples: Iterable[dict[str, npt.NDArray[Any]]]
) -> None:
    """8 bits for every product with weights, one fixed scale per activation, 7 bits of weight.

    A scale that is fixed beforehand keeps a comment's numbers independent of its neighbours; weights in 7 bits cannot
    overflow the 16-bit sums of processors without VNNI, so every machine gives the same integers.

    Args:
        source: The graph in 32 bits.
        target: Where to.
        examples: Inputs of the graph, for the range of the activations.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.calibrate import CalibrationDataReader
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Examples(CalibrationDataReader):
        def __init__(self) -> None:
            self._left = iter(examples)

        def get_next(self) -> dict[str, npt.NDArray[Any]] | None:
            return next(self._left, None)

    prepared = target.with_suffix(".prepared.onnx")
    quant_pre_process(str(source), str(prepared), skip_symbolic_shape=True)
    quantize_static(
        str(prepared), str(target), Examples(), quant_format=QuantFormat.QDQ, op_types_to_quantize=["MatMul", "Gemm"],
        per_channel=True, reduce_range=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
        nodes_to_exclude=_without_weights(prepared), calibrate_method=CalibrationMethod.MinMax,
        extra_options={"MatMulConstBOnly": True, "ActivationSymmetric": False},
    )  # fmt: skip
    prepared.unlink()


def _without_weights(path: Path) -> list[str]:
    """Products of two activations stay in 32 bits."""
    import onnx

    graph = onnx.load(str(path)).graph
    fixed = {x.name for x in graph.initializer}
    return [n.name for n in graph.node if n.op_type == "MatMul" and not set(n.input) & fixed]


def quantise_rows(
    table: npt.NDArray[np.float32],
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float16]]:
    """A table in 8 bits with one scale a row."""
    scale = (np.maximum(np.abs(table).max(axis=1), 1e-6) / 127).astype(np.float16)
    scale = np.maximum(scale, np.float16(6e-8))
    codes = np.clip(np.round(table / scale.astype(np.float32)[:, None]), -127, 127)
    return codes.astype(np.int8), scale


def stored_table(network: Network, rows: Sequence[int]) -> npt.NDArray[np.float32]:
    """A slice of the stacked tables."""
    values: npt.NDArray[np.float32] = network.tables.weight.detach().numpy()[rows[0] : rows[1]]
    return values
