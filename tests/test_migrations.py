"""Migrations: head equals the models; up, down and up again leaves the same schema; rows stay on the way; on both databases."""

import ast
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from plantation.cli.schema import alembic_config, downgrade_schema, upgrade_schema
from plantation.database import Database
from plantation.models import Base
from plantation.services.collectives import create_collective
from tests.conftest import NOW
from tests.orchard import grow

VERSIONS = Path(__file__).parent.parent / "migrations" / "versions"
COLLECTIVES_OWN = {"collectives"}


@pytest.fixture
def fresh_sqlite(tmp_path):
    database = Database(f"sqlite:///{(tmp_path / 'fresh.db').as_posix()}")
    yield database
    database.dispose()


@pytest.fixture
def fresh_postgres(postgres):
    with postgres.connect("postgres") as connection:
        connection.execute("CREATE DATABASE fresh")
    database = Database(postgres.url("fresh"))
    yield database
    database.dispose()
    with postgres.connect("postgres") as connection:
        connection.execute("DROP DATABASE fresh WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def fresh(request):
    """An empty database without a table."""
    return request.getfixturevalue(f"fresh_{request.param}")


def described(database):
    """Tables with their columns, keys, constraints and indexes, comparable."""
    inspector = inspect(database.engine)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table)["constrained_columns"],
            sorted((fk["name"], tuple(fk["constrained_columns"]), fk["referred_table"]) for fk in inspector.get_foreign_keys(table)),
            sorted((unique["name"], tuple(unique["column_names"])) for unique in inspector.get_unique_constraints(table)),
            sorted((check["name"] or "", check["sqltext"]) for check in inspector.get_check_constraints(table)),
            sorted((index["name"], tuple(index["column_names"])) for index in inspector.get_indexes(table)),
        )
        for table in sorted(inspector.get_table_names())
        if table != "alembic_version"
    }


def test_head_equals_the_models(fresh):
    upgrade_schema(fresh)
    with fresh.engine.connect() as connection:
        known = {"include_object": lambda one, *_: one.info.get("only_on") in (None, connection.dialect.name)}
        assert compare_metadata(MigrationContext.configure(connection, opts=known), Base.metadata) == []
    migrated_checks = {table: parts[4] for table, parts in described(fresh).items()}  # Alembic compares no checks
    downgrade_schema(fresh, "base")
    Base.metadata.create_all(fresh.engine)
    assert migrated_checks == {table: parts[4] for table, parts in described(fresh).items()}


def test_up_down_and_up_again_leaves_the_same_schema(fresh):
    upgrade_schema(fresh)
    before = described(fresh)
    downgrade_schema(fresh, "base")
    assert described(fresh) == {}
    upgrade_schema(fresh)
    assert described(fresh) == before
    assert set(before) == set(Base.metadata.tables)


def test_each_step_goes_down_and_up(fresh_sqlite):
    fresh = fresh_sqlite
    upgrade_schema(fresh)
    steps = sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    for below, step in reversed(list(zip(["base", *steps], steps, strict=False))):
        whole = described(fresh)
        downgrade_schema(fresh, below)
        upgrade_schema(fresh, step)
        assert described(fresh) == whole
        downgrade_schema(fresh, below)
    assert described(fresh) == {}


def test_rows_stay_when_their_tables_are_changed(fresh):
    """Down to the first tables of money and up again: of what has a table on the way, no row goes and no figure changes."""
    upgrade_schema(fresh)
    with fresh.write() as session:
        grow(session, create_collective(session, "aguoyi", "阿果依村", "Asia/Shanghai", NOW), NOW)
    before = counted(fresh)
    assert before["weighings"][1] > 0 and before["payments"][1] > 0
    steps = sorted(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    for step in reversed(steps[steps.index("0003") : -1]):
        downgrade_schema(fresh, step)
        there = counted(fresh)
        assert there == {table: figures for table, figures in before.items() if table in there}, step
    downgrade_schema(fresh, "0003")
    first = counted(fresh)
    upgrade_schema(fresh)
    assert {table: figures for table, figures in counted(fresh).items() if table in first} == first


def counted(database) -> dict[str, tuple[int, int]]:
    """Per table how many rows there are, and the sum of their grams or fen."""
    with database.engine.connect() as connection:
        found = {}
        for table in inspect(connection).get_table_names():
            if table == "alembic_version":
                continue
            columns = {column["name"] for column in inspect(connection).get_columns(table)}
            figures = sorted(columns & {"net_grams", "amount_fen", "net_fen", "entitlement_millimu", "area_dm2"})
            sums = "+".join(f"COALESCE(SUM({name}), 0)" for name in figures) or "0"
            found[table] = tuple(map(int, connection.exec_driver_sql(f"SELECT COUNT(*), {sums} FROM {table}").one()))
        return found


def test_no_migration_imports_a_model():
    for path in VERSIONS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [getattr(node, "module", "") or ""]
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                assert not any(name.startswith("plantation") for name in names), path.name


def test_there_is_one_head():
    from alembic.script import ScriptDirectory

    database = Database("sqlite://")
    assert len(ScriptDirectory.from_config(alembic_config(database)).get_heads()) == 1
    assert callable(command.upgrade)


def test_the_collective_comes_first_in_every_key():
    for table in Base.metadata.tables.values():
        if table.name in COLLECTIVES_OWN:
            continue
        assert list(table.primary_key.columns)[0].name == "collective_id", table.name
        for constraint in table.constraints:
            kind = type(constraint).__name__
            if kind == "UniqueConstraint" or (kind == "ForeignKeyConstraint" and constraint.referred_table.name != "collectives"):
                assert list(constraint.columns)[0].name == "collective_id", (table.name, constraint.name)
            if kind == "ForeignKeyConstraint" and constraint.referred_table.name != "collectives":
                assert constraint.elements[0].column.name == "collective_id", (table.name, constraint.name)
