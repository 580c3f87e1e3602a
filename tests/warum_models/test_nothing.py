"""The model that reads nothing."""

from __future__ import annotations

from warum_models.nothing import NothingModel
from warum_models.protocol import Passage, Reader


def test_nothing_finds_nothing() -> None:
    model = NothingModel(["a", "b"])
    assert isinstance(model, Reader)
    found = model.read([Passage("x", "en", ((0, 1),))])
    assert found.presence.tolist() == [[0.0, 0.0]]
    assert len(found.found.label) == 0
    assert found.document.argmax(axis=1).tolist() == [1]
