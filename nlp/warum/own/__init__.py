"""A user's own labels: training a model on them, and measuring any model against them."""

from __future__ import annotations

from warum.own.evaluating import EvaluateOptions, evaluate
from warum.own.evaluation import Evaluation
from warum.own.training import Trained, TrainOptions, train

__all__ = ["EvaluateOptions", "Evaluation", "TrainOptions", "Trained", "evaluate", "train"]
