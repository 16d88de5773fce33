"""Check a public draw: from the parcels, the rights and the seed, who should have got what.

The draw itself is described, so that anybody can recompute it, in :mod:`plantation.geometry.lots`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plantation.errors import N_, Refusal
from plantation.geometry.lots import Lot, Ticket, draw, draw_order, fingerprint, place_of
from plantation.units import Millimu


class NotThisSeed(Refusal):
    """The parcels say that another seed drew them."""

    template = N_("No parcel was drawn with the seed “%(seed)s”: the parcels' draw is %(draws)s, this seed's is %(draw)s.")


class NotTheseSizes(Refusal):
    """The parcels' sizes and the rights' entitlements cannot belong together."""

    template = N_("The parcels have %(parcels)s sizes and the rights %(rights)s: they are not of one allocation.")


@dataclass(frozen=True, slots=True)
class DrawnParcel:
    """A parcel as a file states it: its right, the entitlement it was cut for (None: not stated), its area, its draw."""

    code: str
    right: str
    area_millimu: Millimu
    entitlement_millimu: Millimu | None = None
    draw: str = ""


@dataclass(frozen=True, slots=True)
class DrawnRight:
    """A right that takes part: entitlement, and the word of those it wants to lie beside."""

    code: str
    entitlement_millimu: Millimu
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the draw has it: a template with figures."""

    what: str
    parcel: str
    stated: str
    drawn: str

    def __str__(self) -> str:
        return self.what % {"parcel": self.parcel, "stated": self.stated, "drawn": self.drawn}


OTHER_RIGHT = N_("Parcel %(parcel)s: the file says right %(stated)s, the draw gives it to right %(drawn)s.")
NOT_A_RIGHT = N_("Parcel %(parcel)s: right %(stated)s takes no part.")
PASSED_OVER = N_("Right %(stated)s has a parcel (%(parcel)s), but right %(drawn)s was drawn before it and has none.")
TWICE = N_("Right %(stated)s has two parcels: %(drawn)s and %(parcel)s.")
OTHER_SIZE = N_("Parcel %(parcel)s: it was cut for an entitlement that no right drawn here has (right %(stated)s).")


def differences(parcels: Sequence[DrawnParcel], rights: Sequence[DrawnRight], seed: str) -> list[Difference]:
    """What differs between the parcels' rights and the draw with `seed`, in the order of the parcels' codes.

    Rights without a parcel wait; they must all have been drawn after those that have one. Parcels of earlier draws keep
    their rights, which then take no part in this one.

    >>> rights = [DrawnRight("R1", 10_000), DrawnRight("R2", 10_000)]
    >>> differences([DrawnParcel("P-1", "R2", 10_000), DrawnParcel("P-2", "R1", 10_000)], rights, "316")
    []
    >>> print(*differences([DrawnParcel("P-1", "R1", 10_000), DrawnParcel("P-2", "R2", 10_000)], rights, "316")[:1])
    Parcel P-1: the file says right R1, the draw gives it to right R2.
    >>> differences([], [], "316")
    []

    :raises NotThisSeed: all parcels say that another seed drew them. :raises NotTheseSizes: what cannot be compared.
    """
    mine, held = _of_this_draw(parcels, seed)
    part = {right.code: right for right in rights if right.code not in held}
    order = draw_order(seed, part)
    found = _not_rights(mine, part) or _doubles(mine) or _passed_over(mine, order)
    if found:
        return found
    served = [part[code] for code in order[: len(mine)]]
    size_of = _sizes(mine, served)
    tickets = [Ticket(right.code, right.entitlement_millimu, right.beside) for right in served]
    found = _wrong_sizes(mine, size_of, served)
    if found:
        return found
    drawn = {code: right for right, code in draw(seed, tickets, [Lot(p.code, size_of[p.code]) for p in mine]).items()}
    return [Difference(OTHER_RIGHT, p.code, p.right, drawn[p.code]) for p in mine if p.right != drawn[p.code]]


def _of_this_draw(parcels: Sequence[DrawnParcel], seed: str) -> tuple[list[DrawnParcel], set[str]]:
    """The parcels of the last draw with this seed, in the order of their codes, and the rights that hold others."""
    ordered = sorted(parcels, key=lambda parcel: place_of(parcel.code))
    label = fingerprint(seed)
    labels = {parcel.draw for parcel in ordered}
    with_seed = [draw for draw in labels if draw == label or draw.startswith(f"{label}-")]
    if not with_seed and labels and "" not in labels:
        raise NotThisSeed(seed=seed, draws=", ".join(sorted(labels)), draw=label)
    last = max(with_seed, key=lambda draw: (len(draw), draw), default="")
    mine = [parcel for parcel in ordered if parcel.draw == last]
    return mine, {parcel.right for parcel in ordered if parcel.draw != last}


def _not_rights(mine: Sequence[DrawnParcel], part: dict[str, DrawnRight]) -> list[Difference]:
    return [Difference(NOT_A_RIGHT, parcel.code, parcel.right, "") for parcel in mine if parcel.right not in part]


def _doubles(mine: Sequence[DrawnParcel]) -> list[Difference]:
    first: dict[str, str] = {}
    found = []
    for parcel in mine:
        if first.setdefault(parcel.right, parcel.code) != parcel.code:
            found.append(Difference(TWICE, parcel.code, parcel.right, first[parcel.right]))
    return found


def _passed_over(mine: Sequence[DrawnParcel], order: Sequence[str]) -> list[Difference]:
    parcel_of = {parcel.right: parcel.code for parcel in mine}
    passed = next((right for right in order[: len(mine)] if right not in parcel_of), None)
    if passed is None:
        return []
    late = next(right for right in order[len(mine) :] if right in parcel_of)
    return [Difference(PASSED_OVER, parcel_of[late], late, passed)]


def _sizes(mine: Sequence[DrawnParcel], served: Sequence[DrawnRight]) -> dict[str, Millimu]:
    """The entitlement that each parcel was cut for. Where the file does not say, sizes are told apart by area: the
    smallest parcels are those of the smallest entitlement."""
    if all(parcel.entitlement_millimu is not None for parcel in mine):
        return {parcel.code: parcel.entitlement_millimu or 0 for parcel in mine}
    entitlements = sorted({right.entitlement_millimu for right in served})
    areas: list[Millimu] = []
    rank: dict[str, int] = {}
    for parcel in sorted(mine, key=lambda parcel: parcel.area_millimu):
        # Areas rounded to a thousandth of a mu may differ by one for the same size.
        if not areas or parcel.area_millimu > areas[-1] + 1:
            areas.append(parcel.area_millimu)
        rank[parcel.code] = len(areas) - 1
    if len(areas) != len(entitlements):
        raise NotTheseSizes(parcels=len(areas), rights=len(entitlements))
    return {code: entitlements[index] for code, index in rank.items()}


def _wrong_sizes(mine: Sequence[DrawnParcel], size_of: dict[str, Millimu], served: Sequence[DrawnRight]) -> list[Difference]:
    free: dict[Millimu, int] = {}
    for right in served:
        free[right.entitlement_millimu] = free.get(right.entitlement_millimu, 0) + 1
    for parcel in mine:
        free[size_of[parcel.code]] = free.get(size_of[parcel.code], 0) - 1
        if free[size_of[parcel.code]] < 0:
            return [Difference(OTHER_SIZE, parcel.code, parcel.right, "")]
    return []
