"""Typed SQLAlchemy models, one noun a file. They know the database and nothing of Flask or of files."""

from plantation.models.accounts import Account, DeviceToken, RecoveryCode, SecondFactor, SignIn, SignInAttempt
from plantation.models.advances import Advance
from plantation.models.banks import BankAccount, BankLayout, PaymentFile, PaymentFileAnswer, PaymentFileLine
from plantation.models.base import Base, Sealed, new_id, new_ids
from plantation.models.buyer_payments import BuyerPayment
from plantation.models.closings import Closing
from plantation.models.collectives import Collective, JournalHead
from plantation.models.devices import DeviceState, SlipLease
from plantation.models.differences import DifferenceAnswer
from plantation.models.disputes import Dispute, DisputeAnswer
from plantation.models.dividends import Dividend, DividendLine, DividendPayment
from plantation.models.households import Household
from plantation.models.journal import JournalEntry
from plantation.models.lots import Lot, LotOpening, LotSale
from plantation.models.notices import Notice, Objection, ObjectionAnswer
from plantation.models.parcels import Allocation, Parcel
from plantation.models.payments import Payment
from plantation.models.photos import SlipPhoto
from plantation.models.pickers import Picker, PickerDay, PickerPayment
from plantation.models.plots import AccessLine, Exclusion, Plot
from plantation.models.price_questions import PriceAnswer, PriceQuestion
from plantation.models.purchases import Buyer, Purchase, PurchaseLine
from plantation.models.quality import QualityCheck, QualityLimit
from plantation.models.releases import Release
from plantation.models.rights import Right
from plantation.models.seasons import Deduction, Price, Season
from plantation.models.settlements import Earnings, Settlement, SettlementGrade
from plantation.models.tares import TareList
from plantation.models.township import TownshipGrant
from plantation.models.weighings import SlipRange, Weighing, WeighingShare
from plantation.models.yields import YieldTable

__all__ = [
    "AccessLine",
    "Account",
    "Advance",
    "Allocation",
    "BankAccount",
    "BankLayout",
    "Base",
    "Buyer",
    "BuyerPayment",
    "Closing",
    "Collective",
    "Deduction",
    "DeviceState",
    "DeviceToken",
    "DifferenceAnswer",
    "Dispute",
    "DisputeAnswer",
    "Dividend",
    "DividendLine",
    "DividendPayment",
    "Earnings",
    "Exclusion",
    "Household",
    "JournalEntry",
    "JournalHead",
    "Lot",
    "LotOpening",
    "LotSale",
    "Notice",
    "Objection",
    "ObjectionAnswer",
    "Parcel",
    "Payment",
    "PaymentFile",
    "PaymentFileAnswer",
    "PaymentFileLine",
    "Picker",
    "PickerDay",
    "PickerPayment",
    "Plot",
    "Price",
    "PriceAnswer",
    "PriceQuestion",
    "Purchase",
    "PurchaseLine",
    "QualityCheck",
    "QualityLimit",
    "RecoveryCode",
    "Release",
    "Right",
    "Sealed",
    "Season",
    "SecondFactor",
    "Settlement",
    "SettlementGrade",
    "SignIn",
    "SignInAttempt",
    "SlipLease",
    "SlipPhoto",
    "SlipRange",
    "TareList",
    "TownshipGrant",
    "Weighing",
    "WeighingShare",
    "YieldTable",
    "new_id",
    "new_ids",
]
