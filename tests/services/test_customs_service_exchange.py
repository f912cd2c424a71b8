"""Letters between the database and the folders: out once, in once, hostile ones put aside."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from clearance_site import MILK, SITE, Office, office
from customs_filled import filled
from customs_letters import order as letter_order

from wms import reactions
from wms.clearance import queries
from wms.clearance.terms import DocumentKind
from wms.customs import codecs, exchange
from wms.customs import queries as customs
from wms.customs.codecs import Transfer
from wms.customs.codecs.shapes import SHAPES
from wms.customs.events import LETTERS, LetterReady
from wms.db.outbox import WORKER
from wms.db.transaction import Doorway
from wms.settings import Settings
from wms.wiring import Wiring
from wms.worker import Worker

TRANSFER = Transfer("330196DM05", "杭州椰风海淘网络科技有限公司(演示)", "DXPENT9900000005")


@dataclass(frozen=True)
class Post:
    """The office with its exchange folders and a worker that is called by hand."""

    office: Office
    wiring: Wiring
    root: Path

    @property
    def doorway(self) -> Doorway:
        return self.office.doorway

    def work(self) -> None:
        """Let the worker do everything that is due, until nothing is."""
        while sum(Worker(self.wiring, channel).drain() for channel in (WORKER, LETTERS)):
            pass

    def drop(self, name: str, data: bytes) -> None:
        (self.root / "InBox").mkdir(parents=True, exist_ok=True)
        (self.root / "InBox" / name).write_bytes(data)

    def poll(self) -> int:
        return exchange.poll_once(self.wiring)

    def files(self, folder: str) -> list[str]:
        return sorted(one.name for one in (self.root / folder).glob("*") if one.is_file())


@pytest.fixture
def post(demo_url: str, tmp_path: Path) -> Iterator[Post]:
    settings = Settings.from_env(
        {
            "WMS_DATABASE_URL": demo_url,
            "WMS_SECRET_KEY": "k" * 32,
            "WMS_EXCHANGE_ROOT": str(tmp_path),
        }
    )
    with office(demo_url) as found:
        yield Post(found, Wiring(settings, found.doorway), tmp_path)


def receipt(cop_no: str, status: str, time: str) -> bytes:
    return (
        '<CEB622Message xmlns="http://www.chinaport.gov.cn/ceb" version="1.0" '
        'guid="0192F000-0000-7000-8000-000000000001"><InventoryReturn>'
        f"<guid>0192F000-0000-7000-8000-0000000{time[-5:]}</guid><copNo>{cop_no}</copNo>"
        f"<preNo>B20261122000000001</preNo><invtNo>64092026I000000001</invtNo>"
        f"<returnStatus>{status}</returnStatus><returnTime>{time}</returnTime>"
        f"<returnInfo>[Code:{status}]</returnInfo></InventoryReturn></CEB622Message>"
    ).encode()


def test_a_letter_is_written_once_however_often_it_is_asked(post: Post) -> None:
    post.office.bring_in((MILK, 10))
    cop_no = post.office.declared(1, (MILK, 1))
    post.work()
    written = [name for name in post.files("OutBox") if name.startswith("CEB621_")]
    assert len(written) == 1
    sent = codecs.read((post.root / "OutBox" / written[0]).read_bytes())
    assert codecs.ReleaseList.of(sent.documents[0]).cop_no == cop_no
    letters = post.office.ask(customs.letters, "out", state="written")
    assert {one.kind for one in letters} == {"INV101", "CEB621"}
    (post.root / "OutBox" / written[0]).rename(post.root / "SentBox" / written[0])
    again = LetterReady(SITE, letters[0].letter_id)
    exchange.write_letter(post.wiring, again)
    assert [name for name in post.files("OutBox") if name.startswith("CEB621_")] == []


def test_documents_from_the_folder_become_a_declared_list(post: Post) -> None:
    post.office.bring_in((MILK, 10))
    order, payment, waybill = post.office.papers(1, (MILK, 2))
    for kind, paper in (("CEB511", waybill), ("CEB311", order), ("CEB411", payment)):
        post.drop(f"{kind}_1.xml", codecs.write(kind, [paper.document()], TRANSFER))
    assert post.poll() == 3
    post.work()
    listed = post.office.ask(queries.list_of_order, order.order_no)
    assert listed is not None
    assert listed.state == "declared"
    assert post.files("InBox") == []
    assert len(post.files("InBox/.done")) == 3


def test_receipts_from_the_folder_move_the_list_and_copies_do_not(post: Post) -> None:
    post.office.bring_in((MILK, 10))
    cop_no = post.office.declared(1, (MILK, 1))
    released = receipt(cop_no, "800", "20261122100500000")
    post.drop("a.xml", released)
    post.drop("b.xml", receipt(cop_no, "120", "20261122100100000"))
    post.drop("c.xml", released)
    assert post.poll() == 3
    post.work()
    assert post.office.state(cop_no) == "released"
    letters = post.office.ask(customs.letters, "in")
    copies = {post.office.ask(customs.letter_in, one.letter_id).copies for one in letters}
    assert (len(letters), copies) == (2, {1, 2})
    post.drop("d.xml", released)
    assert post.poll() == 1
    assert post.poll() == 0
    assert len(post.office.ask(customs.letters, "in")) == 2


def test_the_clients_answer_reaches_the_checklist_by_the_name_of_its_file(post: Post) -> None:
    inner_no = post.office.bring_in((MILK, 1))
    post.work()
    name = next(one for one in post.files("OutBox") if one.startswith("INV101_"))
    post.drop(
        f"Successed_{name}",
        b"<CommonResponeMessage><SeqNo>202600000000000777</SeqNo><EtpsPreentNo>x</EtpsPreentNo>"
        b"<CheckInfo/><DealFlag>0</DealFlag></CommonResponeMessage>",
    )
    post.poll()
    post.work()
    states = {one.kind: one.state for one in post.office.ask(customs.letters, "out")}
    assert states["INV101"] == "sent"
    story = post.office.ask(queries.timeline, DocumentKind.CHECKLIST, inner_no)
    assert story[-1].what == "accepted"


def test_the_same_words_of_the_client_on_two_letters_are_two_answers(post: Post) -> None:
    for _ in range(2):
        post.office.bring_in((MILK, 1))
    post.work()
    answer = (
        b"<CommonResponeMessage><SeqNo>202600000000000777</SeqNo><EtpsPreentNo>x</EtpsPreentNo>"
        b"<CheckInfo/><DealFlag>0</DealFlag></CommonResponeMessage>"
    )
    names = [one for one in post.files("OutBox") if one.startswith("INV101_")]
    for name in names:
        post.drop(f"Successed_{name}", answer)
    post.poll()
    post.work()
    states = [one.state for one in post.office.ask(customs.letters, "out") if one.kind == "INV101"]
    assert states == ["sent", "sent"]
    post.drop(f"Successed_{names[0]}", answer)
    post.poll()
    assert len(post.office.ask(customs.letters, "in")) == 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"not xml at all", "customs.not_xml"),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "customs.doctype"),
        (b"<html><body/></html>", "customs.not_a_message"),
        (b"", "customs.not_xml"),
        (receipt("RL1", "800", "yesterday at nine"), "customs.time"),
    ],
    ids=["text", "entity", "page", "empty", "time"],
)
def test_a_hostile_file_is_put_aside_and_the_rest_goes_on(
    post: Post, data: bytes, code: str
) -> None:
    post.office.bring_in((MILK, 10))
    cop_no = post.office.declared(1, (MILK, 1))
    post.drop("bad.xml", data)
    post.drop("good.xml", receipt(cop_no, "800", "20261122100500000"))
    assert post.poll() == 2
    post.work()
    assert post.office.state(cop_no) == "released"
    assert post.files("InBox/.failed") == ["bad.xml"]
    (bad,) = post.office.ask(customs.letters, "in", state="rejected")
    findings = post.office.ask(customs.letter_in, bad.letter_id).findings
    assert code in {one["code"] for one in findings}


def test_a_file_too_big_for_a_letter_is_put_aside_unread(post: Post) -> None:
    post.drop("huge.xml", b"<a>" + b"x" * (17 * 1024 * 1024) + b"</a>")
    post.poll()
    (huge,) = post.office.ask(customs.letters, "in", state="rejected")
    found = post.office.ask(customs.letter_in, huge.letter_id)
    assert (found.findings[0]["code"], found.size > 17_000_000, len(found.body)) == (
        "customs.too_big",
        True,
        65536,
    )


def test_a_message_keeps_its_good_documents_when_one_is_bad(post: Post) -> None:
    good = codecs.write(
        "CEB311", [letter_order(1).document(), letter_order(2).document()], TRANSFER
    )
    post.drop("mixed.xml", good.replace(b"260.75", b"many", 1))
    post.poll()
    post.work()
    (letter,) = post.office.ask(customs.letters, "in")
    assert (letter.state, letter.documents) == ("taken", 2)
    kept = post.office.ask(queries.documents, DocumentKind.ORDER)
    assert [one.number for one in kept] == ["4601660P01/ORDER-000002"]


def test_a_kind_nobody_acts_on_is_kept_for_a_person(post: Post) -> None:
    shape = SHAPES["CEB818"]
    post.drop("tax.xml", codecs.write("CEB818", [filled(shape)]))
    post.poll()
    (letter,) = post.office.ask(customs.letters, "in")
    assert (letter.kind, letter.state, letter.documents) == ("CEB818", "taken", 1)
    findings = post.office.ask(customs.letter_in, letter.letter_id).findings
    assert ("CEB818", "customs.kind_unknown") in {(one["path"], one["code"]) for one in findings}


def test_every_event_of_customs_has_somebody_who_reacts() -> None:
    known = reactions.events()
    assert {"customs.letter_ready", "customs.documents", "customs.list_receipts"} <= known.keys()
    assert {"customs.checklist_receipt", "customs.first_answer"} <= known.keys()
