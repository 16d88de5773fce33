"""`plantation serve`: the web site behind a production WSGI server."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from plantation.errors import N_, Refusal

if TYPE_CHECKING:
    from plantation.cli.certificates import Certificates
    from plantation.database import Database


class PortTaken(Refusal):
    """Something else listens there, or may not be listened on."""

    template = N_("Port %(port)s on %(host)s cannot be used: %(reason)s. Choose another with --port.")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--tls", is_flag=True, help="HTTPS with a certificate of the village's own, so that phones can weigh with no signal.")
@click.option("--name", help="With --tls: how phones call this computer, such as 192.168.1.10 or village.lan.")
@click.pass_context
def serve(ctx: click.Context, host: str, port: int, tls: bool, name: str | None) -> None:
    """Serve the web site. Needs PLANTATION_SECRET_KEY (or SECRET_KEY in config.py)."""
    from plantation.settings import SecretMissing, read_settings

    settings = read_settings()
    if not settings["SECRET_KEY"]:
        raise SecretMissing(config=settings["CONFIG_PATH"])
    ctx.obj().dispose()  # opened once, so that a missing or old database is said here and not on the first page
    run_server(host, port, _certificates(host, port, name) if tls else None)


def _certificates(host: str, port: int, name: str | None) -> Certificates:
    """Make what HTTPS needs, and say how a phone comes to trust it."""
    import datetime as dt

    import segno

    from plantation.cli.certificates import make_certificates, own_names
    from plantation.exchange.certificates import fingerprint
    from plantation.paths import instance_folder

    made = make_certificates(instance_folder() / "tls", own_names(name), dt.datetime.now(dt.UTC))
    os.environ["PLANTATION_HTTPS"] = "1"
    os.environ["PLANTATION_TLS_AUTHORITY"] = str(made.authority)
    called = "localhost" if host in ("127.0.0.1", "localhost") else made.names[-1]
    if called == "localhost":
        click.echo("No phone reaches this computer so: add --host 0.0.0.0 (and --name, how phones call it).")
    else:
        os.environ["PLANTATION_TLS_NAME"] = called
    address = f"https://{called}:{port}/trust"
    click.echo(f"A phone trusts this computer once it has installed the certificate that {address} gives it.")
    click.echo(f"Its fingerprint (SHA-256) is {fingerprint(made.authority.read_text('ascii'))}")
    click.echo("Scan this with the phone, pass the warning once, and do what the page says (docs/operating.md, HTTPS):")
    code = segno.make(address)
    try:
        code.terminal(compact=True)
    except UnicodeEncodeError:  # a console that cannot draw
        click.echo(address)
    return made


def check_port(host: str, port: int) -> None:
    """:raises PortTaken: nothing can listen at that address."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        if os.name != "nt":  # on Windows this option would let two servers share the port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port, reason=error.strerror or str(error)) from error


def run_server(host: str, port: int, certificates: Certificates | None = None) -> None:
    """Serve until stopped; the workers make the app themselves through `plantation.cli.serve:make_app`.

    :raises PortTaken: nothing can listen at that address.
    """
    check_port(host, port)
    scheme = "https" if certificates else "http"
    click.echo(f"Serving on {scheme}://{'localhost' if host == '127.0.0.1' else host}:{port} - stop with Ctrl+C")
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    # One worker process: SQLite writes best with one writer, and its readers run beside it in threads.
    Granian(
        "plantation.cli.serve:make_app",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=8,
        log_access=False,
        log_level=LogLevels.error,
        websockets=False,
        ssl_cert=certificates.certificate if certificates else None,
        ssl_key=certificates.key if certificates else None,
    ).serve()


def make_app():
    """The app from the operator's settings (in the server's worker)."""
    from threading import Thread

    from plantation import create_app

    app = create_app()
    Thread(target=look_first_at_all, args=(app.extensions["plantation"],), name="first look", daemon=True).start()
    return app


def look_first_at_all(database: Database) -> None:
    """Beside the first requests: find what the office's pages keep of each collective's latest season."""
    import datetime as dt

    from sqlalchemy.exc import SQLAlchemyError

    from plantation.services.desk import Desk, list_collectives
    from plantation.services.money.first_look import look_first

    try:
        with database.read() as session:
            for collective in list_collectives(session):
                look_first(Desk(session, collective, "server", dt.datetime.now(dt.UTC)))
    except SQLAlchemyError:  # no tables yet, or no database: a request says so in the user's words
        return
