"""What can be done to people and credentials: one file a group of commands."""

from wms.access.service.demo import demo_users, load_demo_people
from wms.access.service.keys import (
    change_password,
    set_badge,
    set_password,
    set_pin,
    take_in,
    verify_pin,
)
from wms.access.service.people import (
    activate,
    create_person,
    deactivate,
    grant_role,
    revoke_role,
    set_language,
)
from wms.access.service.sessions import (
    badge_sign_in,
    revoke_session,
    revoke_sessions,
    sign_in,
    sign_out,
    touch_session,
)
from wms.access.service.tokens import issue_token, revoke_token, touch_token

__all__ = [
    "activate",
    "badge_sign_in",
    "change_password",
    "create_person",
    "deactivate",
    "demo_users",
    "grant_role",
    "issue_token",
    "load_demo_people",
    "revoke_role",
    "revoke_session",
    "revoke_sessions",
    "revoke_token",
    "set_badge",
    "set_language",
    "set_password",
    "set_pin",
    "sign_in",
    "sign_out",
    "take_in",
    "touch_session",
    "touch_token",
    "verify_pin",
]
