"""What a reader of an allocation must know: each thing that is not as it should be, by name and with the reason."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from plantation.errors import N_
from plantation.geometry.access import BESIDE_A_WAY_M, LANDLOCKED_BELOW_M
from plantation.geometry.grounds import ExistingParcel, PlotGround, Trim
from plantation.geometry.parcel_cuts import Cut
from plantation.geometry.rules import RightInput
from plantation.geometry.walks import neighbours_of, reached

LEAST_COMPACT = 0.25
TOLERANCE_M2 = 0.01

LANDLOCKED = N_("Parcel %(parcel)s is landlocked: it has %(frontage_m)s m of border on an edge, a way or a lane; 3 m are needed.")
NARROW_PLOT = N_("Parcel %(parcel)s is narrower than 3 m at (%(lon)s, %(lat)s), where the plot itself is (%(lost_m2)s m²).")
NARROW_CUT = N_("Parcel %(parcel)s is narrower than 3 m at (%(lon)s, %(lat)s) (%(lost_m2)s m²): no better cut was found there.")
WRONG_AREA = N_("Parcel %(parcel)s is off by %(off_m2)s m²: what would be left over is too little to be laid apart.")
NOT_COMPACT = N_("Parcel %(parcel)s is little compact (%(compactness)s): the plot leaves no better shape for it.")
TRIMMED = N_("Plots %(first)s and %(second)s overlap by %(area_m2)s m², which a GPS error explains: it stays with %(first)s.")
FAR = N_("No access line comes near plot %(plot)s: the nearest is %(away_m)s m away; within %(reach_m)s m a parcel counts as reached.")
RETURNED = N_("Parcel %(parcel)s (%(area_m2)s m²) returned to the reserve: right %(right)s takes no part any more.")
PARTED = N_("The rights that asked to lie together as “%(word)s” (%(rights)s) could not all be laid side by side.")
ALONE = N_("The wish “%(word)s” of right %(right)s had no effect: nobody else of its size drew with that word.")


@dataclass(frozen=True, slots=True)
class AllocationNote:
    """A template with figures, and the kind of note: landlocked, narrow, compactness, …"""

    kind: str
    what: str
    figures: dict[str, Any]

    def __str__(self) -> str:
        return self.what % self.figures


@dataclass(frozen=True, slots=True)
class Together:
    """Rights of one size that asked with one word to lie together, their parcels, and whether these are connected."""

    word: str
    rights: tuple[str, ...]
    parcels: tuple[str, ...]
    is_granted: bool


def together_of(
    served: Iterable[RightInput], waiting: Iterable[RightInput], drawn: Mapping[str, str], cuts: Sequence[Cut]
) -> list[Together]:
    """The groups that asked to lie together; a group whose members differ in size is one group for each size."""
    cut_of = {drawn[cut.code]: cut for cut in cuts}
    groups: dict[tuple[str, int], list[RightInput]] = defaultdict(list)
    for right in served:
        if right.beside:
            groups[right.beside, right.entitlement_millimu].append(right)
    found = []
    for (word, _), members in sorted(groups.items()):
        codes = sorted(right.code for right in members)
        mine = [cut_of[code] for code in codes]
        is_one = len(mine) > 1 and len({cut.plot for cut in mine}) == 1
        granted = is_one and len(reached([0], neighbours_of([cut.shape for cut in mine]))) == len(mine)
        found.append(Together(word, tuple(codes), tuple(cut.code for cut in mine), granted))
    return found


def notes_on(
    cuts: Sequence[Cut], trims: Iterable[Trim], existing: Iterable[ExistingParcel], held: Collection[str],
    together: Iterable[Together],
) -> list[AllocationNote]:  # fmt: skip
    """All notes, those on parcels in the order of their codes first."""
    notes = [note for cut in cuts for note in _on_parcel(cut)]
    for trim in trims:
        figures = {"first": trim.first, "second": trim.second, "area_m2": f"{trim.area_m2:.2f}"}
        notes.append(AllocationNote("overlap", TRIMMED, figures))
    for parcel in existing:
        if parcel.right not in held:
            figures = {"parcel": parcel.code, "right": parcel.right, "area_m2": f"{parcel.area_m2:.2f}"}
            notes.append(AllocationNote("returned", RETURNED, figures))
    for group in together:
        if len(group.rights) == 1:
            notes.append(AllocationNote("beside", ALONE, {"word": group.word, "right": group.rights[0]}))
        elif not group.is_granted:
            figures = {"word": group.word, "rights": ", ".join(group.rights)}
            notes.append(AllocationNote("beside", PARTED, figures))
    return notes


def notes_on_ways(grounds: Iterable[PlotGround]) -> list[AllocationNote]:
    """A note on each plot with free land that the given access lines do not touch: what makes its parcels landlocked."""
    notes = []
    for ground in grounds:
        if ground.way is None or not ground.pieces:
            continue
        away_m = float(shapely.distance(ground.edge, ground.way))
        # A way inside the plot is not far from it.
        if away_m > BESIDE_A_WAY_M and not any(piece.shape.intersects(ground.way) for piece in ground.pieces):
            figures = {"plot": ground.plot.code, "away_m": f"{away_m:,.1f}", "reach_m": f"{BESIDE_A_WAY_M:g}"}
            notes.append(AllocationNote("access", FAR, figures))
    return notes


def _on_parcel(cut: Cut) -> list[AllocationNote]:
    notes = []
    if cut.frontage_m < LANDLOCKED_BELOW_M:
        figures = {"parcel": cut.code, "frontage_m": f"{cut.frontage_m:.1f}"}
        notes.append(AllocationNote("landlocked", LANDLOCKED, figures))
    for narrow in cut.narrow:
        figures = {"parcel": cut.code, "lon": narrow.place[0], "lat": narrow.place[1], "lost_m2": f"{narrow.lost_m2:.1f}"}
        notes.append(AllocationNote("narrow", NARROW_PLOT if narrow.is_the_plots else NARROW_CUT, figures))
    if abs(cut.off_m2) > TOLERANCE_M2:
        notes.append(AllocationNote("area", WRONG_AREA, {"parcel": cut.code, "off_m2": f"{cut.off_m2:+.3f}"}))
    if cut.compactness < LEAST_COMPACT:
        figures = {"parcel": cut.code, "compactness": f"{cut.compactness:.2f}"}
        notes.append(AllocationNote("compactness", NOT_COMPACT, figures))
    return notes
