"""The OpenAPI document: stable operation ids, examples, and problems for every error."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.house import House

GOLDEN = Path(__file__).parent / "operations.txt"


@pytest.fixture(scope="module")
def document(house: House) -> dict[str, Any]:
    found: dict[str, Any] = house.nobody.get("/openapi.json").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method.upper(), path, operation)
        for path, methods in sorted(document["paths"].items())
        for method, operation in sorted(methods.items())
    ]


def test_operations_and_their_ids_stay(document: dict[str, Any]) -> None:
    """Programs call operations by these names: a new one is a new line of operations.txt."""
    lines = [
        f"{method} {path} {operation['operationId']}" for method, path, operation in operations(document)
    ]
    assert lines == GOLDEN.read_text(encoding="utf-8").splitlines()


def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        name = f"{method} {path}"
        assert operation["tags"], name
        assert operation["summary"], name
        assert operation["description"], name
        assert {"400", "406", "422", "429", "500", "503"} <= set(operation["responses"]), name
        if path.startswith("/v1/"):
            assert operation["security"] == [{"key": []}], name
            assert {"401", "403", "404"} <= set(operation["responses"]), name


def test_every_answer_has_an_example(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            for media, content in response.get("content", {}).items():
                if media == "application/json" and status.startswith("2"):
                    name = content["schema"]["$ref"].rpartition("/")[2]
                    schema = schemas[name]
                    items = schema.get("properties", {}).get("items", {}).get("items", {})
                    inner = schemas[items["$ref"].rpartition("/")[2]] if "$ref" in items else {}
                    assert "examples" in schema or "examples" in inner, f"{method} {path} {name}"
