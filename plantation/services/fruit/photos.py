"""Photos of the scale: kept with their slip, sealed by their SHA-256, shown to its household and to the office."""

from __future__ import annotations

import datetime as dt
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import or_, select

from plantation.domain.pictures import plain_jpeg
from plantation.errors import N_, NotFound, Refusal
from plantation.models import Household, SlipPhoto, Weighing, WeighingShare
from plantation.services import facts, journal
from plantation.services.desk import Desk
from plantation.services.once import id_of

MOST_PHOTOS = 3


class TooManyPhotos(Refusal):
    """A slip is no album."""

    template = N_("Slip %(slip)s has %(count)s photos already; more are not kept.")


class PhotoSeen(NamedTuple):
    """A photo without its picture."""

    id: int
    recorded_at: dt.datetime
    recorded_by: str


def add_photo(desk: Desk, weighing_id: str, content: bytes) -> SlipPhoto:
    """Keep a picture with a recorded weighing, without what a camera wrote beside it. The same one sent again is kept once.

    :raises NotFound: no such weighing. :raises NoPicture, PictureTooLarge, TooManyPhotos: as they say.
    """
    picture = plain_jpeg(content)
    journal.lock(desk)
    slip = desk.session.scalar(select(Weighing.slip).where(Weighing.collective_id == desk.collective_id, Weighing.id == weighing_id))
    if slip is None:
        raise NotFound(what=N_("weighing"), code=weighing_id[:64])
    id_ = id_of(f"photo/{weighing_id}/{sha256(picture).hexdigest()}")
    known = desk.session.get(SlipPhoto, (desk.collective_id, id_))
    if known is not None:
        return known
    count = len(photos_of(desk, weighing_id))
    if count >= MOST_PHOTOS:
        raise TooManyPhotos(slip=slip, count=count)
    return facts.seal(desk, [SlipPhoto(id=id_, weighing_id=weighing_id, picture=picture)])[0]


def photos_of(desk: Desk, weighing_id: str) -> list[PhotoSeen]:
    """The photos of a weighing, in the order in which they came."""
    rows = desk.session.execute(
        select(SlipPhoto.id, SlipPhoto.recorded_at, SlipPhoto.recorded_by)
        .where(SlipPhoto.collective_id == desk.collective_id, SlipPhoto.weighing_id == weighing_id)
        .order_by(SlipPhoto.entry)
    )
    return [PhotoSeen(*row) for row in rows]


def picture_of(desk: Desk, photo_id: int, household: Household | None = None) -> bytes:
    """The picture of a photo; with `household`, only of a slip that is its own, or of which it has a share.

    :raises NotFound: there is none, or it is somebody else's: the two cannot be told apart.
    """
    statement = select(SlipPhoto.picture).where(SlipPhoto.collective_id == desk.collective_id, SlipPhoto.id == photo_id)
    if household is not None:
        own = [
            select(column).where(table.collective_id == desk.collective_id, table.household_id == household.id)
            for table, column in ((Weighing, Weighing.id), (WeighingShare, WeighingShare.weighing_id))
        ]
        statement = statement.where(or_(*(SlipPhoto.weighing_id.in_(ids) for ids in own)))
    found = desk.session.scalar(statement)
    if found is None:
        raise NotFound(what=N_("photo"), code=str(photo_id))
    return found
