"""How the database is asked for sums."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from plantation.services.sums import added_up_in_order


def hashing(session):
    """Whether PostgreSQL may keep groups in a table of hashes; None on SQLite, which has none."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    return session.execute(text("SHOW enable_hashagg")).scalar()


def test_groups_come_from_an_index_meanwhile_and_as_the_server_likes_afterwards(database):
    with database.read() as session:
        before = hashing(session)
        with added_up_in_order(session):
            assert hashing(session) == ("off" if before else None)
        assert hashing(session) == before


def test_what_fails_meanwhile_is_told_as_it_failed(database):
    with database.read() as session, pytest.raises(DBAPIError, match="nowhere"), added_up_in_order(session):
        session.execute(text("SELECT 1 FROM nowhere"))
