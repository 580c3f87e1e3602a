from __future__ import annotations

import numpy as np
import pytest

from warum.reading.headers import words_of
from warum.trade import TRADE_NAMES, TRADES, trade_of_header, trade_scale


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("churned", "churn"),
        ("Is_Churned", "churn"),
        ("gekündigt", "churn"),
        ("Wiederkauf", "repurchase"),
        ("repurchased", "repurchase"),
        ("first_response_hours", "first_response_time"),
        ("First Reply Time (hours)", "first_response_time"),
        ("Erstreaktionszeit", "first_response_time"),
        ("resolution_hours", "resolution_time"),
        ("Full resolution time in hours", None),
        ("time to resolution", "resolution_time"),
        ("Bearbeitungszeit", "resolution_time"),
        ("tickets", "ticket_volume"),
        ("Anzahl Tickets", "ticket_volume"),
        ("CLV", "lifetime_value"),
        ("Customer Lifetime Value", "lifetime_value"),
        ("Kundenwert", "lifetime_value"),
        ("churn risk comment", None),
        ("ticket id", None),
        ("revenue_eur", None),
        ("resolution", "resolution_time"),
    ],
)
def test_headers(header: str, name: str | None) -> None:
    assert trade_of_header(words_of(header)) == name


def test_each_has_a_scale() -> None:
    values = np.array([0.0, 1.0, np.nan])
    for name in TRADE_NAMES:
        scale = trade_scale("x", name, values)
        assert (scale.column, scale.low, scale.high) == ("x", 0, 1)
        assert scale.metric == ("rate" if TRADES[name].kind == "event" else "mean")
        assert scale.lower_is_better == TRADES[name].lower_is_better
    assert trade_scale("x", "lifetime_value", np.array([np.nan])).high == 0
