"""Generated requests to every operation, as nobody and as each role.

No answer may be a 5xx, break the documented schema, accept what the schema forbids, or hold anything of
another brand. New routes are picked up by themselves.
"""

from typing import Any, TypeAlias

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from app.api.app import describe
from tests.api.house import MARKER, House
from tests.conftest import LONG

DEEP = "ada"
"""The brand owner may do everything, so that a request of hers gets farthest."""
OTHERS = ("nobody", "cal", "rae", "ola", "pia", "otto")
EXAMPLES = 100 if LONG else 4
EXCLUDED = [
    ignored_auth,  # asks again without a key by itself, over the network; `nobody` does that here
    positive_data_acceptance,  # a cursor, a brief or a key may fit the schema and still mean nothing
]
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429, 431]
DOCUMENT = describe("0.1.0")
Case: TypeAlias = schemathesis.Case[Any]
HYPOTHESIS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)


def load(*, coverage: bool) -> Any:
    """The operations; with `coverage` each boundary of each field is tried besides random requests."""
    chosen = {
        "phases": {"coverage": {"enabled": coverage}},
        "checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}},
    }
    return schemathesis.openapi.from_dict(DOCUMENT, config=SchemathesisConfig.from_dict(chosen))


with_boundaries = load(coverage=True)
if not LONG:  # its body is that of POST /v1/briefs
    with_boundaries = with_boundaries.exclude(operation_id="write_variants")
at_random = load(coverage=LONG)


@pytest.mark.parametrize("name", [DEEP])  # without it the tests share one id, and only one of them would run
@with_boundaries.parametrize()  # type: ignore[untyped-decorator]
@HYPOTHESIS
def test_every_operation_at_its_boundaries(case: Case, house: House, name: str) -> None:
    check(case, house, name)


@pytest.mark.parametrize("name", OTHERS)
@at_random.parametrize()  # type: ignore[untyped-decorator]
@HYPOTHESIS
def test_every_operation_as(case: Case, house: House, name: str) -> None:
    check(case, house, name)


def check(case: Case, house: House, name: str) -> None:
    """Send the request as somebody, and look at the answer."""
    who = getattr(house, name)
    given = case.as_transport_kwargs(base_url="http://testserver", headers=who.headers)
    prepared: Any = requests.Request(**given).prepare()
    answer = house.client.request(
        prepared.method, prepared.url, headers=prepared.headers, content=prepared.body
    )
    case.validate_response(answer, headers=who.headers, excluded_checks=EXCLUDED)
    if name != "otto":
        assert MARKER not in answer.text
