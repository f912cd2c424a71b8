"""Signed notes and checkpoints: the published vectors byte for byte, everything else refused."""

import pytest

from wms.ledger.seal.notes import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Note,
    NoteError,
    SignerKey,
    VerifierKey,
    read_checkpoint,
)

# golang.org/x/mod/sumdb/note and c2sp.org/signed-note
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETER_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
ENOCH_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33W"
    "Wd1RvMc+QQ=\n"
)
SPEC_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SPEC_NOTE = (
    "This is an example message.\n\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONnc"
    "AlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# c2sp.org/tlog-cosignature
SOFA = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcy"
    "v2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b"
    "2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
)
LOG = SignerKey("bondhouse/1/ledger", ED25519, b"\x10" * 32)
WITNESS = SignerKey("customs.example/w1", COSIGNATURE, b"\x20" * 32)
CHECKPOINT = Checkpoint(LOG.name, 7, b"\x33" * 32, ("era 1",))


def test_the_published_keys_and_signatures_come_out_byte_for_byte():
    peter = SignerKey.parse(PETER_SECRET)
    assert str(peter.verifier) == PETER
    assert peter.to_text() == PETER_SECRET
    assert str(Note(TEXT, (peter.sign(TEXT),))) == TEXT + "\n" + PETER_LINE
    assert PETER_SECRET[-20:] not in repr(peter)


def test_the_published_notes_are_accepted():
    peter, enoch = VerifierKey.parse(PETER), VerifierKey.parse(ENOCH)
    note = Note.parse(TEXT + "\n" + PETER_LINE + ENOCH_LINE)
    assert [key for key, _ in note.verified_by([peter, enoch])] == [peter, enoch]
    assert [key for key, _ in note.verified_by([enoch])] == [enoch]
    assert note.verified_by([]) == []
    spec = VerifierKey.parse(SPEC_KEY)
    assert str(spec) == SPEC_KEY
    assert [key for key, _ in Note.parse(SPEC_NOTE).verified_by([spec])] == [spec]


def test_the_published_cosigned_checkpoint_reads_as_it_says():
    note = Note.parse(SOFA)
    checkpoint = Checkpoint.parse(note.text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert note.signatures[1].time == 1679315147
    assert str(note) == SOFA
    assert str(checkpoint) == note.text


@pytest.mark.parametrize("text", [PETER, PETER_SECRET])
def test_no_part_and_no_change_of_a_key_is_a_key(text):
    read = SignerKey.parse if text is PETER_SECRET else VerifierKey.parse
    read(text)
    for begin in range(len(text) + 1):
        for end in range(begin + 1, len(text) + 1):
            if (begin, end) != (0, len(text)):
                with pytest.raises(NoteError):
                    read(text[begin:end])
    for place in range(len(text)):
        with pytest.raises(NoteError):
            read(text[:place] + chr(ord(text[place]) + 1) + text[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("PeterNeumann", "Peter Neumann"),
    ],
)
def test_keys_of_unknown_kinds_lengths_and_names_are_refused(text):
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


def test_a_note_changed_in_any_one_character_is_refused_or_unsigned():
    key = VerifierKey.parse(PETER)
    raw = TEXT + "\n" + PETER_LINE
    for place in range(len(raw)):
        for other in ("A", "\n", " ", "\x01"):
            if other == raw[place]:
                continue
            try:
                good = Note.parse(raw[:place] + other + raw[place + 1 :]).verified_by([key])
            except NoteError:
                continue
            assert good == []


@pytest.mark.parametrize(
    "raw",
    [
        "",
        TEXT,
        TEXT + PETER_LINE,
        TEXT + "\n",
        TEXT + "\n" + PETER_LINE[:-1],
        TEXT + "\n" + PETER_LINE + "\n",
        TEXT + "\n" + PETER_LINE.replace("— ", "- "),
        TEXT + "\n— PeterNeumann AAAA\n",
        TEXT.replace("\n", "\r\n") + "\n" + PETER_LINE,
        TEXT + "\n" + PETER_LINE * 101,
        "\ud800\n\n" + PETER_LINE,
        "x" * 1_000_001 + "\n\n" + PETER_LINE,
    ],
)
def test_what_is_no_note_is_refused(raw):
    with pytest.raises(NoteError):
        Note.parse(raw)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "o\n",
        "o\n7\n",
        "o\n7\n" + "A" * 43 + "=",
        "o\n07\n" + "A" * 43 + "=\n",
        "o\n-7\n" + "A" * 43 + "=\n",
        "o\n٧\n" + "A" * 43 + "=\n",
        "o\n7\nAAAA\n",
        "o\n7\n" + "A" * 42 + "B=\n",
        "\n7\n" + "A" * 43 + "=\n",
        "o\n7\n" + "A" * 43 + "=\n\nera 1\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_a_cosignature_binds_its_time_and_the_whole_checkpoint():
    note = Note(str(CHECKPOINT), (LOG.sign(str(CHECKPOINT)),))
    signed = WITNESS.sign(note.text, 1_800_000_000)
    cosigned = Note.parse(str(note.plus(signed, signed)))
    assert len(cosigned.signatures) == 2
    keys = [LOG.verifier, VerifierKey.parse(str(WITNESS.verifier))]
    assert [key for key, _ in cosigned.verified_by(keys)] == keys
    assert cosigned.signatures[1].time == 1_800_000_000
    later = cosigned.signatures[1].value
    for value in (
        (1_800_000_001).to_bytes(8, "big") + later[8:],
        later[8:],
        later[:8] + later[8:][::-1],
    ):
        assert not WITNESS.verifier.accepts(note.text, value)
    assert not WITNESS.verifier.accepts(note.text.replace("era 1", "era 2"), later)
    with pytest.raises(NoteError, match="only checkpoints"):
        WITNESS.sign(TEXT, 1)


def test_the_same_secret_as_log_and_as_witness_makes_different_keys():
    both = SignerKey(LOG.name, COSIGNATURE, b"\x10" * 32)
    assert both.verifier.public == LOG.verifier.public
    assert both.verifier.id != LOG.verifier.id
    signed = both.sign(str(CHECKPOINT), 5)
    assert not LOG.verifier.accepts(str(CHECKPOINT), signed.value)


def test_only_the_log_itself_makes_a_checkpoint_of_its_origin():
    text = str(CHECKPOINT)
    good = str(Note(text, (LOG.sign(text),)))
    assert read_checkpoint(good, [LOG.verifier, WITNESS.verifier])[1] == CHECKPOINT
    other = SignerKey.generate(LOG.name)
    foreign = SignerKey("another/log", ED25519, b"\x10" * 32)
    for signer, keys in (
        (other, [LOG.verifier]),
        (foreign, [foreign.verifier]),
        (WITNESS, [WITNESS.verifier]),
    ):
        with pytest.raises(NoteError, match="has not signed"):
            read_checkpoint(str(Note(text, (signer.sign(text),))), keys)
    forged = good.replace("\n7\n", "\n8\n")
    with pytest.raises(NoteError, match="does not fit"):
        read_checkpoint(forged, [LOG.verifier])


def test_a_fresh_key_reads_back():
    key = SignerKey.generate("bondhouse/9/ledger")
    assert SignerKey.parse(key.to_text()) == key
    with pytest.raises(NoteError):
        SignerKey.generate("two words")
