"""What can be wrong with a table before its rows mean anything."""

from __future__ import annotations

from plantation.errors import N_, Refusal


class WrongEncoding(Refusal):
    """The bytes are not UTF-8."""

    template = N_(
        "The file is not UTF-8: it looks like %(encoding)s (first at byte %(byte)s, line %(line)s)."
        " Save it as “CSV UTF-8” in the spreadsheet program, then send it again."
    )


class NoHeader(Refusal):
    """Nothing in it at all."""

    template = N_("The file is empty; its first row must name the columns %(columns)s.")


class ColumnMissing(Refusal):
    """The header lacks a column without which no row makes sense."""

    template = N_("The column “%(column)s” is missing; the header has %(found)s.")


class ColumnTwice(Refusal):
    """Which of the two would count?"""

    template = N_("The column “%(column)s” stands in the header twice.")


class RowRagged(Refusal):
    """A comma too few or too many: which cell belongs to which column cannot be told."""

    template = N_("The row has %(cells)s cells, the header has %(columns)s.")


class CellBlank(Refusal):
    """A value that must be there."""

    template = N_("The cell is blank; %(expected)s is expected.")


class NulCharacter(Refusal):
    """Bytes that no text has."""

    template = N_("The cell contains a NUL character, which no text has.")


class QuotesWrong(Refusal):
    """A quotation mark opened and never closed, or closed in the middle of a cell."""

    template = N_(
        "A quotation mark opens or closes in the wrong place, so this row and those below it cannot be read:"
        ' a cell with a quotation mark is written “"…""…"”.'
    )


class CellTooLong(Refusal):
    """A cell larger than any field."""

    template = N_("A cell is longer than %(most)s characters; this row and those below it cannot be read.")


class FormulaCell(Refusal):
    """What a formula says depends on the program that opens it."""

    template = N_("The cell holds a formula; put its value there (copy, then paste as values).")


class NotWorkbook(Refusal):
    """The file's ending promises a workbook."""

    template = N_("This is no .xlsx workbook that can be read: %(reason)s.")


class WorkbookTooLarge(Refusal):
    """A small file can unpack to more than the machine has."""

    template = N_("The workbook unpacks to %(found)s; at most %(most)s is read.")


class TableTwice(Refusal):
    """Two files claim to be the same table."""

    template = N_("The table “%(table)s” is in %(other)s as well; keep one of them.")


class RowTwice(Refusal):
    """A key that must stand once stands in two rows."""

    template = N_("%(what)s “%(code)s” stands in row %(row)s already.")
