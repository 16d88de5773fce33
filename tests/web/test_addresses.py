"""Addresses that name nothing: a number that no key can be is a page that does not exist, not a fault."""

from __future__ import annotations

import pytest

from tests.orchard_fixtures import app, orchard, orchard_database, orchard_file, zhao

__all__ = ["app", "orchard", "orchard_database", "orchard_file", "zhao"]

HUGE = (2**63, 10**25)


def numbered(app):
    """Every route with a number in its address, the other parts filled with a code that is nobody's."""
    for rule in app.url_map.iter_rules():
        whole = {name for name, converter in rule._converters.items() if hasattr(converter, "num_convert")}
        if whole:
            for number in HUGE:
                yield rule, {name: number if name in whole else "nobody" for name in rule.arguments}


def test_a_number_that_no_key_can_be_is_no_page(app, zhao):
    tried = 0
    for rule, values in numbered(app):
        path = "".join(str(values[part]) if is_value else part for is_value, part in rule._trace if part != "|")
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            assert zhao.open(path, method=method).status_code in (404, 405), (method, path)
            tried += 1
    assert tried > 10


@pytest.mark.parametrize("number", [0, 7, 2**63 - 1])
def test_a_number_that_a_key_can_be_is_looked_for(zhao, number):
    answer = zhao.get(f"/managers/payments/id/{number}")
    assert answer.status_code == 404
    assert str(number) in answer.text
