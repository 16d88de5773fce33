"""What somebody says about a weighing, what is refused about it, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from plantation.errors import N_, BadValue, Refusal
from plantation.services.fruit.weighing_slips import Slip, content_hash
from plantation.services.words import CODE_LENGTH, NAME_LENGTH, check_code, check_note


class ShareInput(NamedTuple):
    """What one parcel's household had of a weighing for a whole plot, by codes."""

    parcel: str
    household: str
    area_dm2: int
    net_grams: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighingInput:
    """One weighing, by codes. `time` has its offset; a blank `slip` gets the next number of the season.

    With a parcel and no household it belongs to the parcel's household; with a plot alone it is shared over the
    plot's parcels as they are now, or as `shares` says that they were when it was recorded elsewhere. `reverses` names
    the slip that this one takes back: then `reason` must be said, and place, grade and weights may be left out.
    `paper_price_fen_per_kg` is what a slip that was printed already says: never taken, only compared. `lease` is the id
    under which the slip's number was borrowed, known to the device and to its file.
    """

    id: str
    season: str
    time: dt.datetime
    slip: str | None = None
    household: str | None = None
    plot: str | None = None
    parcel: str | None = None
    grade: str = ""
    gross_grams: int | None = None
    tare_grams: int | None = None
    deduction_ppm: int | None = None
    picker: str = ""
    piece_rate_fen_per_kg: int | None = None
    reverses: str | None = None
    reason: str = ""
    shares: tuple[ShareInput, ...] = ()
    paper_price_fen_per_kg: int | None = None
    lease: str = ""


class Status(StrEnum):
    """What became of an input."""

    CREATED = "created"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """`id` is the input's (a purchase's or payment's number); `slip` is what it got, or had got the first time.
    `note` is what must be said although it was recorded."""

    id: str
    status: Status
    slip: str | None = None
    refusal: Refusal | None = None
    note: Refusal | None = None


class IdReused(Refusal):
    """One id, two contents: the second may be another weighing, so it is not swallowed."""

    template = N_("The id %(id)s was used for slip %(slip)s before, with other content.")


class TimeAhead(Refusal, ValueError):
    """A device with a wrong clock."""

    template = N_("The time %(time)s is more than a day ahead of the clock here, %(now)s.")


class PlaceMissing(Refusal, ValueError):
    """Nobody to whom the fruit could count."""

    template = N_("A weighing needs a household, a parcel or a plot.")


class ParcelElsewhere(Refusal, ValueError):
    """The parcel and the plot do not belong together."""

    template = N_("Parcel %(parcel)s does not lie in plot %(plot)s.")


class ParcelUnheld(Refusal):
    """A parcel without a household cannot say whose the fruit is."""

    template = N_("Parcel %(parcel)s belongs to no household: name the household.")


class PlotUnshared(Refusal):
    """A plot none of whose parcels has a household."""

    template = N_("Plot %(plot)s has no parcel that belongs to a household, so a weighing of it cannot be shared.")


class SharesDiffer(Refusal, ValueError):
    """Shares that are not the whole."""

    template = N_("The shares sum to %(shared_kg)s kg, the net weight is %(net_kg)s kg.")


class RateOutOfRange(Refusal, ValueError):
    """A price or a piece rate below zero, or with a digit too many."""

    template = N_("%(rate_yuan)s yuan per kg is not possible: it must be between 0 and %(limit_yuan)s.")


class ReasonMissing(Refusal, ValueError):
    """A correction says why."""

    template = N_("A reversal needs a reason.")


class ReversalReversed(Refusal):
    """Taking back what took back."""

    template = N_("Slip %(slip)s is itself a reversal: it cannot be reversed. Record a new weighing.")


class ReversedTwice(Refusal):
    """A slip is taken back once."""

    template = N_("Slip %(slip)s was reversed before, by slip %(by)s.")


class ReversalDiffers(Refusal, ValueError):
    """A reversal that says other figures than the slip it takes back."""

    template = N_("A reversal repeats its slip: slip %(slip)s says %(field)s %(found)s, not %(given)s.")


def offset_minutes(time: dt.datetime) -> int:
    """
    >>> offset_minutes(dt.datetime(2026, 9, 1, tzinfo=dt.timezone(dt.timedelta(hours=8))))
    480

    :raises BadValue: a time without an offset: it names no moment.
    """
    offset = time.utcoffset()
    if offset is None:
        raise BadValue(value=time.isoformat(), expected=N_("a time with its offset from UTC"))
    return int(offset.total_seconds()) // 60


def check_texts(given: WeighingInput) -> None:
    """Pass when each text of the input can be stored and read aloud.

    :raises BadValue: the first that cannot.
    """
    check_code(given.id, N_("an id of 1 to 64 printable characters"))
    if given.slip:
        check_code(given.slip, N_("a slip number of 1 to 64 printable characters"))
    if given.grade or not given.reverses:
        check_code(given.grade, N_("a grade of 1 to 64 printable characters"))
    for code in (given.season, given.household, given.plot, given.parcel, given.reverses):
        if code and len(code) > CODE_LENGTH:
            raise BadValue(value=code[:40], expected=N_("a code of 1 to 64 printable characters"))
    if given.picker:
        check_note(given.picker, NAME_LENGTH)
    if given.reason:
        check_note(given.reason)


def check_same(given: WeighingInput, known: Slip) -> None:
    """Pass when `given` says what `known`, recorded under the same id, says.

    What was left blank then and resolved is taken from the slip: a parcel may have changed hands since; and so is the reason with which the
    office took what the device, which knows of none, sends once more.

    :raises IdReused: it says something else.
    """
    if given.reverses and given.reverses == known.reverses:
        said = replace(
            known,
            season=given.season,
            weighed_at=given.time,
            utc_offset_minutes=offset_minutes(given.time),
            household=given.household or known.household,
            plot=given.plot or known.plot,
            parcel=given.parcel or known.parcel,
            grade=given.grade or known.grade,
            gross_grams=known.gross_grams if given.gross_grams is None else given.gross_grams,
            tare_grams=known.tare_grams if given.tare_grams is None else given.tare_grams,
            deduction_ppm=given.deduction_ppm or known.deduction_ppm,
            picker=given.picker or known.picker,
            piece_rate_fen_per_kg=given.piece_rate_fen_per_kg or known.piece_rate_fen_per_kg,
            reason=given.reason,
        )
    else:
        said = replace(
            known,
            season=given.season,
            weighed_at=given.time,
            utc_offset_minutes=offset_minutes(given.time),
            household=given.household or (known.household if given.parcel else None),
            plot=given.plot or None,
            parcel=given.parcel or None,
            grade=given.grade,
            gross_grams=given.gross_grams or 0,
            tare_grams=given.tare_grams or 0,
            deduction_ppm=given.deduction_ppm or 0,
            picker=given.picker,
            piece_rate_fen_per_kg=given.piece_rate_fen_per_kg,
            reverses=given.reverses or None,
            reason=given.reason or known.reason,
        )
    if (given.slip and known.slip and given.slip != known.slip) or content_hash(said) != known.content_hash:
        raise IdReused(id=given.id, slip=known.slip or given.id)
