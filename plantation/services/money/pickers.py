"""Hired pickers: who they are. A code is one person; a name that was corrected still stands on slips and means the same one."""

from __future__ import annotations

from sqlalchemy import select

from plantation.errors import N_, BadValue, NotFound, Refusal
from plantation.models import Picker
from plantation.services import facts, journal
from plantation.services.changes import check_seen, last_fact
from plantation.services.desk import Desk
from plantation.services.master_data import CodeTaken
from plantation.services.once import id_of
from plantation.services.people.accounts import plain_name
from plantation.services.words import check_code, check_name


class PickerNameTaken(Refusal):
    """Slips name pickers by code or name, so that one text must mean one picker."""

    field = "name"
    template = N_("“%(text)s” is picker %(code)s already. Slips would not say which of the two picked.")


def save_picker(
    desk: Desk, *, code: str, name: str, phone: str = "", is_new: bool = False, once: str | None = None, seen_entry: int | None = None
) -> Picker:
    """Write a picker down, or write another name or phone for that code. Saved unchanged, nothing is written. `seen_entry` is the
    journal's last entry when the name was on screen.

    :raises SaidMeanwhile: somebody wrote another one since. :raises PickerNameTaken: another picker is called so. :raises CodeTaken: who `is_new` has another one's code. :raises BadValue: a code, name or phone that is none.
    """
    journal.lock(desk)
    code, name, phone = check_code(code.strip(), N_("a code of 1 to 64 printable characters")), check_name(name.strip()), phone.strip()
    if len(phone) > 30 or not phone.isprintable():
        raise BadValue(value=phone[:40], expected=N_("a phone number of at most 30 characters"))
    aliases = picker_texts(desk)
    for text in (code, name):
        if aliases.get(text, code) != code:
            raise PickerNameTaken(text=text, code=aliases[text])
    last = next((one for one in list_pickers(desk) if one.code == code), None)
    if last is not None and (last.name, last.phone) == (name, phone):
        return last
    if last is not None and is_new:
        raise CodeTaken(what=N_("picker"), code=code)
    check_seen(last_fact(desk, Picker, Picker.code == code), seen_entry)
    return facts.seal(desk, [Picker(id=id_of(once) if once else None, code=code, name=name, phone=phone)])[0]


def list_pickers(desk: Desk) -> list[Picker]:
    """Every picker as last written down, by code."""
    return facts.latest_facts(desk, Picker, Picker.code)


def load_picker(desk: Desk, code: str) -> Picker:
    """:raises NotFound: there is none of that code in this collective."""
    for one in facts.latest_facts(desk, Picker, Picker.code, conditions=(Picker.code == code,)):
        return one
    raise NotFound(what=N_("picker"), code=code[:64])


def picker_of_account(desk: Desk, name: str) -> Picker | None:
    """The picker who signs in as `name`, None where nobody is."""
    return next((one for one in list_pickers(desk) if plain_name(one.code) == name), None)


def picker_texts(desk: Desk) -> dict[str, str]:
    """Every text that means a picker, with the picker's code: a name that was corrected still stands on slips."""
    rows = desk.session.execute(select(Picker.code, Picker.name).where(Picker.collective_id == desk.collective_id)).all()
    return {name: code for code, name in rows} | {code: code for code, _ in rows}
