"""Tables as CSV: UTF-8 with or without BOM, any line ends in, LF out; every fault with its row."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from plantation.errors import Fault, Refusal
from plantation.exchange.table_faults import CellTooLong, QuotesWrong, WrongEncoding

_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')
_MAY_BE_QUOTED = re.compile(r'["\s]')


@dataclass(slots=True)
class RawTable:
    """A table as texts. `rows` are (row as a spreadsheet counts: the header is 1, cells); blank rows are left out."""

    file: str
    header: list[str] = field(default_factory=list)
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, row: int, column: str, refusal: Refusal) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(self.file, row, column, refusal))


def decode(content: bytes) -> str:
    """The text of `content`.

    >>> decode("code,name\\n".encode("utf-8-sig"))
    'code,name\\n'

    :raises WrongEncoding: it is not UTF-8; it says what it looks like and where.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WrongEncoding(encoding=_guess(content), byte=error.start + 1, line=line) from error
    if _has_many_zeros(content):
        raise WrongEncoding(encoding="UTF-16", byte=content.index(0) + 1, line=1)
    if _is_gbk_by_chance_valid(content, text):
        place = next(place for place, byte in enumerate(content) if byte > 127)
        raise WrongEncoding(encoding="GBK", byte=place + 1, line=content.count(b"\n", 0, place) + 1)
    return text


def _is_gbk_by_chance_valid(content: bytes, text: str) -> bool:
    """Whether a short Chinese text in GBK happens to be UTF-8 as well: 钱 is then Ǯ.

    Such letters are in no language of these files, and never the only ones beside ASCII.
    """
    letters = {letter for letter in text if letter > "\x7f"}
    if not letters or max(letters) > "\u052f" or not any("\u01dd" <= letter <= "\u036f" for letter in letters):
        return False
    return _guess(content) == "GBK"


def _has_many_zeros(content: bytes) -> bool:
    """Whether every other byte of much of it is 0, as Latin letters are in UTF-16."""
    return max(content[1::2].count(0), content[::2].count(0)) > len(content) // 8


def _guess(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or _has_many_zeros(content):
        return "UTF-16"
    for encoding, name in (("gb18030", "GBK"), ("big5", "Big5")):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any("\u4e00" <= character <= "\u9fff" for character in text):
            return name
    return "an older Windows encoding"


def read_csv(content: bytes, file: str) -> RawTable:
    """The table of `content`. What cannot be read is among its faults; rows before it are there.

    A header that has semicolons or tabs and no comma is taken to be separated by these.

    >>> table = read_csv(b"code;name\\r\\nH001;Qian\\r\\n", "households.csv")
    >>> table.header, table.rows
    (['code', 'name'], [(2, ['H001', 'Qian'])])
    >>> str(read_csv("名字".encode("gbk"), "households.csv").faults[0]).split(":")[1]
    ' The file is not UTF-8'
    """
    table = RawTable(file)
    try:
        text = decode(content)
    except WrongEncoding as refusal:
        table.blame(0, "", refusal)
        return table
    first = text.split("\n", 1)[0]
    delimiter = next((mark for mark in ";\t" if mark in first and "," not in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row, cells in _records(table, reader):
        if not table.header:
            table.header = cells
        elif any(cell and not cell.isspace() for cell in cells):
            table.rows.append((row, cells))
    return table


def _records(table: RawTable, reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    row = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            long = "field limit" in str(error)
            table.blame(row, "", CellTooLong(most=f"{csv.field_size_limit():,}") if long else QuotesWrong())
            return
        yield row, cells


def csv_line(cells: Sequence[str]) -> str:
    r"""One line of CSV with its LF; the same cells give the same bytes everywhere.

    >>> csv_line(["H001", "a,b", "say “no”", 'a"b', "", " x"])
    'H001,"a,b",say “no”,"a""b",," x"\n'
    """
    line = ",".join(cells)
    if line.count(",") == len(cells) - 1 and not _MAY_BE_QUOTED.search(line):  # one look at nearly every line of a million
        return line + "\n"
    return ",".join(['"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells]) + "\n"


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a whole table."""
    yield csv_line(header)
    for row in rows:
        yield csv_line(row)
