"""The API keeps what its description promises, whatever it is asked: cases that schemathesis makes from it.

Ten thousand of them and more, in half an hour, against a running site, with this folder's schemathesis.toml:
schemathesis run http://127.0.0.1:8000/api/v1/openapi.json --checks all --max-examples 1000 --continue-on-failure
"""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.openapi import from_wsgi

from webapp.openapi import OPERATIONS, Operation

CONFIG = SchemathesisConfig.from_path(Path(__file__).with_name("schemathesis.toml"))
MAX_EXAMPLES = 40  # of each operation and mode
READING = [operation for operation in OPERATIONS if operation.method == "get"]


@pytest.mark.parametrize(
    ("operation", "mode"),
    [
        *((operation, GenerationMode.POSITIVE) for operation in READING),
        # What a path holds is any text: only a parameter can have a value that is not as described.
        *((operation, GenerationMode.NEGATIVE) for operation in READING if 400 in operation.problems),
    ],
)
def test_answers_are_as_described(app: Flask, operation: Operation, mode: GenerationMode) -> None:
    schema = from_wsgi("/api/v1/openapi.json", app, config=CONFIG)
    described = schema[operation.path][operation.method]

    @given(case=described.as_strategy(generation_mode=mode))
    @settings(max_examples=MAX_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def check(case: Case[Any]) -> None:
        case.call_and_validate(headers={"Accept-Encoding": "identity"})  # it takes the bytes of a body as they are

    check()
