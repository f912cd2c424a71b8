"""Approvals and reversals: who may, once only, and exactly."""

import pytest
from ledger_site import NOW, SITE, LedgerSite, SetClock, q
from sqlalchemy import text

from wms.db.transaction import Doorway, make_engine
from wms.kernel.errors import Conflict, Forbidden, Invalid, Unknown
from wms.kernel.ids import new_id
from wms.ledger import approvals, balances, posting, reversing
from wms.ledger.approvals import Verdict
from wms.ledger.errors import NotPosted, Short
from wms.ledger.reversing import ReversePosting
from wms.ledger.terms import DocumentRef, Posting


@pytest.fixture
def site(database_url):
    engine = make_engine(database_url)
    clock = SetClock()
    yield LedgerSite(Doorway(engine, clock), clock)
    engine.dispose()


def reverse(site, posting_id, reason="wrong line"):
    asked = site.run(
        lambda tx: reversing.propose(tx, ReversePosting(SITE, posting_id, reason)), site.first
    )

    def decide(tx):
        approvals.decide(tx, asked.proposal_id, Verdict.APPROVED)
        return reversing.reverse(tx, ReversePosting(SITE, posting_id, reason), asked.proposal_id)

    return site.run(decide, site.second)


def test_a_book_takes_a_direct_step_only_with_two_persons(site):
    line = site.line(1)
    with pytest.raises(NotPosted, match=r"ledger\.unapproved"):
        site.post(posting.direct_in(line, q(5), "surplus"))
    assert site.balance(line) == ("0", "0", "0", "0")
    site.approved_post(posting.direct_in(line, q(5), "surplus"))
    assert site.balance(line) == ("5", "0", "0", "0")
    with pytest.raises(NotPosted, match=r"ledger\.unapproved"):
        site.post(posting.direct_out(line, q(1), "loss"))


def test_a_floor_account_asks_for_it_only_where_no_paper_stands(site):
    place = site.floor()
    site.post(posting.direct_in(place, q(5), "arrival:QD1"))
    for word in ("found:C1", "opening:2026"):
        with pytest.raises(NotPosted, match=r"ledger\.unapproved"):
            site.post(posting.direct_in(place, q(1), word))
    for word in ("lost:C1", "destroyed:D1", "sampled:S1"):
        with pytest.raises(NotPosted, match=r"ledger\.unapproved"):
            site.post(posting.direct_out(place, q(1), word))
    held = posting.reserve_out(place, q(1))
    site.post(held)
    with pytest.raises(NotPosted, match=r"ledger\.unapproved"):
        site.post(posting.post_out(held.reserve_id, q(1), "lost:C1"))
    site.post(posting.void_out(held.reserve_id))
    site.approved_post(posting.direct_out(place, q(2), "lost:C1"))
    assert site.balance(place) == ("5", "0", "2", "0")


def test_an_approval_is_good_for_its_own_transaction_alone(site):
    line = site.line(1)
    asked, _ = site.approved(lambda tx, approval: None)
    late = Posting(
        "late",
        DocumentRef("test", "late"),
        (posting.direct_in(line, q(1), "surplus"),),
        NOW,
        approval_id=asked,
    )
    with pytest.raises(NotPosted, match=r"ledger\.unapproved"):
        site.run(lambda tx: posting.post(tx, late), site.second)


def test_nobody_approves_what_he_proposed_and_only_he_withdraws_it(site):
    asked = site.run(
        lambda tx: approvals.propose(tx, "test", ReversePosting(SITE, new_id(), "x"), "s", " why ")
    )
    assert asked.reason == "why"
    with pytest.raises(Forbidden, match=r"ledger\.own_proposal"):
        site.run(lambda tx: approvals.decide(tx, asked.proposal_id, Verdict.APPROVED), site.first)
    with pytest.raises(Forbidden, match=r"ledger\.own_proposal"):
        site.run(lambda tx: approvals.decide(tx, asked.proposal_id, Verdict.WITHDRAWN), site.second)
    done = site.run(
        lambda tx: approvals.decide(tx, asked.proposal_id, Verdict.WITHDRAWN, "no need"), site.first
    )
    assert (done.decision.verdict, done.decision.note) == (Verdict.WITHDRAWN, "no need")
    with pytest.raises(Conflict, match=r"ledger\.decided"):
        site.run(lambda tx: approvals.decide(tx, asked.proposal_id, Verdict.APPROVED), site.second)
    assert site.read(lambda tx: approvals.proposals(tx, decided=False)) == ()
    assert [p.proposal_id for p in site.read(lambda tx: approvals.proposals(tx, decided=True))] == [
        asked.proposal_id
    ]
    with pytest.raises(Invalid, match=r"ledger\.reason"):
        site.run(lambda tx: approvals.propose(tx, "test", asked, "s", "  "))
    with pytest.raises(Unknown, match=r"ledger\.proposal_unknown"):
        site.run(lambda tx: approvals.decide(tx, new_id(), Verdict.REFUSED), site.second)


def test_a_reversal_is_exact_and_once(site):
    one, other = site.line(1), site.line(2)
    site.fill(one, 9)
    wrong = site.approved_post(*posting.move(one, other, q(4)))
    assert site.balance(other) == ("4", "0", "0", "0")
    undone = reverse(site, wrong.posting_id)
    assert site.balance(one) == ("9", "0", "0", "0")
    assert site.balance(other) == ("0", "0", "0", "0")
    head = site.read(lambda tx: balances.posting(tx, wrong.posting_id))
    assert head.reversed_by == undone.posting_id
    entries = site.read(lambda tx: balances.entries_in(tx, undone.posting_id))
    assert [(str(e.d_in), str(e.d_out), e.event) for e in entries] == [
        ("0", "-4", "posting.reversed"),
        ("-4", "0", "posting.reversed"),
    ]
    for twice in (wrong.posting_id, undone.posting_id):
        with pytest.raises(Conflict, match=r"ledger\.reversed|ledger\.reversal_by_document"):
            reverse(site, twice)


def by_hand(site, posting_id):
    """Reverse without the service's own checks: the law is the database's."""
    return site.approved(
        lambda tx, approval: posting.reverse(
            tx, posting_id, document=("test", "r"), reason="r", approval_id=approval
        )
    )[1]


def test_the_database_keeps_the_laws_of_reversal(site):
    one, other = site.line(1), site.line(2)
    site.fill(one, 9)
    moved = site.approved_post(*posting.move(one, other, q(4)))
    with pytest.raises(NotPosted, match=r"ledger\.unapproved"):
        site.run(
            lambda tx: posting.reverse(
                tx, moved.posting_id, document=("t", "r"), reason="r", approval_id=new_id()
            )
        )
    held = posting.reserve_out(other, q(3))
    taken = site.post(held)
    with pytest.raises(Short, match=r"ledger\.short"):
        by_hand(site, moved.posting_id)
    part = site.post(posting.post_out(held.reserve_id, q(1)))
    with pytest.raises(NotPosted, match=r"ledger\.reversal_used"):
        by_hand(site, taken.posting_id)
    by_hand(site, part.posting_id)
    assert site.balance(other) == ("4", "0", "0", "3")
    rest = site.post(posting.void_out(held.reserve_id))
    by_hand(site, rest.posting_id)
    undone = by_hand(site, taken.posting_id)
    assert site.balance(other) == ("4", "0", "0", "0")
    with pytest.raises(NotPosted, match=r"ledger\.reversal_of_reversal"):
        by_hand(site, undone.posting_id)
    with pytest.raises(NotPosted, match=r"ledger\.reversed"):
        by_hand(site, taken.posting_id)  # another approval, for the same reason
    with pytest.raises(Unknown, match=r"ledger\.posting_unknown"):
        by_hand(site, new_id())


def test_every_obstacle_is_named_at_once(site):
    one, two, three = site.line(1), site.line(2), site.floor()
    site.fill(one, 2)
    held = posting.reserve_out(one, q(1))
    site.post(held)
    with pytest.raises(NotPosted) as refused:
        site.post(
            posting.post_out(held.reserve_id, q(2)),
            posting.direct_in(two, q(1), "surplus"),
            posting.reserve_out(three, q(7)),
            posting.direct_out(two, q(3), "loss"),
        )
    assert [(o.leg, o.status, str(o.there), str(o.wanted)) for o in refused.value.obstacles] == [
        (1, "exhausted", "1", "2"),
        (2, "short", "0", "2"),
        (2, "unapproved", "0", "1"),
        (3, "short", "0", "7"),
        (4, "unapproved", "0", "3"),
    ]
    with pytest.raises(Unknown) as unknown:
        site.post(
            posting.direct_in(new_id(), q(1), "o"),
            posting.post_out(held.reserve_id, q(1)),
            posting.void_in(new_id()),
        )
    assert unknown.value.facts["count"] == "2"
    assert unknown.value.facts["read"].startswith("1: ")
    assert ", 3: " in unknown.value.facts["read"]


def test_what_goes_between_two_accounts_cancels_out(site):
    one, other = site.floor(), site.floor()
    site.post(posting.direct_in(one, q(9), "o"))
    out, in_ = posting.move(one, other, q(2))
    more = posting.move(one, other, q(3))[1]
    for legs in ((out,), (out, more), (in_,)):
        with pytest.raises(Invalid, match=r"ledger\.posting_malformed"):
            site.post(*legs)
    site.post(out, in_)
    held, expected = posting.reserve_out(other, q(1)), posting.reserve_in(one, q(1))
    site.post(held, expected)
    site.post(*posting.transfer((other, held.reserve_id), (one, expected.reserve_id), q(1)))
    assert site.balance(one) == ("10", "0", "2", "0")


def test_the_key_of_a_posting_outlives_everything(site):
    place = site.floor()
    first = site.post(posting.direct_in(place, q(3), "o"), key="K")
    site.clock.at = NOW.replace(year=2046)
    assert site.post(posting.direct_in(place, q(3), "o"), key="K") == first
    with pytest.raises(Conflict, match=r"ledger\.key_reused"):
        site.post(posting.direct_in(place, q(4), "o"), key="K")
    count = site.read(
        lambda tx: tx.session.execute(text("SELECT count(*) FROM ledger_key")).scalar_one()
    )
    assert count == 1
