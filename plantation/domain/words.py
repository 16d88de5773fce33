"""The closed word lists of the domain: each is written in files, stored in columns and shown on screen."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account may do: see services/people/accounts.py for who reaches what."""

    MANAGER = "manager"
    ACCOUNTANT = "accountant"
    WEIGHER = "weigher"
    HOUSEHOLD = "household"
    RELATIVE = "relative"
    BUYER = "buyer"
    PICKER = "picker"
    TOWNSHIP = "township"


class WeightUnit(StrEnum):
    """In which unit a reader sees weights: kilograms, or jin (500 g)."""

    KG = "kg"
    JIN = "jin"


class RightStatus(StrEnum):
    """The state of a usufruct right; only an active one asks for land."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


class SeasonMode(StrEnum):
    """How fruit becomes money: shared revenue of the pool, or a price posted in advance."""

    POOLED = "pooled"
    POSTED = "posted"


class DeductionKind(StrEnum):
    """What a deduction is computed from."""

    PERCENT = "percent"
    YUAN_PER_KG = "yuan_per_kg"
    YUAN_PER_HOUSEHOLD = "yuan_per_household"


class ExclusionKind(StrEnum):
    """What lies in a plot and cannot be planted."""

    ROAD = "road"
    CANAL = "canal"
    ROCK = "rock"
    BUILDING = "building"
    OTHER = "other"


class LandColour(StrEnum):
    """What a map of the land may tell by colour."""

    YIELD = "yield"
    OWNER = "owner"
    AGE = "age"
    VARIETY = "variety"


class AllocationRule(StrEnum):
    """What happens when more land is asked for than there is."""

    STRICT = "strict"
    PRORATE = "prorate"
    WAITLIST = "waitlist"


class ParcelShape(StrEnum):
    """How parcels are cut: as compact as can be, or along the planting rows."""

    COMPACT = "compact"
    STRIPS = "strips"


class ReleaseSubject(StrEnum):
    """What needs a second person before it counts."""

    SETTLEMENT = "settlement"
    PAYMENT_FILE = "payment_file"
    DIVIDEND = "dividend"
    PRICE = "price"


class ReleaseStep(StrEnum):
    """One person prepares, another one releases; or it is withdrawn."""

    PREPARED = "prepared"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


class DisputeAbout(StrEnum):
    """What a household says is wrong with a slip: one tap says it, words may be added."""

    WEIGHT = "weight_wrong"
    GRADE = "grade_wrong"
    NOT_MINE = "not_mine"
    PICKER = "picker_wrong"
    OTHER = "something_else"


class AdvanceForm(StrEnum):
    """What a household had before its settlement."""

    CASH = "advance_cash"
    GOODS = "advance_goods"


class BankOutcome(StrEnum):
    """What a bank says of a row of a batch file."""

    PAID = "bank_paid"
    BOUNCED = "bank_bounced"


class DifferenceKind(StrEnum):
    """What does not agree, or does not look right: see domain/differences.py for the rule of each."""

    BUYER = "buyer_differs"
    OVER_PARCEL = "over_parcel"
    OVER_LAND = "over_land"
    SECONDS_APART = "seconds_apart"
    SAME_TARE = "same_tare"
    ROUND_NUMBERS = "round_numbers"
    DRIFT = "scale_drift"
    CLOCK = "wrong_clock"


class DifferenceVerdict(StrEnum):
    """How a difference ended."""

    EXPLAINED = "explained"
    CORRECTED = "corrected"
    ACCEPTED = "accepted"


class QualityMeasure(StrEnum):
    """What is measured in a sample of a delivery, as a part of its weight."""

    IMPURITY = "impurity"
    MOISTURE = "moisture"


class PriceDecision(StrEnum):
    """What becomes of a slip whose paper says another price than the season's."""

    SEASON = "season_price"
    MADE_GOOD = "made_good"
    PAPER = "price_on_paper"


class SlipDifference(StrEnum):
    """How a slip differs between the device that weighed it and the books."""

    MISSING = "missing_here"
    UNKNOWN = "unknown_there"
    OTHER = "differs"
