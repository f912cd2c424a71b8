"""The data pull of 2018 no. 179: what is signed is taken from the very text that is sent."""

import json
from urllib.parse import urlencode

import pytest

from wms.customs.codecs import Document, Unreadable, Unwritable, read
from wms.customs.codecs.pull import answer, upload

HEAD = {
    "guid": "0192F000-0000-7000-8000-000000000002",
    "initalRequest": "https://pay.example/q?a=1&b=2",
    "initalResponse": '{"code":"SUCCESS","text":"支付成功"}',
    "ebpCode": "4601660P01",
    "payCode": "4601660Z01",
    "payTransactionId": "PAY-1",
    "totalAmount": "260.75",
    "currency": "142",
    "verDept": "3",
    "payType": "1",
    "tradingTime": "20261122093000",
}
LIST = {"orderNo": "ORDER-1", "recpAccount": "60001", "recpCode": "460166DM02", "recpName": "商家"}
GOODS = (({"gname": "婴儿奶粉", "itemLink": "https://shop.example/1"},),)
SESSION = "0192F000-0000-7000-8000-000000000001"
DATA = Document(
    "PULL-DATA",
    {"sessionID": SESSION, "serviceTime": "1544519952469"},
    parts={"payExchangeInfoHead": (HEAD,), "payExchangeInfoLists": (LIST,)},
)


def test_the_string_to_sign_has_four_parts_in_their_order():
    text = upload(DATA, GOODS).to_sign
    parts = text.split("||")
    assert [one.partition(":")[0] for one in parts] == [
        '"sessionID"',
        '"payExchangeInfoHead"',
        '"payExchangeInfoLists"',
        '"serviceTime"',
    ]
    assert parts[0] == f'"sessionID":"{SESSION}"'
    assert parts[1].startswith('"payExchangeInfoHead":"{"guid":"0192F000')
    assert '"totalAmount":260.75,' in parts[1]
    assert parts[3] == '"serviceTime":"1544519952469"'


def test_what_is_signed_is_what_is_sent():
    ready = upload(DATA, GOODS)
    body = ready.body("CERT-1", "U0lHTg==")
    for part in ready.to_sign.split("||")[1:3]:
        assert part.partition(":")[2].strip('"').strip('"') in body
    sent = json.loads(body)
    assert list(sent) == [
        *("sessionID", "payExchangeInfoHead", "payExchangeInfoLists", "serviceTime"),
        *("certNo", "signValue"),
    ]
    assert sent["payExchangeInfoLists"][0]["goodsInfo"] == [dict(GOODS[0][0])]


@pytest.mark.parametrize(
    "sent", [str.encode, lambda text: urlencode({"payExInfoStr": text}).encode()]
)
def test_it_is_read_back_bare_or_as_a_form(sent):
    message = read(sent(upload(DATA, GOODS).body("CERT-1", "U0lHTg==")))
    assert (message.kind, message.guid, message.signed) == ("PULL-DATA", SESSION, True)
    assert message.findings == ()
    (document,) = message.documents
    assert document.parts["payExchangeInfoHead"] == (HEAD,)
    assert document.parts["payExchangeInfoLists"] == (LIST,)


def test_breaches_are_refused_by_name():
    head = {**HEAD, "verDept": "4", "initalResponse": "x" * 8001, "payCode": ""}
    broken = Document("PULL-DATA", DATA.head, parts={**DATA.parts, "payExchangeInfoHead": (head,)})
    with pytest.raises(Unwritable) as refused:
        upload(broken, (({"gname": "奶粉"},),)).body("CERT-1", "U0lHTg==")
    assert {(one.code, one.path.rpartition("/")[2]) for one in refused.value.findings} == {
        ("customs.value", "verDept"),
        ("customs.length", "initalResponse"),
        ("customs.missing", "payCode"),
        ("customs.missing", "itemLink"),
    }
    without = Document("PULL-DATA", DATA.head, parts={"payExchangeInfoHead": (HEAD,)})
    with pytest.raises(Unwritable, match=r"customs\.missing"):
        upload(without).body("CERT-1", "U0lHTg==")


def test_the_request_and_the_answer_at_once():
    ask = {"orderNo": "ORDER-1", "sessionID": SESSION, "serviceTime": 1544519952469}
    message = read(json.dumps(ask).encode())
    assert (message.kind, message.findings) == ("PULL-ASK", ())
    assert message.documents[0].head["serviceTime"] == "1544519952469"
    told = read(answer("10000", "", 1533271903898).encode())
    assert (told.kind, told.findings) == ("PULL-ANSWER", ())
    assert told.documents[0].head == {"code": "10000", "serviceTime": "1533271903898"}


def test_amounts_keep_their_digits_and_strangers_are_kept():
    text = upload(DATA, GOODS).body("CERT-1", "U0lHTg==")
    message = read(text.replace("260.75", "260.7500").replace('"recpCode"', '"extra"').encode())
    (document,) = message.documents
    assert document.parts["payExchangeInfoHead"][0]["totalAmount"] == "260.7500"
    assert document.unknown == {"payExchangeInfoLists[1]/extra": "460166DM02"}
    assert [one.code for one in message.findings] == ["customs.unknown_element"]


@pytest.mark.parametrize("data", [b"{}", b"[1]", b'{"a":1}', b"payExInfoStr=", b"openReq=x"])
def test_other_json_is_no_message(data):
    with pytest.raises(Unreadable):
        read(data)
