"""Whose a weighing is: one household's, or shared over the parcels of a plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from plantation.errors import N_, NotFound
from plantation.geometry.earnings import share_over_parcels
from plantation.models import Household, Plot
from plantation.services.desk import Desk
from plantation.services.fruit.weighing_inputs import (
    ParcelElsewhere,
    ParcelUnheld,
    PlaceMissing,
    PlotUnshared,
    SharesDiffer,
    WeighingInput,
)
from plantation.services.lookups import HeldParcel, ids_by_code, parcels_by_code, parcels_of_plots
from plantation.units import Grams, format_kg


class Place(NamedTuple):
    """One household's, or (`household` None) shared over `parcels`: by their areas, or as `parts` says in grams."""

    household_id: int | None
    household: str | None
    plot_id: int | None
    parcel_id: int | None
    parcels: Sequence[HeldParcel] = ()
    parts: Sequence[Grams] | None = None


class Places:
    """The households, plots and parcels that a batch names, looked up in a few queries."""

    def __init__(self, desk: Desk, inputs: Sequence[WeighingInput]) -> None:
        shares = [share for one in inputs for share in one.shares]
        self._households = ids_by_code(desk, Household, _codes("household", inputs, shares))
        self._plots = ids_by_code(desk, Plot, (one.plot for one in inputs))
        self._parcels = parcels_by_code(desk, _codes("parcel", inputs, shares))
        whole = {one.plot for one in inputs if one.plot and not one.household and not one.parcel and not one.shares}
        self._plot_parcels = parcels_of_plots(desk, {self._plots[code] for code in whole if code in self._plots})

    def find(self, given: WeighingInput) -> Place:
        """The place of an input.

        :raises NotFound: it names what is not there. :raises PlaceMissing, ParcelElsewhere, ParcelUnheld, PlotUnshared:
            as they say.
        """
        plot_id = self._plot(given.plot)
        parcel = self._parcel(given.parcel, given.plot, plot_id) if given.parcel else None
        parcel_id = parcel.id if parcel else None
        if given.household:
            return Place(self._household(given.household), given.household, plot_id, parcel_id)
        if parcel is not None:
            if parcel.household_id is None:
                raise ParcelUnheld(parcel=given.parcel)
            return Place(parcel.household_id, parcel.household_code, plot_id, parcel_id)
        if plot_id is None:
            raise PlaceMissing()
        if given.shares:
            return self._shared_before(given, plot_id)
        parcels = self._plot_parcels[plot_id]
        if not parcels:
            raise PlotUnshared(plot=given.plot)
        return Place(None, None, plot_id, None, parcels)

    def _shared_before(self, given: WeighingInput, plot_id: int) -> Place:
        shares = sorted(given.shares)
        parcels = [
            self._parcel(share.parcel, given.plot, plot_id)._replace(
                household_id=self._household(share.household), household_code=share.household, area_dm2=share.area_dm2
            )
            for share in shares
        ]
        return Place(None, None, plot_id, None, parcels, [share.net_grams for share in shares])

    def _plot(self, code: str | None) -> int | None:
        if not code:
            return None
        if code not in self._plots:
            raise NotFound(what=N_("plot"), code=code)
        return self._plots[code]

    def _parcel(self, code: str, plot: str | None, plot_id: int | None) -> HeldParcel:
        parcel = self._parcels.get(code)
        if parcel is None:
            raise NotFound(what=N_("parcel"), code=code)
        if plot_id is not None and parcel.plot_id != plot_id:
            raise ParcelElsewhere(parcel=code, plot=plot)
        return parcel

    def _household(self, code: str) -> int:
        if code not in self._households:
            raise NotFound(what=N_("household"), code=code)
        return self._households[code]


def _codes(name: str, *named: Sequence[object]) -> set[str | None]:
    return {getattr(one, name) for several in named for one in several}


def share_lines(place: Place, parcel: str | None, net_grams: Grams) -> list[tuple[str, str | None, Grams]]:
    """(household code, parcel code or None, net grams) of each line; they sum to `net_grams`.

    >>> share_lines(Place(1, "H001", None, None), None, 5_000)
    [('H001', None, 5000)]

    :raises SharesDiffer: parts that were given do not sum to it.
    """
    if place.household is not None:
        return [(place.household, parcel, net_grams)]
    parts = place.parts
    if parts is None:
        parts = share_over_parcels(net_grams, [(one.code, one.area_dm2) for one in place.parcels])
    elif sum(parts) != net_grams:
        raise SharesDiffer(shared_kg=format_kg(sum(parts)), net_kg=format_kg(net_grams))
    return [(str(one.household_code), one.code, part) for one, part in zip(place.parcels, parts, strict=True)]
