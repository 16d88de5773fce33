"""Who is looking: the household of the account that is signed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import g

from plantation.errors import NotAllowed, NotFound, Refusal
from plantation.models import Household
from plantation.services.desk import Desk
from plantation.services.mine.my_pages import own_household
from plantation.web.desks import reading_desk, writing_desk
from plantation.web.refusals import attach

Result = TypeVar("Result")


def at_home() -> tuple[Desk, Household]:
    """The reading desk, and the household. :raises NotAllowed: the account belongs to none."""
    desk = reading_desk()
    return desk, own_household(desk, g.signed_in.household_id)


def save_at_home(form: Any, work: Callable[[Desk, Household], Result], places: Mapping[type[Refusal], str]) -> Result | None:
    """Do `work` for the household on a writing desk and give its result; a refusal is shown in `form`, at the field
    that `places` names, and the result is None."""
    try:
        with writing_desk() as desk:
            return work(desk, own_household(desk, g.signed_in.household_id))
    except (NotAllowed, NotFound):
        raise
    except Refusal as refusal:
        attach(form, refusal, next((name for kind, name in places.items() if isinstance(refusal, kind)), ""))
    return None
