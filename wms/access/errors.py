"""The refusals of access, each with its two sentences in messages.toml."""

from wms.kernel.errors import Conflict, Forbidden, Invalid, TooMany, Unauthenticated, Unknown


class WrongCredential(Unauthenticated):
    """Login and password, or badge and PIN, do not belong together; which one is not told."""


class OldPasswordWrong(Forbidden):
    """Whoever changes a password must know the old one."""

    remember = False

    def __init__(self) -> None:
        super().__init__("access.old_password_wrong")


class Blocked(TooMany):
    """Too many wrong attempts; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("access.blocked", seconds=seconds)


class PersonUnknown(Unknown):
    """Nobody here has this id or login."""

    def __init__(self, read: object) -> None:
        super().__init__("access.person_unknown", read=read)


class CredentialUnknown(Unknown):
    """This person has no session or token of this id that could be ended."""

    def __init__(self, read: object) -> None:
        super().__init__("access.credential_unknown", read=read)


class RoleUnknown(Unknown):
    """There is no such role."""

    def __init__(self, read: str, expected: str) -> None:
        super().__init__("access.role_unknown", read=read, expected=expected)


class Taken(Conflict):
    """A login or badge that somebody else here has already."""


class PersonInactive(Conflict):
    """The person was put away and may get nothing new."""

    def __init__(self, login: str) -> None:
        super().__init__("access.person_inactive", read=login)


class LastAdministrator(Conflict):
    """Nobody would be left who may manage people."""

    def __init__(self) -> None:
        super().__init__("access.last_administrator")


class Unfit(Invalid):
    """A login, name, password, PIN, badge number, language or expiry that is not taken."""


class ScopeTooWide(Forbidden):
    """A token shall not do more than the person it acts for."""

    def __init__(self, scopes: str) -> None:
        super().__init__("access.scope_too_wide", read=scopes)
