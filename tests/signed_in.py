"""The application over a demo site's database (`demo_url`), and clients signed in."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from wms import app as application
from wms.access.service.demo import PASSWORD
from wms.db.transaction import Doorway, make_engine
from wms.kernel.ids import SiteId
from wms.scans.tasks import ScanTask
from wms.settings import Settings
from wms.web import messages
from wms.wiring import Wiring

SITE = SiteId(1)


class Watch:
    """A clock the test sets."""

    def __init__(self):
        self.at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

    def now(self):
        return self.at

    def wait(self, **kwargs):
        self.at += timedelta(**kwargs)


@contextmanager
def application_over(
    url: str, clock, tasks: Sequence[ScanTask] | None = None, public_url="http://localhost"
) -> Iterator[Flask]:
    """Give the whole application; with `tasks` its scan screens do these."""
    settings = Settings.from_env(
        {
            "WMS_DATABASE_URL": url,
            "WMS_SECRET_KEY": "of the tests alone, 32 characters",
            "WMS_EXCHANGE_ROOT": str(Path("/nowhere")),
            "WMS_PUBLIC_URL": public_url,
        }
    )
    engine = make_engine(settings.database_url)
    doorway = Doorway(engine, clock)
    kept = application.TASKS, messages.ROOTS
    try:
        if tasks is not None:
            application.TASKS = tuple(tasks)
            messages.ROOTS = (*messages.ROOTS, Path(__file__).parent / "scan_demo_sentences")
        messages.catalogue.cache_clear()
        yield application.create_app(settings, Wiring(settings, doorway))
    finally:
        application.TASKS, messages.ROOTS = kept
        messages.catalogue.cache_clear()
        engine.dispose()


def csrf_of(client: FlaskClient, path: str) -> str:
    """Return the form token of a page."""
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf" (?:content|value)="(\w+)"', page.split("<form", 1)[-1])
    assert found, f"{path} has no form token"
    return found[1]


def client_of(app: Flask, login: str | None = None, *, agent: str = "") -> FlaskClient:
    """Return a browser, signed in as one of the demo's people."""
    client = app.test_client()
    if agent:
        client.environ_base["HTTP_USER_AGENT"] = agent
    if login:
        form = {"csrf": csrf_of(client, "/sign-in"), "login": login, "password": PASSWORD}
        signed = client.post("/sign-in", data=form)
        assert signed.status_code == 303, signed.get_data(as_text=True)
    return client
