"""Four eyes: what one person prepared and another one released."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plantation.domain.words import ReleaseStep, ReleaseSubject
from plantation.models.base import Base, Code, Hash, OptionalId, Sealed, once_sealed, one_of, within


class Release(Sealed, Base):
    """One step of a release: `prepared` fixes the figures by their `digest`; `released` or `withdrawn` names that
    step in `prepared_id`, so that each is ended once."""

    __tablename__ = "releases"
    __table_args__ = (
        once_sealed(),
        UniqueConstraint("collective_id", "prepared_id"),
        within("releases", "prepared_id"),
        one_of("step", ReleaseStep),
        one_of("subject", ReleaseSubject),
    )
    kind = "release"

    subject: Mapped[str] = mapped_column(String(20))
    name: Mapped[Code]
    step: Mapped[str] = mapped_column(String(20))
    digest: Mapped[Hash]
    prepared_id: Mapped[OptionalId]
