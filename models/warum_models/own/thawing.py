"""From shipped weights back to a network that can be trained: 8-bit graphs become parameters in 32 bits.

The graphs keep the names of biases and norms. A matrix has lost its name, but not its place: it is what the
bias is added to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from warum_models.encoder_weights import EncoderWeights, load_weights
from warum_models.errors import WeightsError
from warum_models.protocol import Floats
from warum_models.train.export import HEADS, LABEL_PARTS
from warum_models.train.network import WIDTH, Network

GRAPHS = ("reader.onnx", "labels.onnx")
_OURS = ("body.", "head.", "documents.")
_SINGLE = ("weight", "bias", "sharpness", "peak", "likeness")
_ELSEWHERE = frozenset(("tables.weight", "own.weight"))
_ROUNDS = 300


def thaw(folder: Path, labels: int) -> Network:
    """The network behind a folder of weights, on the CPU and not in training.

    Args:
        folder: Weights of the form that `warum_models.encoder` reads.
        labels: How many labels shall have a vector of their own; it is zero.

    Raises:
        WeightsError: If a file is damaged, or the graphs are not of this form.
    """
    weights = load_weights(folder)
    state: dict[str, Tensor] = {}
    for name in GRAPHS:
        for key, value in parameters(folder / name).items():
            state[key] = torch.from_numpy(np.array(value))
    network = Network(None, torch.from_numpy(table_of(weights)), labels, _empty_body(state))
    missing, unexpected = network.load_state_dict(state, strict=False)
    wrong = sorted({*missing, *unexpected} - _ELSEWHERE)
    if wrong:
        raise WeightsError(
            f"The graphs in {str(folder)!r} have another form than this version trains ({', '.join(wrong[:3])}): "
            "reinstall the package."
        )
    network.eval()
    return network


def table_of(weights: EncoderWeights) -> Floats:
    """The vectors of all languages' pieces, one language below the other, (v, 384)."""
    table: Floats = np.concatenate(
        [pack.vectors(np.arange(len(pack.codes))) for pack in weights.packs.values()]
    )
    return table


def first_rows(weights: EncoderWeights) -> dict[str, int]:
    """Row of `table_of` at which each language begins."""
    found, row = {}, 0
    for language, pack in weights.packs.items():
        found[language], row = row, row + len(pack.codes)
    return found


def parameters(path: Path) -> dict[str, Floats]:
    """The parameters that a graph holds, under the names they have in `Network`."""
    graph = _Graph(onnx.load(str(path)).graph)
    return {name: np.ascontiguousarray(value, np.float32) for name, value in graph.parameters()}


def own_vectors(network: Network, vectors: Tensor, stored: Mapping[str, Tensor]) -> Tensor:
    """What has to be added to labels' vectors so that the head makes of them what is stored, (k, 384).

    Args:
        network: The network.
        vectors: Of the labels' descriptions, (k, 384).
        stored: `LABEL_PARTS` of the same labels, each (k, …).
    """
    wanted = vectors.clone().requires_grad_()
    solver = torch.optim.LBFGS([wanted], max_iter=_ROUNDS, line_search_fn="strong_wolfe")

    def gap() -> Tensor:
        solver.zero_grad()
        made = network.head.labels(wanted)
        total: Tensor = torch.stack([((made[n] - stored[n]) ** 2).sum() for n in LABEL_PARTS]).sum()
        total.backward()
        return total

    solver.step(gap)
    network.zero_grad()
    found: Tensor = wanted.detach() - vectors
    return found


def _empty_body(state: Mapping[str, Tensor]) -> Any:  # noqa: ANN401 - a class of transformers
    """A transformer of the size that the parameters have."""
    from transformers import BertConfig, BertModel

    layers = {key.split(".")[3] for key in state if key.startswith("body.encoder.layer.")}
    config = BertConfig(
        vocab_size=1, hidden_size=WIDTH, num_hidden_layers=len(layers), num_attention_heads=HEADS,
        intermediate_size=len(state["body.encoder.layer.0.intermediate.dense.bias"]),
        max_position_embeddings=len(state["body.embeddings.position_embeddings.weight"]),
        type_vocab_size=1,
    )  # fmt: skip
    return BertModel(config, add_pooling_layer=False)


class _Graph:
    """A graph whose constants are in 32 bits again."""

    def __init__(self, graph: Any) -> None:  # noqa: ANN401 - a class of onnx
        self._nodes = list(graph.node)
        self._made = {name: node for node in self._nodes for name in node.output}
        self._values = {x.name: numpy_helper.to_array(x) for x in graph.initializer}
        for node in self._nodes:
            if node.op_type == "DequantizeLinear" and all(x in self._values for x in node.input):
                self._values[node.output[0]] = self._dequantised(node)

    def parameters(self) -> Iterator[tuple[str, Any]]:
        for name, value in self._values.items():
            if name.startswith(_OURS) and name.rpartition(".")[2] in _SINGLE:
                yield name, value
        for node in self._nodes:
            yield from self._matrix(node)
            if node.op_type == "LayerNormalization" and node.input[1].startswith("body.embeddings"):
                # The only kind of token was added to the positions as a constant.
                name = "body.embeddings.token_type_embeddings.weight"
                yield name, self._constant(self._source(node.input[0]))[None]
            if node.op_type == "Add" and "head.presence.bias" in node.input:
                total = self._source(_other(node, "head.presence.bias"))
                yield "head.presence.weight", self._constant(self._source(total.input[0]))[None]

    def _matrix(self, node: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        """The matrix that a bias belongs to."""
        biases = [x for x in node.input if x.startswith(_OURS) and x.endswith(".bias")]
        if node.op_type == "Gemm":
            turned = any(a.name == "transB" and a.i for a in node.attribute)
            matrix = self._values[node.input[1]]
            yield biases[0].removesuffix("bias") + "weight", matrix if turned else matrix.T
        elif node.op_type == "Add" and biases:
            product = self._source(_other(node, biases[0]))
            if product is not None and product.op_type == "MatMul":
                yield biases[0].removesuffix("bias") + "weight", self._values[product.input[1]].T

    def _source(self, name: str) -> Any:  # noqa: ANN401
        """The node that made a value, whatever rounding lies between."""
        node = self._made.get(name)
        while node is not None and node.op_type in ("QuantizeLinear", "DequantizeLinear"):
            node = self._made.get(node.input[0])
        return node

    def _constant(self, node: Any) -> Any:  # noqa: ANN401
        return next(self._values[x] for x in node.input if x in self._values)

    def _dequantised(self, node: Any) -> Floats:  # noqa: ANN401
        codes, scale, zero = (self._values[x] for x in node.input)
        shape = [1] * codes.ndim
        if scale.ndim and codes.ndim:
            axis = next((a.i for a in node.attribute if a.name == "axis"), 1)
            shape[axis] = -1
        away = codes.astype(np.int64) - zero.astype(np.int64).reshape(shape)
        values: Floats = (away * scale.astype(np.float64).reshape(shape)).astype(np.float32)
        return values


def _other(node: Any, name: str) -> str:  # noqa: ANN401
    """The other of an addition's two inputs."""
    return str(next(x for x in node.input if x != name))
