"""Bodies that are no good: each gets a clear answer with its place."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.json_body import MAX_DEPTH, read_json
from app.http.errors import RequestError
from tests.api.house import OURS, House

JSON = {"Content-Type": "application/json"}


def send(house: House, body: bytes, **headers: str) -> Any:
    return house.cal.post("/v1/checks", content=body, headers={**JSON, **headers})


def nested(depth: int) -> bytes:
    return b'{"items": ' + b"[" * depth + b"]" * depth + b"}"


@pytest.mark.parametrize(
    ("body", "status", "words", "place"),
    [
        (b"{", 400, "expecting property name", (1, 2)),
        (b'{"brand": "x",\n "items": [1,]}', 400, "expecting value", (2, 14)),
        (b'{"brand": NaN}', 400, "NaN is no number in JSON", (None, None)),
        (b'{"brand": Infinity}', 400, "Infinity is no number in JSON", (None, None)),
        (b'{"brand": 1e999}', 400, "a number is too large", (None, None)),
        (b'{"brand": ' + b"9" * 5000 + b"}", 400, "a number has too many digits", (None, None)),
        (b'{"brand": "a", "brand": "b"}', 400, 'the key "brand" is given twice', (None, None)),
        (b'\xef\xbb\xbf{"brand": "a"}', 400, "a byte order mark", (1, 1)),
        ('{"brand": "a"}'.encode("utf-16"), 400, "UTF-16", (1, 1)),
        ('{"brand": "a"}'.encode("utf-16-be"), 400, "UTF-16", (1, 1)),
        (b'{"brand":\n "\xff"}', 400, "is not UTF-8", (2, 3)),
        (b'{"brand": "\x01"}', 400, "invalid control character", (1, 12)),
        (nested(MAX_DEPTH + 1), 400, f"nested more than {MAX_DEPTH} deep", (None, None)),
        (nested(200_000), 400, f"nested more than {MAX_DEPTH} deep", (None, None)),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(
    house: House, body: bytes, status: int, words: str, place: tuple[int | None, int | None]
) -> None:
    answer = send(house, body)
    assert answer.status_code == status
    (error,) = answer.json()["errors"]
    assert words.lower() in error["message"].lower()
    assert (error["line"], error["column"]) == place


@pytest.mark.parametrize(
    ("body", "pointer", "words"),
    [
        (b'{"items": [{"text": "a\\u0000b"}]}', "/items/0/text", "NUL"),
        (b'{"items": [{"text": "\\ud800"}]}', "/items/0/text", "half of a character"),
        (b'{"items": [{"te\\u0000xt": "a"}]}', "/items/0", "the name of a field holds the character NUL"),
        (b'{"items": [{"text": "a", "fields": "cta"}]}', "/items/0/fields", "unknown field 'fields'"),
        (b'{"items": [{"text": 1}]}', "/items/0/text", "should be text"),
        (b'{"items": [{}]}', "/items/0", "'text' is missing"),
        (b'{"items": "all"}', "/items", "should be a list"),
        (b"[]", "", "should be a mapping"),
        (b"null", "", "is empty"),
    ],
)
def test_a_body_that_does_not_fit_names_each_field(
    house: House, body: bytes, pointer: str, words: str
) -> None:
    answer = send(house, body)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["where"], error["pointer"]) == ("body", pointer)
    assert words in error["message"]


def test_the_nearest_field_is_named(house: House) -> None:
    (error,) = send(house, b'{"items": [{"text": "a", "feild": "cta"}]}').json()["errors"]
    assert error["expected"] == "did you mean 'field'?"


def test_no_body_is_a_missing_body(house: House) -> None:
    (error,) = send(house, b"").json()["errors"]
    assert error["message"] == "the body is missing"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"Content-Type": "text/plain"}, "the body is 'text/plain'"),
        ({"Content-Type": ""}, "no Content-Type"),
        ({"Content-Type": "application/json; charset=utf-16"}, "charset is utf-16"),
        ({"Content-Encoding": "gzip"}, "compressed"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, "multipart"),
    ],
)
def test_what_is_not_json_is_415(house: House, headers: dict[str, str], words: str) -> None:
    answer = send(house, b'{"items": [{"text": "a"}]}', **headers)
    assert answer.status_code == 415
    assert words in answer.json()["detail"]


def test_a_charset_of_utf_8_is_fine(house: House) -> None:
    body = b'{"items": [{"text": "a"}]}'
    assert send(house, body, **{"Content-Type": 'application/json; charset="UTF-8"'}).status_code == 200


def test_the_size_is_limited_by_setting(build: Callable[..., House]) -> None:
    house = build(body_bytes=1000)
    assert send(house, b" " * 1001).status_code == 413
    assert send(house, b" " * 990 + b"{}").status_code == 422

    def pieces() -> Any:
        for _ in range(11):
            yield b" " * 100

    answer = send(house, pieces())
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")


def test_numbers_in_quotes_are_no_numbers(house: House) -> None:
    for brand in (True, 1, ["x"]):
        answer = house.cal.post("/v1/checks", json={"brand": brand, "items": [{"text": "a"}]})
        assert answer.status_code == 422, brand


def test_nul_in_path_and_query_is_refused(house: House) -> None:
    for path in ("/v1/brands/a%00b", f"/v1/segments?brand={OURS}%00"):
        answer = house.cal.get(path)
        assert (answer.status_code, answer.json()["type"]) == (400, "/problems/malformed-request")


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(values)
def test_good_json_is_read_as_it_is(value: Any) -> None:
    import json

    assert read_json(json.dumps(value).encode()) == value
    assert read_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(raw: bytes) -> None:
    refusals: list[RequestError] = []
    try:
        read_json(raw)
    except RequestError as error:
        refusals.append(error)
    assert all(error.errors and error.status_code in (400, 422) for error in refusals)
