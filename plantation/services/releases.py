"""Four eyes: one person prepares what moves money, another one releases it.

What is prepared is fixed by a digest of its figures. Whoever releases gives the digest of what they see: if anything
has moved in between, nothing is released. The command line is the operator's and does not come through here.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import aliased

from plantation.domain.words import ReleaseStep, ReleaseSubject
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Release
from plantation.services import facts, journal
from plantation.services.desk import Desk


class NotPrepared(Refusal):
    """Nothing waits for a release under that name."""

    template = N_("Nothing is prepared for “%(name)s”. One person prepares it first, another one releases it.")


class SamePerson(Refusal):
    """Two eyes are not four."""

    template = N_("%(who)s prepared this; another person must release it.")


class ChangedSince(Refusal):
    """The figures are not those that were prepared."""

    template = N_("“%(name)s” has changed since %(who)s prepared it. Look at it again and prepare it once more.")


def prepare(desk: Desk, subject: ReleaseSubject, name: str, digest: str) -> Release:
    """Fix the figures of `name` for somebody else to release. What was prepared before, with other figures, is
    withdrawn; the same figures prepared twice are one."""
    journal.lock(desk)
    waiting = find_prepared(desk, subject, name)
    if waiting is not None:
        if waiting.digest == digest:
            return waiting
        _end(desk, waiting, ReleaseStep.WITHDRAWN)
    prepared = Release(subject=subject, name=name, step=ReleaseStep.PREPARED, digest=digest, prepared_id=None)
    return facts.seal(desk, [prepared])[0]


def release(desk: Desk, subject: ReleaseSubject, name: str, digest: str) -> Release:
    """Let what is prepared happen; the caller does it in the same transaction.

    :raises NotPrepared, ChangedSince, SamePerson: as they say.
    """
    journal.lock(desk)
    waiting = find_prepared(desk, subject, name)
    if waiting is None:
        raise NotPrepared(name=name)
    if waiting.digest != digest:
        raise ChangedSince(name=name, who=waiting.recorded_by)
    if waiting.recorded_by.casefold() == desk.actor.casefold():
        raise SamePerson(who=waiting.recorded_by)
    return _end(desk, waiting, ReleaseStep.RELEASED)


def withdraw(desk: Desk, release_id: int) -> Release:
    """Take back what waits under that id. :raises NotFound: nothing waits under it (any more)."""
    journal.lock(desk)
    found = next((one for one in waiting(desk) if one.id == release_id), None)
    if found is None:
        raise NotFound(what=N_("release"), code=str(release_id))
    return _end(desk, found, ReleaseStep.WITHDRAWN)


def find_prepared(desk: Desk, subject: ReleaseSubject, name: str) -> Release | None:
    """What waits under that name, None when nothing does."""
    return next((one for one in waiting(desk) if (one.subject, one.name) == (subject, name)), None)


def waiting(desk: Desk) -> list[Release]:
    """Everything that is prepared and neither released nor withdrawn, the oldest first."""
    ended = aliased(Release)
    return list(
        desk.session.scalars(
            select(Release)
            .outerjoin(ended, (ended.collective_id == Release.collective_id) & (ended.prepared_id == Release.id))
            .where(
                Release.collective_id == desk.collective_id,
                Release.step == ReleaseStep.PREPARED,
                ended.id.is_(None),
            )
            .order_by(Release.entry)
        )
    )


def _end(desk: Desk, prepared: Release, step: ReleaseStep) -> Release:
    ended = Release(subject=prepared.subject, name=prepared.name, step=step, digest=prepared.digest, prepared_id=prepared.id)
    return facts.seal(desk, [ended])[0]
