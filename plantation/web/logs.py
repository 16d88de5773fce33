"""Logs: UTC, one line an event; sign-ins and denials are named, secrets never appear."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import Flask

_security = logging.getLogger("plantation.security")


def install(app: Flask) -> None:
    """Write `plantation` logs to standard error, unless the operator has set up logging."""
    logger = logging.getLogger("plantation")
    if not logger.handlers and not logging.getLogger().handlers:
        handler = logging.StreamHandler()
        formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        formatter.converter = time.gmtime
        handler.setFormatter(formatter)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)


def security(event: str, **facts: Any) -> None:
    """One line about access: `event key='value' …`; values are quoted so that a typed name cannot forge a line."""
    _security.info("%s %s", event, " ".join(f"{name}={str(value)[:100]!r}" for name, value in facts.items()))
