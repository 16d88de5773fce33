"""From a folder: households and their rights."""

from __future__ import annotations

from plantation.errors import N_
from plantation.services.folder.import_desk import ImportDesk
from plantation.services.land.rights import RightInput, right_problems, upsert_rights
from plantation.services.people.households import HouseholdInput, household_problems, upsert_households

_RIGHT_COLUMNS = {"entitlement_millimu": "entitlement_mu", "starts_on": "from", "ends_on": "to"}


def import_households(work: ImportDesk) -> None:
    """households.csv: create or change by code."""
    table = work.read("households")
    if table is None:
        return
    sound: list[HouseholdInput] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        code = row.get("code")
        is_once = code is None or work.once(table, row, seen, code, N_("Household"), code, "code")
        given = HouseholdInput(code or "-", (row.get("name") or "-").strip(), row.get("members") or 0, (row.get("phone") or "").strip())
        if work.blame_all(table, row, household_problems(given)) and row.is_whole and is_once:
            sound.append(given)
        else:
            work.doubt("household", code)
    work.counts["households"] = upsert_households(work.desk, sound)
    work.forget_ids("household")


def import_rights(work: ImportDesk) -> None:
    """rights.csv: create or change by code."""
    table = work.read("rights")
    if table is None:
        return
    sound: list[tuple[RightInput, int]] = []
    seen: dict[str, int] = {}
    for row in table.rows:
        code = row.get("code")
        is_once = code is None or work.once(table, row, seen, code, N_("Right"), code, "code")
        household_id = work.resolve(table, row, "household", "household")
        is_sound = False
        if row.is_whole:
            given = RightInput(row["code"], row["household"], row["entitlement_mu"], row["from"], row["to"], row["status"])
            is_sound = work.blame_all(table, row, right_problems(given), _RIGHT_COLUMNS)
        if is_sound and is_once and household_id is not None:
            sound.append((given, household_id))
        else:
            work.doubt("right", code)
    work.counts["rights"] = upsert_rights(work.desk, sound)
    work.forget_ids("right")
