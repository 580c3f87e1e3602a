"""Models of a user's own labels: heads on a base, cross-validated, calibrated, stored with their card."""

from __future__ import annotations

from warum_models.own.fitting import fit
from warum_models.own.gold import Gold, gold_of
from warum_models.own.model import OwnModel
from warum_models.own.storing import fingerprint, is_model, load, save

__all__ = ["Gold", "OwnModel", "fingerprint", "fit", "gold_of", "is_model", "load", "save"]
