"""`plantation account` and `plantation token`: who may sign in, and which devices may send weighings."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from plantation.domain.words import Role
from plantation.services.desk import Desk, choose_collective
from plantation.services.fruit.buyers import load_buyer
from plantation.services.people import accounts, devices, second_factors
from plantation.services.people.households import load_household
from plantation.services.people.passwords import PIN_DIGITS, WITH_PIN, random_password, random_pin

_collective = click.option("--collective", metavar="CODE", help="Which collective, where there are several.")


@contextmanager
def _desk(ctx: click.Context, collective: str | None) -> Iterator[Desk]:
    database = ctx.find_root().obj()
    try:
        with database.write() as session:
            yield Desk(session, choose_collective(session, collective), "cli", dt.datetime.now(dt.UTC))
    finally:
        database.dispose()


@click.group()
def account() -> None:
    """Create sign-in accounts and give them new secrets."""


@account.command("drop-factor")
@click.argument("name")
@_collective
@click.pass_context
def drop_factor(ctx: click.Context, name: str, collective: str | None) -> None:
    """Ask NAME for no second factor any more: for who lost phone and paper. It is in the journal."""
    with _desk(ctx, collective) as desk:
        dropped = second_factors.turn_off(desk, accounts.load_account(desk, name))
    click.echo(f"Account {name}: " + ("no code is asked for any more." if dropped else "there was no second factor."))


@account.command()
@click.argument("name")
@click.option("--role", required=True, type=click.Choice([str(role) for role in Role]), help="What the account may do.")
@click.option("--household", metavar="CODE", help="Whose account it is, for the roles household and relative.")
@click.option("--buyer", metavar="CODE", help="Whose account it is, for the role buyer.")
@click.option("--generate", is_flag=True, help="Make a secret and show it once, instead of asking for one.")
@_collective
@click.pass_context
def create(
    ctx: click.Context,
    name: str,
    role: str,
    household: str | None,
    buyer: str | None,
    generate: bool,
    collective: str | None,
) -> None:
    """Create the account NAME. Its password is asked for; without a terminal it is made and shown once."""
    secret, shown = _secret(role, generate)
    with _desk(ctx, collective) as desk:
        accounts.create_account(
            desk,
            name=name,
            role=Role(role),
            secret=secret,
            household=load_household(desk, household) if household else None,
            buyer=load_buyer(desk, buyer) if buyer else None,
        )
    click.echo(f"Account {name} ({role}) is ready.")
    if shown:
        click.echo(f"{_word(role)} (shown this once): {secret}")


@account.command()
@click.argument("name")
@click.option("--generate", is_flag=True, help="Make a secret and show it once, instead of asking for one.")
@_collective
@click.pass_context
def reset(ctx: click.Context, name: str, generate: bool, collective: str | None) -> None:
    """Give NAME a new password or PIN; its open sign-ins end and failed tries are forgotten."""
    with _desk(ctx, collective) as desk:
        role = accounts.load_account(desk, name).role
    secret, shown = _secret(role, generate)
    with _desk(ctx, collective) as desk:
        accounts.set_secret(desk, accounts.load_account(desk, name), secret)
    click.echo(f"Account {name} has a new {_word(role)}.")
    if shown:
        click.echo(f"{_word(role)} (shown this once): {secret}")


@account.command()
@click.argument("name")
@_collective
@click.pass_context
def close(ctx: click.Context, name: str, collective: str | None) -> None:
    """Close the account NAME: it cannot sign in any more."""
    with _desk(ctx, collective) as desk:
        accounts.deactivate_account(desk, accounts.load_account(desk, name))
    click.echo(f"Account {name} is closed.")


@click.group()
def token() -> None:
    """API tokens of managers' devices."""


@token.command("create")
@click.argument("name")
@_collective
@click.pass_context
def create_token(ctx: click.Context, name: str, collective: str | None) -> None:
    """Make a token for the device NAME; it is shown once, on a line of its own."""
    with _desk(ctx, collective) as desk:
        plain = devices.create_device_token(desk, name)
    click.echo(plain)
    click.echo("It is shown this once. The device sends it as: Authorization: Bearer …", err=True)


@token.command("revoke")
@click.argument("name")
@_collective
@click.pass_context
def revoke_token(ctx: click.Context, name: str, collective: str | None) -> None:
    """Refuse the token of the device NAME from now on."""
    with _desk(ctx, collective) as desk:
        devices.revoke_device(desk, name)
    click.echo(f"The token {name} is revoked.")


def _secret(role: str, generate: bool) -> tuple[str, bool]:
    """(secret, whether it must be shown because nobody typed it)"""
    if generate or not sys.stdin.isatty():
        return (random_pin() if role in WITH_PIN else random_password()), True
    asked = f"{_word(role)} ({PIN_DIGITS} digits)" if role in WITH_PIN else _word(role)
    return click.prompt(asked, hide_input=True, confirmation_prompt=True), False


def _word(role: str) -> str:
    return "PIN" if role in WITH_PIN else "Password"
