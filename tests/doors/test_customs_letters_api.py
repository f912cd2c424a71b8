"""Letters over HTTP: listed by way and state, shown with what was found in them."""

from collections.abc import Iterator

import pytest
from clearance_site import MILK, SITE, Office, office
from flask.testing import FlaskClient
from signed_in import application_over, client_of

from wms.customs.service import IncomingFile, TakeIn, take_in
from wms.kernel.blob import Blob


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        yield found


@pytest.fixture
def browser(site: Office) -> Iterator[FlaskClient]:
    with application_over(site.url, site.clock) as app:
        yield client_of(app, "customs")


def test_letters_are_listed_and_shown(site: Office, browser: FlaskClient) -> None:
    site.bring_in((MILK, 10))
    cop_no = site.declared(1, (MILK, 1))
    letters = browser.get("/api/letters?way=out&state=queued").json["letters"]
    assert (letters[0]["kind"], letters[0]["name"]) == ("CEB621", cop_no)
    letter = browser.get(f"/api/letters/out/{letters[0]['letter_id']}").json
    assert (letter["documents"], letter["findings"]) == (1, [])
    assert f"<ceb:copNo>{cop_no}</ceb:copNo>" in letter["text"]


def test_a_rejected_letter_says_why(site: Office, browser: FlaskClient) -> None:
    site.run(take_in, TakeIn(SITE, (IncomingFile("x.xml", Blob(b"\xff<a"), 3),)))
    (line,) = browser.get("/api/letters?way=in&state=rejected").json["letters"]
    letter = browser.get(f"/api/letters/in/{line['letter_id']}").json
    assert [one["code"] for one in letter["findings"]] == ["customs.encoding"]


def test_addresses_that_lead_nowhere_and_bad_filters(browser: FlaskClient) -> None:
    nothing = "00000000-0000-0000-0000-000000000000"
    assert browser.get(f"/api/letters/up/{nothing}").json["code"] == "customs.way_unknown"
    assert browser.get(f"/api/letters/in/{nothing}").json["code"] == "customs.letter_unknown"
    assert browser.get("/api/letters?way=up").status_code == 422
    assert browser.get("/api/letters?after=1").status_code == 422
