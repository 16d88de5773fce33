"""Four eyes: who prepared does not release, and what has moved is not released."""

from __future__ import annotations

import pytest

from plantation.domain.words import ReleaseSubject
from plantation.errors import NotFound
from plantation.services import releases
from plantation.services.releases import ChangedSince, NotPrepared, SamePerson

SETTLEMENT = ReleaseSubject.SETTLEMENT
ONE, TWO = "1" * 64, "2" * 64


def test_one_person_prepares_and_another_releases(desk):
    with desk(actor="Zhao") as zhao:
        releases.prepare(zhao, SETTLEMENT, "2026", ONE)
        assert releases.prepare(zhao, SETTLEMENT, "2026", ONE).id == releases.waiting(zhao)[0].id
    with desk(actor="zhao") as zhao, pytest.raises(SamePerson, match="another person"):
        releases.release(zhao, SETTLEMENT, "2026", ONE)
    with desk(actor="Wang") as wang:
        assert releases.release(wang, SETTLEMENT, "2026", ONE).recorded_by == "Wang"
        assert releases.waiting(wang) == []
    with desk(actor="Wang") as wang, pytest.raises(NotPrepared, match="2026"):
        releases.release(wang, SETTLEMENT, "2026", ONE)


def test_what_has_moved_is_prepared_again(desk):
    with desk(actor="Zhao") as zhao:
        releases.prepare(zhao, SETTLEMENT, "2026", ONE)
    with desk(actor="Wang") as wang, pytest.raises(ChangedSince, match="Zhao"):
        releases.release(wang, SETTLEMENT, "2026", TWO)
    with desk(actor="Wang") as wang:
        releases.prepare(wang, SETTLEMENT, "2026", TWO)
        assert [one.digest for one in releases.waiting(wang)] == [TWO]
    with desk(actor="Zhao") as zhao:
        releases.release(zhao, SETTLEMENT, "2026", TWO)


def test_what_is_withdrawn_waits_no_more(desk):
    with desk(actor="Zhao") as zhao:
        waits = releases.prepare(zhao, ReleaseSubject.PAYMENT_FILE, "B-1", ONE)
        releases.withdraw(zhao, waits.id)
        assert releases.waiting(zhao) == []
        with pytest.raises(NotFound):
            releases.withdraw(zhao, waits.id)
