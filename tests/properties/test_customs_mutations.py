"""Damaged letters: whatever happens to the bytes, the answer is a reading or a refusal."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from wms.customs import codecs
from wms.customs.codecs import Document, Unreadable, read
from wms.customs.codecs.views import View

SAMPLES = [
    one.read_bytes()
    for one in sorted((Path(__file__).parents[1] / "rules" / "data" / "customs").glob("*.xml"))
]
VIEWS = {
    kind: view
    for view in vars(codecs).values()
    if isinstance(view, type) and issubclass(view, View)
    for kind in view.kinds
}
PIECES = st.one_of(
    st.sampled_from(
        [b"<", b">", b"</", b"&", b"&#0;", b"<!DOCTYPE x>", b"<![CDATA[", b"]]>", b"\x00", b"\xff"],
    ),
    st.binary(max_size=6),
    st.sampled_from([b"9" * 40, b"-1", b"1e9", b"NaN", "\u202e".encode(), "٣".encode(), b""]),
)


def understand(document: Document) -> None:
    view = VIEWS.get(document.kind)
    try:
        if view is not None:
            view.of(document)
    except Unreadable as refused:
        assert refused.code.startswith("customs.")  # noqa: PT017 - both ways are right


@settings(max_examples=600, deadline=1000)
@given(st.data())
def test_a_damaged_letter_is_read_or_refused(data):
    letter = data.draw(st.sampled_from(SAMPLES))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(letter)))
        end = min(len(letter), start + data.draw(st.sampled_from([0, 1, 3, 30, 300])))
        piece = data.draw(st.one_of(PIECES, st.just(letter[start:end] * 3)))
        letter = letter[:start] + piece + letter[end:]
    try:
        message = read(letter)
    except Unreadable as refused:
        assert refused.findings[0].code == refused.code  # noqa: PT017 - both ways are right
        return
    for document in message.documents:
        understand(document)
    assert all(one.read.isprintable() and one.path.isprintable() for one in message.findings)


@settings(max_examples=300, deadline=1000)
@given(st.data())
def test_a_letter_with_one_damaged_value_keeps_its_other_documents(data):
    text = data.draw(
        st.sampled_from([one for one in SAMPLES if b"InventoryReturn" in one])
    ).decode()
    wrong = data.draw(
        st.text(st.characters(codec="utf-8", exclude_characters="<>&\r"), max_size=40)
    )
    damaged = text.replace("800</returnStatus>", f"{wrong}</returnStatus>")
    try:
        message = read(damaged.encode())
    except Unreadable as refused:
        assert refused.code == "customs.not_xml"  # noqa: PT017 - a character XML does not know
        return
    assert len(message.documents) == 2
    assert message.documents[1].usable
    understand(message.documents[0])
