"""Folders that are kept for a while: uploads, unpacked with care, until they are confirmed; downloads until they were fetched."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from plantation.errors import N_, Refusal

ENDINGS = (".csv", ".geojson", ".xlsx")
MOST_BYTES = 300_000_000
MOST_FILES = 40
KEPT_SECONDS = 2 * 60 * 60


class NoZip(Refusal):
    template = N_("“%(name)s” is not a zip file that can be opened.")


class TooMuch(Refusal):
    """A small archive can hold more than a disk."""

    template = N_("“%(name)s” holds %(found)s MB unpacked; at most %(most)s MB are taken.")


class TooManyFiles(Refusal):
    template = N_("“%(name)s” holds %(count)s files; at most %(most)s are taken.")


class FileTwice(Refusal):
    template = N_("The file “%(name)s” comes twice.")


class WrongEnding(Refusal):
    template = N_("“%(name)s” is none of the files that are read: .csv, .geojson, .xlsx, or all of them in one .zip.")


def uploads_folder() -> Path:
    """Where uploads wait, readable by this user alone.

    :raises PermissionError: somebody else of this machine made that folder.
    """
    user = os.getuid() if hasattr(os, "getuid") else 0
    folder = Path(tempfile.gettempdir()) / f"plantation-uploads-{user}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if hasattr(os, "getuid") and (folder.is_symlink() or folder.stat().st_uid != user):
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


def keep_upload(files: Iterable[Any], owner: str) -> Path:
    """A new folder with the uploaded files under their own names; a zip is unpacked into it.

    :raises Refusal: no zip, too much in it, a name twice, or a file of another kind. Nothing is left then.
    """
    folder = new_folder(owner)
    try:
        for file in files:
            name = _plain_name(file.filename)
            if name.lower().endswith(".zip"):
                _unpack(file.stream, name, folder)
            else:
                with _new_file(folder, name).open("wb") as target:
                    shutil.copyfileobj(file.stream, target)
    except BaseException:
        drop_upload(folder)
        raise
    return folder


def new_folder(owner: str) -> Path:
    """An empty folder of `owner`'s, thrown away after two hours when nobody did so before."""
    throw_away_old()
    folder = uploads_folder() / f"{_word(owner)}-{secrets.token_hex(16)}"
    folder.mkdir(mode=0o700)
    return folder


def kept_upload(name: str, owner: str) -> Path | None:
    """The folder that :func:`keep_upload` made for `owner`; None when it is gone or somebody else's."""
    if re.fullmatch(rf"{re.escape(_word(owner))}-[0-9a-f]{{32}}", name) is None:
        return None
    folder = uploads_folder() / name
    return folder if folder.is_dir() else None


def drop_upload(folder: Path) -> None:
    """Throw the folder away."""
    shutil.rmtree(folder, ignore_errors=True)


def throw_away_old() -> None:
    """What nobody confirmed in two hours goes."""
    limit = time.time() - KEPT_SECONDS
    for folder in uploads_folder().iterdir():
        if folder.is_dir() and folder.stat().st_mtime < limit:
            drop_upload(folder)


def _word(owner: str) -> str:
    return owner.encode().hex()[:120]


def _plain_name(name: str) -> str:
    """The last part of a path of any system.

    >>> _plain_name("C:\\\\village\\\\plots.geojson"), _plain_name("../../etc/passwd")
    ('plots.geojson', 'passwd')
    """
    return PurePosixPath(name.replace("\\", "/")).name[-100:]


def _new_file(folder: Path, name: str) -> Path:
    if not name.lower().endswith(ENDINGS) or not name.isprintable() or name.startswith("."):
        raise WrongEnding(name=name)
    path = folder / name
    if path.exists():
        raise FileTwice(name=name)
    return path


def _unpack(stream: Any, name: str, folder: Path) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
            size = sum(entry.file_size for entry in entries)
            if size > MOST_BYTES:
                raise TooMuch(name=name, found=f"{size // 1_000_000:,}", most=f"{MOST_BYTES // 1_000_000:,}")
            if len(entries) > MOST_FILES:
                raise TooManyFiles(name=name, count=len(entries), most=MOST_FILES)
            for entry in entries:
                with archive.open(entry) as source, _new_file(folder, _plain_name(entry.filename)).open("wb") as target:
                    shutil.copyfileobj(source, target)  # a reader of zipfile gives no more than the size that was checked
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise NoZip(name=name) from error
