"""The forms for batch files: how a bank wants them, where households' money goes, the file itself, the bank's answer."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField
from wtforms.validators import StopValidation

from plantation.domain.bank_layouts import ENCODINGS, HEADINGS, BankColumn, Layout, check_layout
from plantation.errors import N_, BadValue, Refusal
from plantation.forms.answers import NoteField
from plantation.forms.base import Form
from plantation.forms.fields import CodeField, NameField, Needed, WordField
from plantation.forms.imports import EmptyUpload, NoFile

SEPARATED_BY = (("comma", N_("comma")), ("tab", N_("tab")), ("bar", N_("bar |")), ("semicolon", N_("semicolon")))
MOST_BYTES = 5_000_000


class AnswerTooLarge(Refusal):
    """No bank answers with that much."""

    template = N_("The file is larger than 5 MB; a bank's answer is not.")


class LayoutForm(Form):
    """How a bank wants its files. The columns are words with commas: ours, or the Chinese headings. `seen_entry` is where the journal
    stood when they were shown."""

    seen_entry = HiddenField()
    code = CodeField(N_("Bank"), [Needed()], description=N_("A short name, such as ABC or 信用社."))
    columns = NameField(N_("Columns of the file"), [Needed()])
    answer_columns = NameField(
        N_("Columns of the answer"), [Needed()], description=N_("With the result, and the reason where the bank gives one.")
    )
    paid_words = NameField(N_("Words that mean paid"), [Needed()], description=N_("With commas, such as: 成功, 0000."))
    bounced_words = NameField(
        N_("Words that mean bounced"),
        [Needed()],
        description=N_("With commas. A result that is in neither list is not read. An asterisk * means: everything else."),
    )
    separator = WordField(N_("Cells are separated by"), choices=SEPARATED_BY)
    encoding = WordField(N_("Code page"), choices=[(name, name) for name in ENCODINGS])
    has_header = BooleanField(N_("The first line names the columns."))
    has_totals = BooleanField(N_("The last line has the control totals: rows and sum."))
    in_fen = BooleanField(N_("Amounts in fen, without a decimal point."))

    def fill_in(self, layout: Layout, named: Callable[[BankColumn], str]) -> None:
        """Show `layout`, each column as it is `named`: by our word or by its heading."""
        self.columns.data = ", ".join(map(named, layout.columns))
        self.answer_columns.data = ", ".join(map(named, layout.answer_columns))
        self.paid_words.data = ", ".join(layout.paid_words)
        self.bounced_words.data = ", ".join(layout.bounced_words)
        for name in ("separator", "encoding", "has_header", "has_totals", "in_fen"):
            self[name].data = getattr(layout, name)

    def layout(self) -> Layout:
        """What was filled in. :raises Refusal: with its `field`, where it cannot be a layout."""
        return check_layout(
            Layout(
                columns=_columns("columns", self.columns.data),
                answer_columns=_columns("answer_columns", self.answer_columns.data),
                separator=self.separator.data, encoding=self.encoding.data,
                has_header=bool(self.has_header.data), has_totals=bool(self.has_totals.data), in_fen=bool(self.in_fen.data),
                paid_words=tuple(_words(self.paid_words.data)), bounced_words=tuple(_words(self.bounced_words.data)),
            )
        )  # fmt: skip


def _words(text: str | None) -> list[str]:
    return [word for word in re.split(r"[\s,，、;；]+", text or "") if word]


def _columns(field: str, text: str | None) -> tuple[BankColumn, ...]:
    known = {column.value: column for column in BankColumn} | {heading: column for column, heading in HEADINGS.items()}
    found = []
    for word in _words(text):
        if word.lower() not in known:
            refusal = BadValue(value=word[:40], expected=N_("a column: number, account, holder, amount, household, file, result or reason"))
            refusal.field = field  # type: ignore[attr-defined]
            raise refusal
        found.append(known[word.lower()])
    return tuple(found)


class AccountsForm(Form):
    """Accounts that households named, a line each: code, account, holder. `seen_entry` is where the journal stood when they were shown."""

    seen_entry = HiddenField()
    lines = NoteField(
        N_("Accounts"), [Needed()], most=400_000,
        description=N_("A line each: household, account, and whose it is where it is not the household's. No account takes it back."),
    )  # fmt: skip

    def named(self) -> list[tuple[str, str, str]]:
        """(household, account, holder) of each line."""
        rows = []
        for number, line in enumerate((self.lines.data or "").splitlines(), 1):
            cells = [cell.strip() for cell in re.split(r"[,，;；\t]", line)]
            if not any(cells):
                continue
            if len(cells) > 3 or not cells[0]:
                raise LineUnreadable(line=number, text=line[:60])
            rows.append((cells[0], *(cells[1:] + ["", ""])[:2]))
        return rows


class LineUnreadable(Refusal):
    """A line that is not three cells."""

    field = "lines"
    template = N_("Line %(line)s: “%(text)s” is not household, account, holder.")


class PaymentFileForm(Form):
    """`digest` is that of the file on screen: what has changed since is not paid."""

    digest = HiddenField()


class BankAnswerForm(Form):
    """The bank's answer to a file."""

    answer = FileField(N_("The bank's answer"), description=N_("The file as the bank gives it back."))
    bounced_words = NameField(
        N_("Words that mean bounced"),
        description=N_("What the bank writes where the money came back, with commas. Money that is still on its way did not come back."),
    )

    def words(self) -> list[str]:
        """The words that mean bounced."""
        return _words(self.bounced_words.data)

    def validate_answer(self, field: FileField) -> None:
        upload = field.data
        if not getattr(upload, "filename", ""):
            raise StopValidation(NoFile())
        content = upload.stream.read(MOST_BYTES + 1)
        if not content:
            raise StopValidation(EmptyUpload(name=upload.filename[-80:]))
        if len(content) > MOST_BYTES:
            raise StopValidation(AnswerTooLarge())
        self.content = content
