"""The description says what is there, all of it, and nothing else."""

from __future__ import annotations

import pytest

from plantation.services.fruit.weighing_inputs import Status
from plantation.web.api.reading import FIELDS
from tests.doors import open_app


@pytest.fixture
def app(sqlite_database):
    return open_app(sqlite_database)


@pytest.fixture
def description(app):
    answer = app.test_client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return answer.get_json()


def test_every_route_of_the_api_is_described_and_no_other(app, description):
    routes = {
        (rule.rule, method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, methods in description["paths"].items() for method in methods}
    assert described == routes


def test_the_fields_are_those_that_are_read(description):
    weighing = description["components"]["schemas"]["Weighing"]
    assert set(weighing["properties"]) == set(FIELDS)
    assert weighing["additionalProperties"] is False


def test_the_statuses_are_those_of_the_use_case(description):
    result = description["components"]["schemas"]["Result"]
    assert set(result["properties"]["status"]["enum"]) == set(Status)


def test_every_reference_leads_somewhere(description):
    schemas = description["components"]["schemas"]

    def walk(part):
        if isinstance(part, dict):
            if "$ref" in part:
                yield part["$ref"]
            for value in part.values():
                yield from walk(value)
        elif isinstance(part, list):
            for value in part:
                yield from walk(value)

    references = set(walk(description))
    assert references == {f"#/components/schemas/{name}" for name in schemas}
