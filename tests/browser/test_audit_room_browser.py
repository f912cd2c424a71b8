"""The supervisor's room and the approvals in a real browser, by keyboard alone."""

import sys
from pathlib import Path
from typing import Any

import pytest
from accessible import assert_accessible
from audit_day import noon
from gate_site import Gate
from test_audit_browser import gate, signed_in, url  # noqa: F401 - fixtures

from wms.audit import queries, service
from wms.audit.terms import CheckLines, ProposeAdjustment
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity

sys.path.append(str(Path(__file__).parents[1] / "doors"))

SITE = SiteId(1)
PAGES = ("/reconcile", "/reconcile/tasks", "/reconcile/statements", "/approvals", "/stock/counts")


@pytest.fixture
def task(gate: Gate) -> Any:  # noqa: F811 - the fixture
    """Leave one difference with a proposal that waits for a second person."""
    day = noon(gate)
    gate.run(service.check, CheckLines(SITE))
    asked = ProposeAdjustment(
        SITE, 1, day.settled.pallets[0], "L1", "good", Quantity.of(24), "behind the rack"
    )
    gate.run(service.propose_adjustment, asked)
    return gate.ask(queries.task, 1)


@pytest.mark.parametrize(("language", "theme"), [("zh", "dark")])
def test_every_page_of_the_room_stands(
    chromium: Any,
    url: str,  # noqa: F811 - the fixture
    task: Any,
    language: str,
    theme: str,
) -> None:
    page = signed_in(chromium, url, language, theme)
    for path in (*PAGES, "/reconcile/tasks/1", f"/approvals/{task.proposal_id}"):
        page.goto(url + path)
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, path
    page.context.close()


def test_a_second_person_approves_by_keyboard(
    chromium: Any,
    gate: Gate,  # noqa: F811 - the fixture
    url: str,  # noqa: F811 - the fixture
    task: Any,
) -> None:
    page = signed_in(chromium, url, login="deputy")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url(f"{url}/reconcile", wait_until="load")
    page.keyboard.press("a")
    page.wait_for_url(f"{url}/reconcile/tasks/1", wait_until="load")
    page.wait_for_selector("dd:has-text('骆汐原')")
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url(f"{url}/approvals", wait_until="load")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/approvals/{task.proposal_id}", wait_until="load")
    page.keyboard.press("y")
    page.keyboard.type("seen")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("dd:has-text('seen')")
    gate.run(service.check, CheckLines(SITE))
    assert gate.ask(queries.task, 1).closed_at is not None
    page.context.close()
