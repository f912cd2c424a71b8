"""`wms person …`: the first administrator, and a way in when nobody can sign in any more."""

from collections.abc import Callable
from typing import Final

import click

from wms.access import queries, service
from wms.access.authenticate import doorkeeper
from wms.access.terms import HOME_SITE, ROLES, CreatePerson, SetPassword, TakeIn
from wms.db.transaction import Doorway
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret
from wms.web.messages import sentence

_SITE: Final = click.option("--site", default=int(HOME_SITE), show_default=True, type=int)


def group(doorway: Callable[[], Doorway]) -> click.Group:
    """Return the commands, which ask `doorway` for the database when they run."""

    @click.group("person")
    def commands() -> None:
        """Take people in and set passwords; secrets are asked for, never given as arguments."""

    @commands.command()
    @click.argument("login")
    @click.option("--name-zh", prompt="Name in Chinese")
    @click.option("--name-en", prompt="Name in English")
    @click.option("--role", default="administrator", show_default=True, type=click.Choice([*ROLES]))
    @click.option("--language", default="zh", show_default=True, type=click.Choice(["zh", "en"]))
    @_SITE
    def add(login: str, name_zh: str, name_en: str, role: str, language: str, site: int) -> None:
        """Take somebody in with one role and a password."""
        secret, door, site_id = _ask(), doorway(), SiteId(site)
        acting = system_actor(site_id, "wms person add")
        try:
            person = CreatePerson(site_id, login, name_zh, name_en, language)
            door.run(service.take_in, TakeIn(person, role, secret), acting)
        except Refusal as refusal:
            raise _told(refusal) from None
        click.echo(f"{login}: {role}")

    @commands.command("set-password")
    @click.argument("login")
    @_SITE
    def set_password(login: str, site: int) -> None:
        """Give somebody a new password; their sessions end."""
        secret, door, site_id = _ask(), doorway(), SiteId(site)
        try:
            with door.read(doorkeeper(site_id)) as tx:
                person_id = queries.person_id_of(tx, login)
            door.run(
                service.set_password,
                SetPassword(site_id, person_id, secret),
                system_actor(site_id, "wms person set-password"),
            )
        except Refusal as refusal:
            raise _told(refusal) from None
        click.echo(f"{login}: password set")

    return commands


def _ask() -> Secret:
    return Secret(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _told(refusal: Refusal) -> click.ClickException:
    return click.ClickException(sentence("en", refusal.code, **refusal.facts))
