"""The closed words of the domain as they are said on screen."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext

from plantation.domain import words
from plantation.domain.dividend import Basis
from plantation.errors import N_, Marked

NAMES: dict[str, Marked] = {
    words.Role.MANAGER: N_("Plot manager"),
    words.Role.ACCOUNTANT: N_("Accountant"),
    words.Role.WEIGHER: N_("Weigher"),
    words.Role.HOUSEHOLD: N_("Household"),
    words.Role.RELATIVE: N_("Relative"),
    words.Role.BUYER: N_("Buyer"),
    words.Role.PICKER: N_("Picker"),
    words.Role.TOWNSHIP: N_("Township"),
    words.WeightUnit.JIN: N_("jin"),
    words.RightStatus.ACTIVE: N_("active"),
    words.RightStatus.SUSPENDED: N_("suspended"),
    words.RightStatus.ENDED: N_("ended"),
    words.SeasonMode.POOLED: N_("pooled"),
    words.SeasonMode.POSTED: N_("posted price"),
    words.DeductionKind.PERCENT: N_("percent of gross"),
    words.DeductionKind.YUAN_PER_KG: N_("yuan per kg"),
    words.DeductionKind.YUAN_PER_HOUSEHOLD: N_("yuan per household"),
    words.LandColour.YIELD: N_("Yield"),
    words.LandColour.OWNER: N_("Holder"),
    words.LandColour.AGE: N_("Age of the trees"),
    words.LandColour.VARIETY: N_("Variety"),
    words.ExclusionKind.ROAD: N_("road"),
    words.ExclusionKind.CANAL: N_("canal"),
    words.ExclusionKind.ROCK: N_("rock"),
    words.ExclusionKind.BUILDING: N_("building"),
    words.ExclusionKind.OTHER: N_("other"),
    words.AllocationRule.STRICT: N_("strict: refuse a shortage"),
    words.AllocationRule.PRORATE: N_("prorate: the same share for all"),
    words.AllocationRule.WAITLIST: N_("waiting list in the order of the draw"),
    words.ParcelShape.COMPACT: N_("compact"),
    words.ParcelShape.STRIPS: N_("strips along the rows"),
    words.ReleaseStep.PREPARED: N_("prepared"),
    words.ReleaseStep.RELEASED: N_("released"),
    words.ReleaseStep.WITHDRAWN: N_("withdrawn"),
    words.ReleaseSubject.SETTLEMENT: N_("final settlement"),
    words.ReleaseSubject.PAYMENT_FILE: N_("payment file"),
    words.ReleaseSubject.DIVIDEND: N_("dividend"),
    words.ReleaseSubject.PRICE: N_("price"),
    words.BankOutcome.PAID: N_("paid"),
    words.BankOutcome.BOUNCED: N_("bounced"),
    words.DifferenceKind.BUYER: N_("The buyer's weight differs"),
    words.DifferenceKind.OVER_PARCEL: N_("One slip above what the land bears"),
    words.DifferenceKind.OVER_LAND: N_("More than the land bears"),
    words.DifferenceKind.SECONDS_APART: N_("Two slips seconds apart"),
    words.DifferenceKind.SAME_TARE: N_("The tare never changes"),
    words.DifferenceKind.ROUND_NUMBERS: N_("Round numbers in a row"),
    words.DifferenceKind.DRIFT: N_("The scale drifts against the buyer's"),
    words.DifferenceKind.CLOCK: N_("A device's clock may be wrong"),
    words.DifferenceVerdict.EXPLAINED: N_("explained"),
    words.DifferenceVerdict.CORRECTED: N_("corrected"),
    words.DifferenceVerdict.ACCEPTED: N_("accepted"),
    words.QualityMeasure.IMPURITY: N_("impurity"),
    words.QualityMeasure.MOISTURE: N_("moisture"),
    words.PriceDecision.SEASON: N_("the season's price stands"),
    words.PriceDecision.MADE_GOOD: N_("made good"),
    words.PriceDecision.PAPER: N_("the paper's price counts"),
    words.SlipDifference.MISSING: N_("on the device, not recorded here"),
    words.SlipDifference.UNKNOWN: N_("recorded here, not on the device"),
    words.SlipDifference.OTHER: N_("weighs or says something else"),
    "bank": N_("bank transfer"),
    "cash": N_("cash"),
    "advance": N_("taken for an advance"),
    words.AdvanceForm.CASH: N_("cash"),
    words.AdvanceForm.GOODS: N_("goods"),
    Basis.MEMBER: N_("by member"),
    Basis.MU: N_("by mu"),
    Basis.KG: N_("by kilogram"),
    words.DisputeAbout.WEIGHT: N_("The weight is wrong"),
    words.DisputeAbout.GRADE: N_("The grade is wrong"),
    words.DisputeAbout.NOT_MINE: N_("This is not my fruit"),
    words.DisputeAbout.PICKER: N_("The picker or the wage is wrong"),
    words.DisputeAbout.OTHER: N_("Something else"),
}


def install(app: Flask) -> None:
    """The filter `|word`."""
    app.jinja_env.filters["word"] = word


def word(value: str) -> str:
    """What a stored word is called in the reader's language; a word that is not ours is shown as it is."""
    return gettext(NAMES[value]) if value in NAMES else str(value)
