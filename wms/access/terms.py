"""The words of access: permissions, the roles that hold them, commands and their answers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret

HOME_SITE: Final = SiteId(1)
"""The site of a sign-in that names none."""

LANGUAGES: Final = ("zh", "en")

_SEE: Final = frozenset(
    f"{area}.see"
    for area in (
        *("board", "stock", "inbound", "outbound", "clearance", "customs"),
        *("gate", "seals", "ledger", "printing", "masterdata"),
    )
)

ROLES: Final[dict[str, frozenset[str]]] = {
    "clerk": frozenset(
        {
            *("board.see", "stock.see", "inbound.see", "outbound.see", "seals.see"),
            *("printing.see", "masterdata.see"),
            *("scans.use", "stock.move", "inbound.receive", "seals.affix"),
            *("outbound.pick", "outbound.pack", "outbound.load"),
            *("stock.count", "ledger.propose"),
        }
    ),
    "dispatcher": _SEE
    | {
        *("inbound.plan", "outbound.load", "outbound.dispatch", "gate.sheet"),
        *("seals.affix", "printing.reprint"),
    },
    "customs_officer": _SEE
    | {
        *("audit.see", "clearance.file", "clearance.match", "customs.send"),
        *("gate.sheet", "inbound.plan"),
        *("audit.task", "ledger.propose", "ledger.approve"),
    },
    "supervisor": _SEE
    | {
        *("audit.see", "audit.sign", "gate.decide", "scans.use", "stock.move"),
        *("inbound.plan", "inbound.receive", "outbound.dispatch", "seals.affix"),
        *("printing.reprint", "masterdata.edit"),
        *("audit.task", "ledger.propose", "ledger.approve", "stock.count"),
        "ledger.close",
    },
    "administrator": _SEE | {"audit.see", "access.manage", "masterdata.edit", "printing.reprint"},
    "device": frozenset({"board.see", "gate.see", "seals.see"}),
}
"""What each role may do. Whoever files a paper does not decide at the barrier, whoever keeps the
people moves no goods, and only the supervisor signs. Whoever proposes does not approve: that is
held by the person, not by the role, so that two of one role can be four eyes."""

PERMISSIONS: Final = frozenset[str]().union(*ROLES.values())

SESSION_LIFE: Final = timedelta(hours=12)
SESSION_IDLE: Final = timedelta(hours=2)
TOUCH_EVERY: Final = timedelta(minutes=5)
"""How exactly the last sign of life of a session or token is known."""
TOKEN_LIFE_LIMIT: Final = timedelta(days=366)


class Verdict(StrEnum):
    """What became of an attempt to prove who one is."""

    ACCEPTED = "accepted"
    WRONG = "wrong"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A login and its password, given at a desk."""

    site_id: SiteId
    login: str
    password: Secret
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class BadgeSignIn:
    """A badge that was scanned and its PIN, given on a PDA."""

    site_id: SiteId
    badge_no: str
    pin: Secret
    address: str
    user_agent: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The answer to an attempt, remembered either way; the token is given out this once."""

    verdict: Verdict
    token: Secret | None = None
    wait_seconds: int = 0
    language: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer when a PIN or password is asked for again before a deed that needs it."""

    verdict: Verdict
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class SignOut:
    """The session of this token ends."""

    site_id: SiteId
    token: Secret


@dataclass(frozen=True, slots=True)
class RevokeSession:
    """One session of a person ends, wherever it is open."""

    site_id: SiteId
    person_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class RevokeSessions:
    """Every session of a person ends."""

    site_id: SiteId
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Touch:
    """A sign of life of a session or token."""

    site_id: SiteId
    credential_id: UUID


@dataclass(frozen=True, slots=True)
class IssueToken:
    """A machine shall act for a person, with some of the person's permissions."""

    site_id: SiteId
    person_id: UUID
    name: str
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A fresh token; the secret is given out this once."""

    token_id: UUID
    secret: Secret


@dataclass(frozen=True, slots=True)
class RevokeToken:
    """A token of a person ends."""

    site_id: SiteId
    person_id: UUID
    token_id: UUID


@dataclass(frozen=True, slots=True)
class CreatePerson:
    """Somebody new; signs in only once a password or a badge with a PIN is set."""

    site_id: SiteId
    login: str
    name_zh: str
    name_en: str
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class CreatedPerson:
    """The id of somebody new."""

    person_id: UUID


@dataclass(frozen=True, slots=True)
class TakeIn:
    """Somebody new with a role and a password at once, as the first administrator is made."""

    person: CreatePerson
    role: str
    password: Secret

    @property
    def site_id(self) -> SiteId:
        return self.person.site_id


@dataclass(frozen=True, slots=True)
class LoadDemoPeople:
    """The people of the demo are to work at this site."""

    site_id: SiteId


@dataclass(frozen=True, slots=True)
class GrantRole:
    """A person gets a role at this site."""

    site_id: SiteId
    person_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class RevokeRole:
    """A person loses a role at this site."""

    site_id: SiteId
    person_id: UUID
    role: str


@dataclass(frozen=True, slots=True)
class SetPassword:
    """A person's password from now on; the sessions opened with the old one end."""

    site_id: SiteId
    person_id: UUID
    password: Secret


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """The same by the person, who knows the old one; the session it is done in stays."""

    site_id: SiteId
    person_id: UUID
    old: Secret
    new: Secret
    token: Secret


@dataclass(frozen=True, slots=True)
class SetPin:
    """A person's PIN from now on; also lifts a block after too many wrong ones."""

    site_id: SiteId
    person_id: UUID
    pin: Secret


@dataclass(frozen=True, slots=True)
class SetBadge:
    """The badge a person carries from now on; none takes it away."""

    site_id: SiteId
    person_id: UUID
    badge_no: str | None


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The language a person is answered in."""

    site_id: SiteId
    person_id: UUID
    language: str


@dataclass(frozen=True, slots=True)
class Deactivate:
    """A person may no longer act here; sessions and tokens end, the trail stays."""

    site_id: SiteId
    person_id: UUID


@dataclass(frozen=True, slots=True)
class Activate:
    """A person who was put away may act here again."""

    site_id: SiteId
    person_id: UUID
