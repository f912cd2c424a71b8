"""The people of the demo site, two of them supervisors; everybody knows their password."""

from typing import Final

from sqlalchemy import select

from wms.access import proofs
from wms.access.models import Person, RoleGrant
from wms.access.terms import LoadDemoPeople
from wms.db.transaction import Tx
from wms.kernel.errors import Conflict
from wms.kernel.ids import id_from
from wms.kernel.secret import Secret

PASSWORD: Final = "demo-only-1"  # noqa: S105 - of the demo alone, printed by `make run`
PIN: Final = "4711"

_PEOPLE: Final = (
    ("clerk", "褚澄川", "Chu Chengchuan", "clerk", "B900005"),
    ("dispatcher", "韦沐陌", "Wei Mumo", "dispatcher", "B900030"),
    ("customs", "任栩陌", "Ren Xumo", "customs_officer", "B900038"),
    ("supervisor", "李汀川", "Li Tingchuan", "supervisor", "B900003"),
    ("deputy", "骆汐原", "Luo Xiyuan", "supervisor", "B900004"),
    ("admin", "昌芷舟", "Chang Zhizhou", "administrator", "B900001"),
)
"""Login, names, role and badge; invented people of the demo site, no real person is meant."""


def load_demo_people(tx: Tx, command: LoadDemoPeople) -> int:  # noqa: ARG001 - the site is in tx
    """Take the people of the demo in and return how many are new; loading twice adds none.

    Only for a site of the demo: raises Conflict `access.demo_refused` where people work already
    and none of them is of the demo, because everybody knows the password.
    """
    logins = set(tx.session.scalars(select(Person.login).where(Person.site_id == tx.site_id)))
    if logins and logins.isdisjoint(person[0] for person in _PEOPLE):
        raise Conflict("access.demo_refused", read=len(logins))
    password, pin = (proofs.remembered(Secret(text)) for text in (PASSWORD, PIN))
    fresh = [person for person in _PEOPLE if person[0] not in logins]
    for login, name_zh, name_en, role, badge in fresh:
        person_id = id_from("demo-person", str(tx.site_id), login)
        tx.session.add(
            Person(
                site_id=tx.site_id,
                person_id=person_id,
                login=login,
                name_zh=name_zh,
                name_en=name_en,
                language="zh",
                password_hash=password,
                badge_no=badge,
                pin_hash=pin,
                active=True,
                created_at=tx.now,
            )
        )
        tx.session.flush()
        tx.session.add(
            RoleGrant(site_id=tx.site_id, person_id=person_id, role=role, granted_at=tx.now)
        )
        tx.note("person", person_id, after={"login": login, "role": role})
    return len(fresh)


def demo_users() -> str:
    """Return one line for whoever tries the demo: who can sign in, and with what."""
    logins = ", ".join(login for login, *_ in _PEOPLE)
    return f"users {logins} · password {PASSWORD} · badge of the clerk {_PEOPLE[0][4]}, PIN {PIN}"
