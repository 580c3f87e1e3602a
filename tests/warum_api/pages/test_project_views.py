"""Projects by forms: listed, made, changed, erased from, deleted."""

from __future__ import annotations

import pytest

from tests.warum_api.pages.browsing import CSV, Browser, Keyed
from warum_api.pages.project_views import PAGE, wanted_of
from warum_api.problems import Problem

FIELDS = {
    "name": "Shop", "taxonomy": "cx", "taxonomy_text": "", "text": "", "score": "", "retention_days": "",
}  # fmt: skip
OWN = "categories:\n- code: speed\n  title: Speed\n  description: How fast it is\n"


def test_a_project_is_made_by_its_form(visitor: Browser) -> None:
    asked = {"retention_days": "730", "text": "comment", "score": "nps:nps\nces"}
    project = visitor.project("Shop <b>2026</b>", **asked)
    assert "The project is made. Now upload a file." in visitor.last.text
    told = visitor.ask("GET", f"/v1{project}").json()
    assert (told["name"], told["retention_days"]) == ("Shop <b>2026</b>", 730)
    assert told["columns"] == {"text": "comment", "score": ["nps:nps", "ces"]}
    visitor.go("/projects")
    assert "Shop &lt;b&gt;2026&lt;/b&gt;" in visitor.last.text
    assert "comments are kept for 730 days" in visitor.last.text
    assert "The project is made" not in visitor.last.text  # told once


def test_an_own_taxonomy_is_taken(visitor: Browser) -> None:
    visitor.go("/projects/new")
    visitor.send("/projects/new", name="Own", taxonomy="own", taxonomy_text=OWN)
    project = visitor.last.url.path.removesuffix("/upload")
    page = visitor.go(f"{project}/taxonomy")
    assert "“own”, 1 category." in page
    assert "How fast it is" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"retention_days": "0"}, "retention_days"),
        ({"retention_days": "many"}, "no number"),
        ({"taxonomy": "own", "taxonomy_text": "categories: ["}, "no readable YAML"),
        ({"taxonomy": "own", "taxonomy_text": "- a"}, "no list 'categories'"),
        ({"taxonomy": "own", "taxonomy_text": "categories:\n- code: x"}, "has no title"),
    ],
)
def test_what_cannot_be_meant_is_said_and_the_fields_stay(
    visitor: Browser, change: dict[str, str], said: str
) -> None:
    visitor.go("/projects/new")
    page = visitor.send("/projects/new", **{**FIELDS, "score": "nps:nps", **change})
    assert visitor.last.status_code == 422
    assert said in page
    assert "nps:nps</textarea>" in page
    assert 'role="alert"' in page


def test_a_form_asks_for_what_the_api_asks() -> None:
    wanted = wanted_of({**FIELDS, "text": "a", "score": " b:nps \n\n c", "retention_days": "7"})
    assert wanted == {
        "name": "Shop", "taxonomy": "cx", "columns": {"text": "a", "score": ["b:nps", "c"]}, "retention_days": 7,
    }  # fmt: skip
    assert wanted_of(FIELDS)["columns"] == {}
    with pytest.raises(Problem):
        wanted_of({**FIELDS, "retention_days": "-1"})


def test_many_projects_stand_on_several_pages(keyed: Keyed) -> None:
    from warum_api.storing.projects import add_project

    key = keyed.key("read")
    with keyed.database() as database, database.writing() as connection:
        for i in range(PAGE + 3):
            add_project(keyed.tenant, connection, name=f"project {i}")
    first = keyed.sign_in(key.text)
    assert first.count('class="name"') == PAGE
    following = first.partition('href="/projects?after=')[2].partition('"')[0]
    second = keyed.go(f"/projects?after={following}")
    assert second.count('class="name"') == 3
    assert "More projects" not in second


def test_settings_are_changed(visitor: Browser) -> None:
    project = visitor.project()
    visitor.go(f"{project}/settings")
    page = visitor.send(f"{project}/settings", name="Other", retention_days="30")
    assert "Saved." in page
    assert 'value="30"' in page
    assert visitor.ask("GET", f"/v1{project}").json()["name"] == "Other"
    visitor.send(f"{project}/settings", name="Other", retention_days="")
    assert visitor.ask("GET", f"/v1{project}").json()["retention_days"] is None
    assert "retention_days" in visitor.send(f"{project}/settings", name="Other", retention_days="0")
    assert visitor.last.status_code == 422


def test_a_customer_is_erased_only_with_the_tick(visitor: Browser) -> None:
    project = visitor.project()
    upload = visitor.upload(project, "a.csv", CSV)
    visitor.go(f"{project}/settings")
    asked = {"which": "customer", "erased": "a"}
    page = visitor.send(f"{project}/erase", **asked)
    assert (visitor.last.status_code, "Nothing was erased" in page) == (422, True)
    assert "Great staff" in visitor.go(upload)
    page = visitor.send(f"{project}/erase", **asked, sure="yes")
    assert "1 comment is erased." in page
    assert "Great staff" not in visitor.go(upload)
    page = visitor.send(f"{project}/erase", which="comment", erased="zz", sure="yes")
    assert "0 comments are erased." in page


def test_a_project_is_deleted_only_by_its_name(visitor: Browser) -> None:
    project = visitor.project("To go")
    assert "the name is another" in visitor.send(f"{project}/delete", name="Something")
    assert visitor.last.status_code == 422
    page = visitor.send(f"{project}/delete", name="To go")
    assert "The project is deleted, with everything in it." in page
    visitor.go(f"{project}/upload")
    assert visitor.last.status_code == 404
