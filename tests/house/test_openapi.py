"""The committed OpenAPI document is that of the code; views and schemas keep its promises."""

import json
from pathlib import Path

import pytest

from wms.app import api_document, create_app
from wms.settings import Settings
from wms.web.identity import permission_of

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"
REGENERATE = "out of date: run `wms openapi > docs/reference/openapi.json`"


def test_the_committed_document_is_up_to_date() -> None:
    assert json.loads(DOCUMENT.read_text(encoding="utf-8")) == api_document(), REGENERATE


def test_the_document_is_openapi_3_1_and_every_reference_leads_somewhere() -> None:
    document = api_document()
    assert document["openapi"] == "3.1.0"
    found = []

    def follow(node: object) -> None:
        if isinstance(node, dict):
            if isinstance(ref := node.get("$ref"), str):
                found.append(ref)
            for inner in node.values():
                follow(inner)
        elif isinstance(node, list):
            for inner in node:
                follow(inner)

    follow(document)
    for ref in found:
        target: object = document
        for step in ref.removeprefix("#/").split("/"):
            assert isinstance(target, dict)
            target = target[step]


def test_every_operation_says_who_may_call_it() -> None:
    for path, methods in api_document()["paths"].items():
        for method, operation in methods.items():
            if method != "parameters":
                open_to_all = operation.get("security") == []
                assert open_to_all or operation.get("x-permission"), f"{method} {path}"


def test_every_view_is_marked() -> None:
    """A view without a mark is shut for everybody; that is never what was meant."""
    app = create_app(
        Settings(
            "postgresql+psycopg://n@h/n", "mqtt://h", "k", Path(), 1, False, "http://localhost"
        )
    )
    unmarked = [
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"OPTIONS"}
        if permission_of(app, rule.endpoint, method) is None
    ]
    assert unmarked == []


def test_quantities_and_amounts_are_never_json_numbers() -> None:
    for name, schema in api_document()["components"]["schemas"].items():
        for member, told in schema.get("properties", {}).items():
            assert told.get("type") != "number", f"{name}.{member} is a float"


@pytest.mark.parametrize("code", ["code", "message", "facts"])
def test_the_error_form_is_documented(code: str) -> None:
    assert code in api_document()["components"]["schemas"]["Error"]["required"]
