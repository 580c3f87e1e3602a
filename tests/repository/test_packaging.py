"""The wheel holds what a user needs, and the base needs no heavy library."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "transformers", "fastapi", "pandas", "polars", "pyarrow", "statsmodels")
WEIGHTS = (
    *(f"accurate/{name}" for name in (
        "reader.onnx", "labels.onnx", "tables.npz", "known.npz", "pieces.en.txt", "pieces.de.txt", "config.json",
        "CARD.md",
    )),
    "fast/weights.npz", "fast/ngrams.npz", "fast/config.json", "fast/CARD.md", "auto/config.json",
)  # fmt: skip


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    return next(out.glob("*.whl"))


@pytest.mark.packaging
def test_the_wheel_holds_code_data_and_weights(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for needed in (
        "warum/__init__.py", "warum/py.typed", "warum/taxonomies/cx.yaml",
        "warum/example/feedback.csv", "warum/example/opinions_gold.csv", "warum/example/truth.md",
        "warum/report/summary.schema.json", "warum_api/__init__.py",
        "warum_api/pages/templates/base.html.j2", "warum_api/pages/static/upload.js", "warum_api/pages/words.yaml",
        "warum_api/replies.json",
        *(f"warum_models/weights/{name}" for name in WEIGHTS),
    ):  # fmt: skip
        assert needed in names, needed
    tops = {name.split("/")[0] for name in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {
        "warum",
        "warum_models",
        "warum_api",
    }
    assert not [n for n in names if n.endswith(".jsonl")], "the corpus stays in the repository"


@pytest.mark.packaging
def test_the_wheel_is_small(wheel: Path) -> None:
    assert wheel.stat().st_size < 90e6


@pytest.mark.packaging
def test_the_wheel_passes_its_checker(wheel: Path) -> None:
    checked = subprocess.run(
        [sys.executable, "-m", "check_wheel_contents", "--toplevel", "warum,warum_models,warum_api", str(wheel)],
        capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_importing_and_analysing_needs_no_heavy_library(tmp_path: Path) -> None:
    program = f"""
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split('.')[0] in {HEAVY!r}:
            raise ImportError(name + ' is not part of the base install')
sys.meta_path.insert(0, Refuse())
import warum
a = warum.analyze({{'comment': ['Great staff', 'Waited too long'] * 20, 'nps': ['10', '3'] * 20}})
a.save({str(tmp_path / "out")!r})
assert len(a.comments) == 40
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_weights_are_small_and_hashed() -> None:
    folder = ROOT / "models" / "warum_models" / "weights"
    assert sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) < 60e6


def test_help_is_quick_to_import() -> None:
    program = (
        "import sys, warum.cli;"
        "print([m for m in ('spacy','sklearn','altair','scipy.stats','fastapi') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
