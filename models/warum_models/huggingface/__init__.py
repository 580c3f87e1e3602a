"""Any model of Hugging Face's transformers as a reader: classifiers, NLI models and sentence encoders."""

from warum_models.huggingface.loading import load_huggingface

__all__ = ["load_huggingface"]
