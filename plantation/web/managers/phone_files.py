"""The office reads in what a phone could not send: a broken phone, a revoked one, one that never finds a signal."""

from __future__ import annotations

from typing import Any

from plantation.domain.words import Role
from plantation.errors import Refusal
from plantation.exchange.phone_files import PhoneFile, slips_in
from plantation.forms.phone_files import PhoneFileForm
from plantation.services.fruit.weighing_inputs import Status
from plantation.web.api.reading import said_back
from plantation.web.api.weighings import receive_items
from plantation.web.guard import only
from plantation.web.managers import managers
from plantation.web.managers.saving import show_form
from plantation.web.refusals import attach


@managers.route("/closings/file", methods=["GET", "POST"])
@only(Role.MANAGER, Role.WEIGHER)
def read_phone_file() -> Any:
    form = PhoneFileForm()
    results = None
    if form.validate_on_submit():
        try:
            results = _receive(slips_in(form.content), (form.reason.data or "").strip())
        except Refusal as refusal:
            attach(form, refusal, "file")
    return show_form("managers/field/file.html", form, results=results)


def _receive(file: PhoneFile, reason: str) -> list[dict[str, Any]]:
    """The results, of the reversals too. What the books do not have of a slip that was taken back is not reversed there.
    What is refused is tried once more with the office's `reason`: with one a day may lie outside the season."""
    results = _results(file.items)
    if reason:
        refused = [place for place, result in enumerate(results) if result["status"] == Status.REFUSED and not result["takes_back"]]
        for place, result in zip(refused, _results([{**file.items[place], "reason": reason} for place in refused]), strict=True):
            results[place] = result
    there = {result["id"]: result["slip"] for result in results if result["slip"]}
    return [*results, *_results([{**reversal, "reverses": there[id]} for id, reversal in file.undone.items() if id in there])]


def _results(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """With what the phone said, by which people know the slip that was refused."""
    told = zip(items, receive_items(items), strict=True)
    return [
        {**result, "takes_back": "reverses" in item, "said": {name: said_back(value) for name, value in item.items()}}
        for item, result in told
    ]
