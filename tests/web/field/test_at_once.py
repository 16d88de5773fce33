"""What the weighing page begins with is named in its head, all of it and nothing else."""

from __future__ import annotations

import re

from plantation.paths import STATIC
from plantation.web.field import AT_ONCE, SCRIPTS


def imported(name: str) -> set[str]:
    """The modules that `name` imports before it runs, and theirs."""
    found, waiting = set(), [name]
    while waiting:
        text = (STATIC / waiting.pop()).read_text(encoding="utf-8")
        new = {f"field/{other}" for other in re.findall(r'^import .* from "\./(.+)";$', text, re.MULTILINE)} - found
        found |= new
        waiting += new
    return found


def test_the_head_names_the_modules_that_the_page_begins_with(client):
    assert set(AT_ONCE) == imported("field/app.js") and set(AT_ONCE) < set(SCRIPTS)
    page = client.get("/field/").text
    assert re.findall(r'rel="modulepreload" href="/static/(.+?)"', page) == list(AT_ONCE)
    kept = client.get("/field/sw.js").text
    assert all(f'"/static/{name}"' in kept for name in AT_ONCE)
