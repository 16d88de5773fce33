"""What a settlement would say now; nothing is written."""

from __future__ import annotations

from plantation.domain.earnings import Settlement as Computed
from plantation.domain.settlement import settle
from plantation.models import Season
from plantation.services.desk import Desk
from plantation.services.fruit.kept import Keeper
from plantation.services.fruit.season_figures import collection_paused, gather_figures
from plantation.services.lookups import the_season


def preview_settlement(desk: Desk, season: Season | str) -> Computed:
    """What a settlement would say now; nothing is written.

    :raises Refusal: what :func:`plantation.domain.settlement.settle` refuses, with the figures.
    """
    with collection_paused():
        return settle(*gather_figures(desk, the_season(desk, season)))


# The same for pages that only show it, computed once as long as nothing is written; what is posted, prepared or frozen is not
# taken from here.
seen_settlement: Keeper[Computed] = Keeper(None, lambda desk, season, *_: preview_settlement(desk, season), most=4)
