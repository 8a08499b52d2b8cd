"""Requests made up from an interface's own document, the same ones wherever they are tried."""

import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

EXAMPLES = 4
# To JSON Schema 5.0 is an integer; we let no amount be written as a float.
TOO_LAX = [positive_data_acceptance]


def fuzz(url, token):
    """Try every operation of the document with ``EXAMPLES`` requests each; return their names."""
    with requests.Session() as session:
        return _fuzz(url, token, session)


def _fuzz(url, token, session):
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    for operation in operations:

        @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def attempt(case):
            case.call_and_validate(
                session=session,
                headers={"Authorization": f"Bearer {token}"},
                excluded_checks=TOO_LAX,
            )

        attempt()
    return [f"{operation.method.upper()} {operation.path}" for operation in operations]
