"""Identifiers: real and published examples hold, and each kind of damage is named."""

import pytest

from wms.kernel import identifiers
from wms.kernel.errors import Invalid

REAL_USCC = (
    "91231090MA1BCB2QX5",
    "91330703MA2EEG4GX8",
    "91610000766343672W",
    "91610131057108880R",
    "91610131MA6UQ8JQ2Q",
    "91610500677949613B",
    "91460105DEM00009XQ".replace("00009XQ", "000014L"),
)


@pytest.mark.parametrize("code", REAL_USCC)
def test_credit_codes_met_in_traffic_hold(code: str) -> None:
    assert identifiers.uscc(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    ("code", "refused"),
    [
        ("9123109OMA1BCB2QX5", "identifier.uscc"),
        ("91231090MA1BCB2QX", "identifier.uscc"),
        ("91231090MA1BCB2QX4", "identifier.uscc_check"),
        ("91231090MA1BCB2Q15", "identifier.uscc_check"),
        ("", "identifier.uscc"),
    ],
)
def test_damaged_credit_codes_are_refused(code: str, refused: str) -> None:
    with pytest.raises(Invalid) as caught:
        identifiers.uscc(code)
    assert caught.value.code == refused


def test_the_refusal_says_the_code_that_would_hold() -> None:
    with pytest.raises(Invalid) as caught:
        identifiers.uscc("91231090MA1BCB2QX4")
    assert caught.value.facts["expected"] == "91231090MA1BCB2QX5"


def test_the_standards_identity_number_holds() -> None:
    assert identifiers.identity_number("11010519491231002x") == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "refused"),
    [
        ("110105194912310021", "identifier.person_check"),
        ("110105194902300020", "identifier.person_birth"),
        ("11010519491231002", "identifier.person"),
        ("01010519491231002X", "identifier.person"),
        ("１１０１０５１９４９１２３１００２X", "identifier.person"),
    ],
)
def test_damaged_identity_numbers_are_refused_without_being_shown(
    number: str, refused: str
) -> None:
    with pytest.raises(Invalid) as caught:
        identifiers.identity_number(number)
    assert caught.value.code == refused
    assert number not in str(caught.value)


@pytest.mark.parametrize(
    "number", ["CSQU3054383", "MSKU9070323", "HLXU4074106", "FCIU9176921", "csqu 305438-3"]
)
def test_container_numbers_met_in_traffic_hold(number: str) -> None:
    assert identifiers.container_number(number) == number.replace(" ", "").replace("-", "").upper()


@pytest.mark.parametrize(
    ("number", "refused"),
    [
        ("CSQU3054384", "identifier.container_check"),
        ("CSQA3054383", "identifier.container"),
        ("CSQU305438", "identifier.container"),
    ],
)
def test_damaged_container_numbers_are_refused(number: str, refused: str) -> None:
    with pytest.raises(Invalid) as caught:
        identifiers.container_number(number)
    assert caught.value.code == refused


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("琼A9Q001", "ordinary"),
        ("琼A·9Q001", "ordinary"),
        ("琼AD90001", "new_energy_small"),
        ("琼ADQ9004", "new_energy_small"),
        ("琼A90005D", "new_energy_large"),
        ("琼A9Q01挂", "trailer"),
        ("琼A1234警", "police"),
        ("沪A0023领", "consular"),
        ("粤ZAB12港", "cross_border"),
        ("粤zab12澳", "cross_border"),
    ],
)
def test_plates_of_every_kind(text: str, kind: str) -> None:
    assert identifiers.plate(text).kind == kind


@pytest.mark.parametrize(
    "text",
    ["", "A9Q001", "琼I9Q001", "琼A9O001", "琼A9Q0011X", "琼A9Q00", "琼A9Q001\n", "港A12345"],
)
def test_what_is_no_plate(text: str) -> None:
    with pytest.raises(Invalid, match=r"identifier\.plate"):
        identifiers.plate(text)


def test_enterprises_are_named_by_customs_number_or_credit_code() -> None:
    assert identifiers.enterprise_code("330261a004") == "330261A004"
    assert identifiers.enterprise_code("91610131057108880R") == "91610131057108880R"
    with pytest.raises(Invalid, match=r"identifier\.enterprise"):
        identifiers.enterprise_code("12345")


def test_a_district_is_four_digits() -> None:
    assert identifiers.customs_district(" 6409 ") == "6409"
    for wrong in ("640", "64091", "64O9", "６４０９"):
        with pytest.raises(Invalid, match=r"identifier\.district"):
            identifiers.customs_district(wrong)
