"""What an operator can set: defaults here, then a config.py, then `PLANTATION_*` variables; the last one wins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from plantation.errors import N_, Refusal
from plantation.paths import instance_folder

DEFAULTS: dict[str, Any] = {
    "SECRET_KEY": None,
    "DATABASE_URL": None,
    "TRUSTED_HOSTS": None,
    "PROXY_COUNT": 0,
    "HTTPS": False,
    "TLS_AUTHORITY": None,
    "TLS_NAME": None,
    "MAX_CONTENT_LENGTH": 16 * 1024 * 1024,
    "MAX_FORM_MEMORY_SIZE": 8 * 1024 * 1024,
    "MAX_FORM_PARTS": 2_000,
    "SIGN_IN_IDLE_MINUTES": 120,
    "SIGN_IN_HOURS": 14,
    "TILES_URL": None,
    "TILES_SHIFTED": False,
}

_NUMBERS = {
    "PROXY_COUNT",
    "MAX_CONTENT_LENGTH",
    "MAX_FORM_MEMORY_SIZE",
    "MAX_FORM_PARTS",
    "SIGN_IN_IDLE_MINUTES",
    "SIGN_IN_HOURS",
}
_SWITCHES = {"HTTPS", "TILES_SHIFTED"}


class SecretMissing(Refusal):
    """The secret key has no default: a guessable one would let anybody sign in as anybody."""

    template = N_(
        "No secret key is set. Set PLANTATION_SECRET_KEY, or SECRET_KEY in %(config)s, to a long random text; "
        "this makes one: python -c 'import secrets; print(secrets.token_hex(32))'"
    )


class BadSetting(Refusal):
    """A setting that cannot be read."""

    template = N_("%(name)s is “%(value)s”; expected is %(expected)s.")


def read_settings(config: Path | None = None, environ: dict[str, str] | None = None) -> dict[str, Any]:
    """All settings by name, from the defaults, `config` (read by path, never imported) and the environment.

    :raises BadSetting: a number or switch that cannot be read.
    """
    environ = dict(os.environ if environ is None else environ)
    settings = dict(DEFAULTS)
    path = config or Path(environ.get("PLANTATION_CONFIG") or "config.py").absolute()
    if path.is_file():
        namespace: dict[str, Any] = {"__file__": str(path)}
        exec(compile(path.read_text("utf-8"), str(path), "exec"), namespace)  # the operator's own file
        settings |= {name: value for name, value in namespace.items() if name.isupper()}
    for name in DEFAULTS:
        if value := environ.get(f"PLANTATION_{name}"):
            settings[name] = _read(name, value)
    settings["CONFIG_PATH"] = str(path)
    return settings


def _read(name: str, value: str) -> Any:
    if name in _NUMBERS:
        if not value.isascii() or not value.isdigit():
            raise BadSetting(name=f"PLANTATION_{name}", value=value, expected="a whole number")
        return int(value)
    if name in _SWITCHES:
        if value.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise BadSetting(name=f"PLANTATION_{name}", value=value, expected="true or false")
        return value.lower() in {"1", "true", "yes"}
    if name == "TRUSTED_HOSTS":
        return [host.strip() for host in value.split(",") if host.strip()]
    return value


def database_url(settings: dict[str, Any]) -> str:
    """The database to use: the one that is set, else SQLite in the instance folder (made if missing)."""
    if settings.get("DATABASE_URL"):
        return str(settings["DATABASE_URL"])
    folder = instance_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{(folder / 'plantation.db').as_posix()}"
