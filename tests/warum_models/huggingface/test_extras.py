"""Without the extra: one line that says what to install."""

from __future__ import annotations

import sys

import pytest

from tests.warum_models.huggingface.tiny import LABELS
from warum_models.errors import WeightsError
from warum_models.huggingface import load_huggingface


@pytest.mark.parametrize("missing", [("torch",), ("torch", "transformers")])
def test_missing_packages_are_named(
    missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in ("torch", "transformers"):
        value = None if package in missing else sys
        monkeypatch.setitem(sys.modules, package, value)
    with pytest.raises(WeightsError, match=r'need torch.*`pip install "warum\[train\]"`') as caught:
        load_huggingface("anything", LABELS)
    assert all(package in str(caught.value) for package in missing)


def test_importing_needs_no_extra() -> None:
    source = sys.modules["warum_models.huggingface.loading"]
    assert not {"torch", "transformers"} & set(vars(source))
