"""schemathesis sends what the API's document allows and forbids: never a 500, always our form."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
)
from signed_in import SITE, Watch, application_over

from wms.access.terms import ROLES
from wms.kernel.actor import Actor
from wms.kernel.ids import id_from
from wms.web.messages import catalogue

EVERYBODY = Actor(
    id_from("actor", "fuzz"), "fuzz", "token", SITE, frozenset().union(*ROLES.values())
)


@pytest.fixture
def schema(demo_url: str) -> Iterator[Any]:
    with application_over(demo_url, Watch()) as app:
        app.extensions["wms_authenticate"] = lambda _request, _door: EVERYBODY
        yield schemathesis.openapi.from_wsgi("/api/openapi.json", app)


def test_nothing_sent_makes_a_fault(schema: Any) -> None:
    wrong = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:
            try:
                _probe(operation.as_strategy(generation_mode=mode))
            except Unsatisfiable:
                continue  # nothing wrong can be said in this operation
            except (Exception, FailureGroup) as failure:  # noqa: BLE001 - all is told at the end
                wrong.append(f"{operation.label}: {failure}")
    assert not wrong, "\n\n".join(wrong)


def _probe(cases: Any) -> None:
    @settings(
        max_examples=5,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases)
    def probe(case: Any) -> None:
        answer = case.call(headers={"Authorization": "Bearer good"})
        case.validate_response(
            answer,
            checks=(not_a_server_error, content_type_conformance, response_schema_conformance),
        )
        if answer.status_code >= 400:
            told = answer.json()
            assert told["code"] in catalogue(), told
            assert told["message"]

    probe()
