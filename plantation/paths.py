"""Where the files that are not Python live: inside the package when installed, beside it in a checkout."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).parent
_ROOT = _PACKAGE if (_PACKAGE / "templates").is_dir() else _PACKAGE.parent

TEMPLATES = _ROOT / "templates"
STATIC = _ROOT / "static"
MIGRATIONS = _ROOT / "migrations"
TRANSLATIONS = _PACKAGE / "translations"


def instance_folder() -> Path:
    """The folder for the operator's data: `PLANTATION_INSTANCE`, else `instance` in the current folder."""
    return Path(os.environ.get("PLANTATION_INSTANCE") or "instance").absolute()
