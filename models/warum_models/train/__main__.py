"""Rebuild the shipped weights: ``python -m warum_models.train --data DIR --teacher DIR``."""

from __future__ import annotations

import argparse
from pathlib import Path

from warum_models.stored import WEIGHTS

PARTS = ("packs", "network", "ship", "words", "calibrate", "cascade", "cards")
TAXONOMY = Path("nlp/warum/taxonomies/cx.yaml")


def main() -> None:
    """Run the recipe, or a part of it; every part goes on from the checkpoints of the one before."""
    parser = argparse.ArgumentParser(prog="python -m warum_models.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data")
    parser.add_argument("--teacher", type=Path, required=True, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--work", type=Path, default=Path("models/work"), help="checkpoints")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--taxonomy", type=Path, default=TAXONOMY, help="the file of cx")
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be repeated")
    parser.add_argument("--passes", type=int, default=6, help="passes over the authored texts")
    options = parser.parse_args()
    for part in options.only or PARTS:
        print(part, flush=True)
        from warum_models.train import recipe

        run = recipe.Recipe(options.data, options.teacher, options.work, options.taxonomy)
        if part == "packs":
            run.make_packs()
        elif part == "network":
            run.train(options.passes)
        else:
            getattr(run, part)(options.out)


if __name__ == "__main__":
    main()
