"""What access decides: how long to wait after failures, what may be a password, which browser."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Final

from wms.access.errors import Unfit
from wms.access.terms import LANGUAGES, PERMISSIONS, ROLES, TOKEN_LIFE_LIMIT

_LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,38}[a-z0-9]")
_BADGE: Final = re.compile(r"[A-Z0-9][A-Z0-9-]{3,39}")
_PIN: Final = re.compile(r"[0-9]{4,8}")
_RUN: Final = "01234567890 9876543210"
PASSWORD_LENGTH: Final = (10, 200)


@dataclass(frozen=True, slots=True)
class Limit:
    """`free` failures cost nothing, then each doubles the wait up to `longest`.

    After `calm` without a failure counting starts anew; a PIN has no calm: after `final` failures
    in a row it is blocked until it is set anew, because it has only ten thousand values.
    """

    free: int
    first: timedelta
    longest: timedelta
    calm: timedelta | None
    final: int | None = None


LOGIN_LIMIT: Final = Limit(5, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1))
ADDRESS_LIMIT: Final = Limit(50, timedelta(seconds=30), timedelta(minutes=15), timedelta(hours=1))
PIN_LIMIT: Final = Limit(5, timedelta(seconds=30), timedelta(minutes=15), None, final=20)
FOR_GOOD: Final = timedelta(days=36500)


@dataclass(frozen=True, slots=True)
class Attempts:
    """The failures of one login, PIN or address so far."""

    failures: int = 0
    last_failed_at: datetime | None = None
    blocked_until: datetime | None = None


def wait(attempts: Attempts, now: datetime) -> int:
    """Return the whole seconds until another attempt is heard; 0 when it is heard now."""
    if attempts.blocked_until is None or attempts.blocked_until <= now:
        return 0
    left = attempts.blocked_until - now
    return left.days * 86_400 + left.seconds + (1 if left.microseconds else 0)


def after_failure(attempts: Attempts, limit: Limit, now: datetime) -> Attempts:
    """Return what is remembered once this attempt has failed too."""
    calm = (
        limit.calm is not None
        and attempts.last_failed_at is not None
        and now - attempts.last_failed_at > limit.calm
    )
    failures = 1 if calm else attempts.failures + 1
    if limit.final is not None and failures >= limit.final:
        return Attempts(failures, now, now + FOR_GOOD)
    over = failures - limit.free
    if over < 0:
        return Attempts(failures, now, None)
    return Attempts(failures, now, now + min(limit.first * 2 ** min(over, 20), limit.longest))


def agent_class(user_agent: str) -> str:
    """Return platform and browser family, e.g. "android/chrome": a session stays with its class.

    Coarse on purpose: an update of the browser must not sign anybody out, a cookie carried from a
    PDA to a desk must not work there.
    """
    text = user_agent.lower()
    platforms = ("android", "iphone", "ipad", "windows", "macintosh", "linux")
    browsers = (("edg", "edge"), ("firefox", "firefox"), ("chrom", "chrome"), ("safari", "safari"))
    platform = next((name for name in platforms if name in text), "other")
    browser = next((name for mark, name in browsers if mark in text), "other")
    return f"{platform}/{browser}"


def address_group(address: str) -> str:
    """Return what counts as one address: an IPv4 address, or the /64 an IPv6 subscriber has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else f"{parsed.exploded[:19]}::/64"
    return str(parsed)


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Return what these roles may do together; a role no longer known gives nothing."""
    return frozenset[str]().union(*(ROLES.get(role, frozenset()) for role in roles))


def fit_login(text: str) -> str:
    """Return the login in lower case; raise Unfit `access.login_malformed`."""
    login = text.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise Unfit("access.login_malformed", read=text[:40])
    return login


def fit_name(text: str) -> str:
    """Return the name without spaces around it; raise Unfit `access.name_malformed`."""
    name = text.strip()
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise Unfit("access.name_malformed", read=text[:60])
    return name


def fit_language(text: str) -> str:
    """Return the language; raise Unfit `access.language_unknown`."""
    if text not in LANGUAGES:
        raise Unfit("access.language_unknown", read=text[:10])
    return text


def fit_badge(text: str) -> str:
    """Return the badge number in upper case; raise Unfit `access.badge_malformed`."""
    badge = text.strip().upper()
    if not _BADGE.fullmatch(badge):
        raise Unfit("access.badge_malformed", read=text[:40])
    return badge


def fit_password(text: str, login: str) -> str:
    """Return the password; raise Unfit when it is short, too long or holds the login.

    Length counts and no mixture of signs is asked for (NIST SP 800-63B, 3.1.1.2).
    """
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(text) <= longest:
        raise Unfit("access.password_length", expected=f"{shortest} – {longest}")
    if login in text.lower() or len(set(text)) < 4:
        raise Unfit("access.password_guessable")
    return text


def fit_pin(text: str) -> str:
    """Return the PIN of 4 to 8 digits; raise Unfit when it is malformed or the first to guess."""
    if not _PIN.fullmatch(text):
        raise Unfit("access.pin_malformed")
    if len(set(text)) == 1 or text in _RUN:
        raise Unfit("access.pin_guessable")
    return text


def expiry(now: datetime, days: str) -> datetime:
    """Return the moment so many days from now; raise Unfit when `days` is no number of 1 to 366."""
    if not (days.isascii() and days.isdigit()) or not 0 < int(days[:6]) <= TOKEN_LIFE_LIMIT.days:
        raise Unfit("access.token_expiry", expected=TOKEN_LIFE_LIMIT.days)
    return now + timedelta(days=int(days))


def fit_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return the permissions sorted and once each; raise Unfit for none or an unknown one."""
    chosen = tuple(sorted(set(scopes)))
    strangers = [scope for scope in chosen if scope not in PERMISSIONS]
    if strangers or not chosen:
        raise Unfit("access.scope_unknown", read=", ".join(strangers)[:200] or "—")
    return chosen
