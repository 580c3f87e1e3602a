"""Recipes that rebuild the shipped weights: ``python -m warum_models.train --data DIR``."""
