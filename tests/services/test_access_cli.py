"""`wms person`: secrets are asked for, never arguments, and a half-made person does not remain."""

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from wms.access import cli, queries, service
from wms.access.authenticate import doorkeeper
from wms.access.terms import SignIn, Verdict
from wms.db.transaction import Doorway, make_engine
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret

SITE = SiteId(1)
ADD = ["add", "root.mo", "--name-zh", "莫", "--name-en", "Mo"]


@pytest.fixture
def doorway(database_url):
    engine = make_engine(database_url)
    yield Doorway(engine)
    engine.dispose()


def run(doorway, args, typed):
    return CliRunner().invoke(cli.group(lambda: doorway), args, input=typed)


def sign_in(doorway, password):
    attempt = SignIn(SITE, "root.mo", Secret(password), "10.0.0.5", "")
    return doorway.run(service.sign_in, attempt, doorkeeper(SITE)).verdict


def test_the_first_administrator_is_made_and_given_a_new_password(doorway):
    made = run(doorway, ADD, "forklift-and-rain\nforklift-and-rain\n")
    assert made.exit_code == 0, made.output
    assert "forklift" not in made.output
    assert sign_in(doorway, "forklift-and-rain") is Verdict.ACCEPTED
    with doorway.read(doorkeeper(SITE)) as tx:
        [person] = queries.people(tx)
    assert person.roles == ("administrator",)
    changed = run(doorway, ["set-password", "root.mo"], "rain-and-forklift\nrain-and-forklift\n")
    assert changed.exit_code == 0, changed.output
    assert sign_in(doorway, "rain-and-forklift") is Verdict.ACCEPTED


@pytest.mark.parametrize(
    ("args", "typed", "said"),
    [
        (ADD, "short\nshort\n", "A password has"),
        (["add", "?", "--name-zh", "莫", "--name-en", "Mo"], "forklift-and-rain\n" * 2, "login"),
        (["set-password", "nobody"], "forklift-and-rain\n" * 2, "no such person"),
    ],
)
def test_what_is_refused_is_said_and_leaves_nothing(doorway, args, typed, said):
    result = run(doorway, args, typed)
    assert result.exit_code == 1
    assert said in result.output
    with doorway.engine_for(SITE).connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM person")) == 0


def test_a_password_is_not_taken_from_the_command_line(doorway):
    assert run(doorway, [*ADD, "--password", "forklift-and-rain"], "").exit_code == 2
