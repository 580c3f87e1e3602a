from __future__ import annotations

import pytest

from tests.warum.report.worlds import score_result, world
from warum.report.summary import Summary, summarise
from warum.result import Result
from warum.taxonomy import Taxonomy, load_taxonomy


@pytest.fixture(scope="session")
def cx() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="session")
def one_score() -> Result:
    return world(score_result())


@pytest.fixture(scope="session")
def two_scores() -> Result:
    return world(score_result(), score_result("zufrieden", "csat"))


@pytest.fixture(scope="session")
def no_score() -> Result:
    return world()


@pytest.fixture(scope="session")
def summary(one_score: Result, cx: Taxonomy) -> Summary:
    return summarise(one_score, cx)


@pytest.fixture(scope="session")
def summary_two(two_scores: Result, cx: Taxonomy) -> Summary:
    return summarise(two_scores, cx)


@pytest.fixture(scope="session")
def summary_none(no_score: Result, cx: Taxonomy) -> Summary:
    return summarise(no_score, cx)
