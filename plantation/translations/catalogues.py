"""The catalogues: `python -m plantation.translations.catalogues` follows every marked text and compiles all languages.

Chinese has every text. Kyrgyz in Arabic script and Uyghur have those of own.cfg: all that a household, a buyer or
somebody without a sign-in can meet. For the rest (an office that chose one of them) the compiled catalogue has the Chinese.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
WHOLE, OWN = "babel.cfg", "own.cfg"
SCOPES = {"zh_Hans": WHOLE, "ug": OWN, "ky_Arab": OWN}
KEYWORDS = {**DEFAULT_KEYWORDS, "N_": None}


def po_of(language: str) -> Path:
    """Where a language's texts are written."""
    return HERE / language / "LC_MESSAGES" / "messages.po"


def marked(scope: str) -> Catalog:
    """Every marked text of the files that `scope` names, as it stands in the code now."""
    with (HERE / scope).open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = Catalog()
    for name, _, text, _, _ in extract_from_dir(ROOT, methods, options, KEYWORDS):
        if name.startswith(("plantation" + os.sep, "templates" + os.sep, "plantation/", "templates/")):
            found.add(text)
    return found


def read(language: str) -> Catalog:
    """A language's catalogue as it is written."""
    with po_of(language).open("rb") as file:
        return read_po(file, locale=_locale(language))


def follow(language: str) -> Catalog:
    """Add what is newly marked, without a translation, and drop what is no longer there."""
    catalogue = read(language)
    wanted = {first(message): message for message in marked(SCOPES[language]) if message.id}
    for message in list(catalogue):
        if message.id and first(message) not in wanted:
            catalogue.delete(message.id)
    for key, message in wanted.items():
        there = catalogue.get(message.id)
        if there is None or isinstance(there.id, str) != isinstance(message.id, str):
            catalogue.delete(key)
            catalogue.add(message.id, "", flags=message.flags)
    with po_of(language).open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, ignore_obsolete=True)
    return catalogue


def compiled(language: str) -> Catalog:
    """What the pages read: the language's own texts, and the Chinese where it has none."""
    catalogue = read(language)
    if SCOPES[language] == WHOLE:
        return catalogue
    for message in read("zh_Hans"):
        if message.id and catalogue.get(message.id) is None:
            said = message.string
            if not isinstance(said, str):  # Chinese has one form for all numbers
                said = tuple([said[0]] * catalogue.num_plurals)
            catalogue.add(message.id, said, flags=message.flags)
    return catalogue


def compile_all() -> None:
    """Write each language's compiled catalogue beside its texts."""
    for language in SCOPES:
        with po_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, compiled(language))


def missing(catalogue: Catalog) -> Iterator[str]:
    """The texts that have no translation yet."""
    for message in catalogue:
        said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
        if message.id and not all(said):
            yield first(message)


def first(message) -> str:
    """A message's text in English; of a plural its singular."""
    return message.id if isinstance(message.id, str) else message.id[0]


def _locale(language: str) -> str:
    # Babel knows no Kyrgyz in Arabic script; for reading a catalogue only its plural rule counts.
    return "ky" if language == "ky_Arab" else language


if __name__ == "__main__":
    for each in SCOPES:
        for text in missing(follow(each)):
            print(f"{each}: {text}")
    compile_all()
