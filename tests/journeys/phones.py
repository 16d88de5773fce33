"""A phone and its page at the field, for journeys and for benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def ready(page: Any) -> None:
    """Wait until the weighing page has said that it can be used."""
    page.locator("body[data-ready]").wait_for(timeout=60_000)


def pair(page: Any, token: str, wait: Callable[[Any], None] = ready) -> None:
    """Open the weighing page with the link that the office makes for a phone: it knows its token, has its data, and can open with no
    signal from then on. `wait(page)` is what is done first once it opens: a benchmark leaves it alone."""
    page.goto(f"/field/#token={token}")
    wait(page)
    page.locator("#grades .key").first.wait_for(timeout=60_000)  # the data have come
    # Not only ready: what is asked while the worker takes the page over escapes `page.route`.
    page.evaluate("""new Promise((done) => navigator.serviceWorker.controller ? done()
        : navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true }))""")
    assert token not in page.url
