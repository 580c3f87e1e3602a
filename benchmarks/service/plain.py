"""What people write in an afternoon: FastAPI around a pipeline of transformers, as a process of its own.

Run by an interpreter that has torch, transformers, FastAPI and uvicorn: ``PYTHON plain.py FOLDER PORT``. The model has
the shape of the encoder in `accurate` (6 layers of 384) in 32 bits, and random weights: right for speed, and for
nothing else.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

LABELS = 28


def make_model(folder: Path, vocabulary: list[str]) -> None:
    """Write a model and its tokenizer.

    Args:
        folder: Where to.
        vocabulary: Word pieces.
    """
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=384, num_hidden_layers=6, num_attention_heads=12,
        intermediate_size=1536, num_labels=LABELS,
    )  # fmt: skip
    BertForSequenceClassification(config).eval().save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)


def make_app(folder: Path) -> Any:  # noqa: ANN401 - this interpreter may lack FastAPI
    """The app."""
    from fastapi import FastAPI
    from pydantic import BaseModel
    from transformers import pipeline

    class Comment(BaseModel):
        id: str
        text: str

    class Request(BaseModel):
        comments: list[Comment]

    read = pipeline("text-classification", model=str(folder), device=-1, top_k=None)
    app = FastAPI()

    def analyze(
        asked: Request,
    ) -> dict[str, Any]:  # in FastAPI's threads, as blocking work has to be
        return {"results": read([comment.text for comment in asked.comments])}

    # Said outright: as texts they would be looked up in the module.
    analyze.__annotations__ = {"asked": Request, "return": dict[str, Any]}
    app.post("/v1/analyze")(analyze)
    app.get("/health/ready")(lambda: None)
    return app


def main() -> None:
    """Serve the model in a folder; made there if it is not, by the vocabularies beside `accurate`."""
    import uvicorn

    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    if not (folder / "config.json").is_file():
        weights = Path(__file__).parents[2] / "models" / "warum_models" / "weights" / "accurate"
        pieces = [
            piece
            for language in ("en", "de")
            for piece in (weights / f"pieces.{language}.txt").read_text("utf-8").split("\n")
        ]
        make_model(folder, list(dict.fromkeys(["[PAD]", *pieces, "[MASK]"])))
    uvicorn.run(make_app(folder), port=port, access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
