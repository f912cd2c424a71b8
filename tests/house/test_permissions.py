"""Every view says who may call it, and every permission asked for is held by some role."""

from pathlib import Path

import pytest

from wms.access.terms import PERMISSIONS, ROLES
from wms.app import TASKS, create_app
from wms.settings import Settings
from wms.web.identity import permission_of

PUBLIC = {
    "/api/docs",
    "/api/openapi.json",
    "/badge",
    "/csrf",
    "/health",
    "/language/<value>",
    "/sign-in",
    "/static/<release>/<path:name>",
    "/sw.js",
    "/theme/<value>",
}
"""What a stranger may call; a new line here is a decision."""

OWN = {
    "/",  # leads on to the board or to the tasks, by permission
    "/account",
    "/account/<deed>",
    "/account/language",
    "/account/tokens",
    "/api/me",
    "/api/tokens",
    "/api/tokens/<uuid:token_id>",
    "/sign-out",
}
"""What everybody may call who is signed in, because it is their own."""


@pytest.fixture(scope="module")
def marks():
    app = create_app(
        Settings(
            "postgresql+psycopg://n@h/n", "mqtt://h", "k", Path(), 1, False, "http://localhost"
        )
    )
    return {
        (rule.rule, method): permission_of(app, rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }


def test_every_view_is_marked_with_a_permission_somebody_holds(marks):
    known = PERMISSIONS | {"public", "signed_in"}
    assert {view: mark for view, mark in marks.items() if mark not in known} == {}


def test_what_is_open_to_strangers_is_listed(marks):
    assert {path for (path, _), mark in marks.items() if mark == "public"} <= PUBLIC


def test_what_is_open_to_everybody_signed_in_is_listed(marks):
    assert {path for (path, _), mark in marks.items() if mark == "signed_in"} <= OWN


def test_nothing_that_changes_asks_only_for_a_permission_to_see(marks):
    changing = {
        view: mark
        for view, mark in marks.items()
        if view[1] != "GET" and str(mark).endswith(".see")
    }
    assert changing == {}


def test_every_scan_task_asks_for_a_permission_that_a_scanning_role_holds():
    scanning = [held for held in ROLES.values() if "scans.use" in held]
    for task in TASKS:
        assert any(task.permission in held for held in scanning), task.name
