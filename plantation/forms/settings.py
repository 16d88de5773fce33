"""The forms for what a collective sets once: its name, its crates and bags, and what a mu bears by age."""

from __future__ import annotations

from wtforms import FieldList, FormField, HiddenField
from wtforms import Form as PlainForm

from plantation.domain.forecast import Stage
from plantation.domain.limits import MOST_KG_PER_MU
from plantation.domain.tares import MOST_GRAMS, MOST_TARES
from plantation.errors import N_
from plantation.forms.base import Form
from plantation.forms.fields import KilogramField, NameField, Needed, WholeField

STAGES = {
    Stage.YOUNG: N_("young"),
    Stage.FIRST_FRUIT: N_("first fruit"),
    Stage.RISING: N_("rising"),
    Stage.FULL_BEARING: N_("full bearing"),
    Stage.DECLINE: N_("decline"),
}


class CollectiveForm(Form):
    """What the village calls itself. `seen_entry` is where the journal stood when it was shown."""

    seen_entry = HiddenField()
    name = NameField(
        N_("Name"),
        [Needed()],
        description=N_("As people know it, and as it stands on your stamp, such as: A’guoyi village, Kulansarik township."),
    )


class TareForm(PlainForm):
    """One kind; without a weight it does not count."""

    name = NameField(N_("Crate or bag"), most=20)
    grams = KilogramField(N_("Empty, kg"), most=MOST_GRAMS)


class TaresForm(Form):
    """All kinds, in the order of the buttons. `seen_entry` is where the journal stood when they were shown."""

    seen_entry = HiddenField()
    tares = FieldList(FormField(TareForm), N_("Crates and bags"), min_entries=MOST_TARES, max_entries=MOST_TARES)


class YieldForm(PlainForm):
    """One stage: from which age, and its band."""

    from_years = WholeField(N_("From the age of, years"), [Needed()], most=200)
    low_kg_per_mu = WholeField(N_("Low, kg per mu"), [Needed()], most=MOST_KG_PER_MU)
    mid_kg_per_mu = WholeField(N_("Most likely, kg per mu"), [Needed()], most=MOST_KG_PER_MU)
    high_kg_per_mu = WholeField(N_("High, kg per mu"), [Needed()], most=MOST_KG_PER_MU)


class YieldsForm(Form):
    """The whole table, a line for each stage. `seen_entry` is where the journal stood when it was shown."""

    seen_entry = HiddenField()
    stages = FieldList(FormField(YieldForm), N_("Yields"), min_entries=len(STAGES), max_entries=len(STAGES))
