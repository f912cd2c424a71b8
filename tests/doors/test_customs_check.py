"""`wms customs check`: what a file is, what is in it, what is wrong with it; and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import customs_letters as letters
import pytest
from click.testing import CliRunner
from customs_filled import cover, filled

from wms.cli import main
from wms.customs.codecs import handbook, write
from wms.customs.codecs.shapes import FORMS, SHAPES

DATA = Path(__file__).parents[1] / "rules" / "data" / "customs"
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "customs-messages.md"


def check(*arguments: object, stdin: bytes = b"") -> tuple[int, str]:
    done = CliRunner().invoke(main, ["customs", "check", *map(str, arguments)], input=stdin)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, done.output


def facts(*arguments: object, stdin: bytes = b"") -> tuple[int, list[dict]]:
    code, output = check(*arguments, "--json", stdin=stdin)
    return code, [json.loads(line) for line in output.splitlines()]


def signed(data: bytes) -> bytes:
    signature = b'<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>'
    return data.replace(b"</ceb:CEB", signature + b"</ceb:CEB")


def test_a_clean_letter_ends_with_nothing_found(tmp_path):
    file = tmp_path / "list.xml"
    data = write("CEB621", [letters.release_list().document()], letters.TRANSFER)
    file.write_bytes(signed(data))
    code, text = check(file)
    assert code == 0
    assert f"{file}: CEB621 · 申报清单 · 202205" in text
    assert "copNo=COP000000001  orderNo=ORDER-000001  InventoryList×1" in text
    assert text.endswith("没有问题\n")


def test_findings_have_path_code_source_and_both_sentences():
    code, [told] = facts(DATA / "CEB311_messy.xml")
    assert code == 1
    assert (told["kind"], told["edition"], told["signed"]) == ("CEB311", "202205", False)
    telephone = next(one for one in told["findings"] if one["path"].endswith("buyerTelephone"))
    assert telephone["source"] == "schema of the cross-border system, edition 202205"
    assert telephone["zh"] == "Order[1]/OrderHead/buyerTelephone 没有填。应为 C1..30。"
    assert telephone["en"] == "Order[1]/OrderHead/buyerTelephone is missing. Expected C1..30."


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_is_in_one_language(language):
    _, text = check(DATA / "CEB311_messy.xml", "--language", language)
    assert ("没有填" in text) == (language == "zh")
    assert ("is missing" in text) == (language == "en")


def test_what_is_no_message_ends_with_two(tmp_path):
    for name, data in (("a.txt", b"hello"), ("b.xml", b"<html/>"), ("c", b""), ("d.json", b"{}")):
        (tmp_path / name).write_bytes(data)
        assert check(tmp_path / name)[0] == 2
    code, [told] = facts(tmp_path / "there is none.xml")
    assert (code, told["findings"][0]["code"]) == (2, "customs.file")
    assert "kind" not in told


def test_the_worst_of_several_counts(tmp_path):
    good = tmp_path / "good.xml"
    good.write_bytes((DATA / "CEB622_two_returns.xml").read_bytes())
    assert check(good)[0] == 0
    assert check(good, DATA / "CEB311_messy.xml")[0] == 1
    bad = tmp_path / "bad.xml"
    bad.write_bytes(b"")
    assert check(good, bad, DATA / "CEB311_messy.xml")[0] == 2


def test_a_folder_is_all_that_is_in_it_and_a_dash_is_standard_input(tmp_path):
    inner = tmp_path / "OutBox" / "deeper"
    inner.mkdir(parents=True)
    (tmp_path / ".hidden").write_bytes(b"no message")
    (inner / "one.xml").write_bytes((DATA / "SAS223_passed.xml").read_bytes())
    code, told = facts(tmp_path)
    assert (code, [one["kind"] for one in told]) == (0, ["SAS223"])
    code, [told] = facts("-", stdin=(DATA / "INV201_approved.xml").read_bytes())
    assert (code, told["file"], told["dialect"]) == (0, "-", "customs")
    assert told["documents"][0]["keys"]["manageResult"] == "4"


@pytest.mark.parametrize("shape", FORMS, ids=lambda one: f"{one.kind}-{one.dialect}")
def test_every_form_is_named_with_its_keys(shape, tmp_path):
    document = filled(shape)
    file = tmp_path / "letter.xml"
    file.write_bytes(write(shape.kind, [document], cover(shape), dialect=shape.dialect))
    code, [told] = facts(file)
    codes = {one["code"] for one in told["findings"]}
    assert codes <= {"customs.unsigned", "customs.sum"}, told["findings"]
    assert code == (1 if codes else 0)
    assert (told["kind"], told["dialect"]) == (shape.kind, shape.dialect)
    assert (told["title"]["zh"], told["title"]["en"]) == shape.titles
    assert set(shape.keys) <= told["documents"][0]["keys"].keys()


def test_elements_out_of_order_are_said():
    data = write("CEB312", [filled(SHAPES["CEB312"])]).decode()
    number = "<ceb:orderNo>" + data.partition("<ceb:orderNo>")[2].partition("</ceb:orderNo>")[0]
    number += "</ceb:orderNo>"
    moved = data.replace(number, "").replace("<ceb:ebpCode>", f"{number}<ceb:ebpCode>")
    code, [told] = facts("-", stdin=moved.encode())
    assert code == 1
    assert [one["code"] for one in told["findings"]] == ["customs.order"]
    assert told["findings"][0]["path"] == "OrderReturn[1]/orderNo"


def test_odd_names_and_texts_are_shown_harmlessly(tmp_path):
    file = tmp_path / "a\n\u202eb.xml"
    file.write_text(
        "<CEB312Message><OrderReturn><orderNo>{path}%s</orderNo></OrderReturn></CEB312Message>"
    )
    _, text = check(file)
    assert "\u202e" not in text
    assert "orderNo={path}%s" in text


def test_it_needs_no_database_and_no_settings():
    program = "from wms.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "customs", "check", DATA / "SAS223_passed.xml"],
        env={"PATH": "/usr/bin"},
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, done.stderr) == (0, b"")


def test_schemas_are_written_into_a_folder(tmp_path):
    done = CliRunner().invoke(main, ["customs", "xsd", str(tmp_path / "xsd")])
    assert done.exit_code == 0
    assert len(list((tmp_path / "xsd").glob("*.xsd"))) == len(FORMS)


def test_the_page_of_messages_is_up_to_date():
    again = "out of date: run `wms customs messages > docs/reference/customs-messages.md`"
    assert PAGE.read_text() == handbook.text(), again
    assert CliRunner().invoke(main, ["customs", "messages"]).output == handbook.text()
