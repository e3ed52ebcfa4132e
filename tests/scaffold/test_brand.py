"""The template: whole and valid for any name, with every field in it or explained."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.blocks.registry import REQUIRED
from app.brand.loader import FILES
from app.errors import StorageError, UsageError
from app.release.coverage import check_brand
from app.release.library import load_library
from app.scaffold.brand import write_brand
from app.scaffold.content import TEMPLATE, start_content
from app.scaffold.names import NewBrand, new_brand
from app.settings import content_root
from tests.content.leaves import fields_of

NOW = dt.datetime(2026, 11, 20, 9, 0, tzinfo=dt.UTC)
WORDS = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789éßł", min_size=2, max_size=12)


@pytest.fixture
def content(tmp_path: Path) -> Path:
    start_content(tmp_path, content_root())
    return tmp_path


def problems(content: Path, brand: NewBrand, as_of: dt.datetime = NOW) -> list[str]:
    found = check_brand(content / "brand", content / "blocks", brand.id, as_of=as_of)
    return [str(problem) for problem in found]


@pytest.mark.parametrize(
    "given", [{}, {"market": "GB"}, {"locale": "en-AU"}, {"locale": "en-IE", "market": "DE"}]
)
def test_a_new_brand_passes_as_it_is(content: Path, given: dict[str, str]) -> None:
    brand = new_brand("acme", **given)
    files = write_brand(content, brand, NOW.date())
    assert problems(content, brand) == []
    assert {
        path.relative_to(content / "brand" / "acme").as_posix() for path in files if "brand" in path.parts
    } >= set(FILES)
    library = load_library(content / "brand", content / "blocks", "acme")
    assert library.brand.identity.locales == (brand.locale,)
    assert ("us_can_spam" in library.brand.identity.packs) is (brand.market == "US")
    assert {placed.block.kind for placed in library.blocks if placed.block.evergreen} >= set(REQUIRED)


@settings(max_examples=10)  # each one makes and checks a whole brand
@given(words=st.lists(WORDS, min_size=1, max_size=3))
def test_whatever_it_is_called(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    content = tmp_path_factory.mktemp("named")
    start_content(content, content_root())
    brand = new_brand("acme", name=" ".join(words))
    write_brand(content, brand, NOW.date())
    assert problems(content, brand) == []
    assert load_library(content / "brand", content / "blocks", "acme").brand.identity.name == brand.name


def test_its_words_have_to_be_read_again_after_a_while(content: Path) -> None:
    brand = new_brand("acme")
    write_brand(content, brand, NOW.date())
    assert problems(content, brand, NOW + dt.timedelta(days=180)) == []
    assert "had to be reviewed by" in problems(content, brand, NOW + dt.timedelta(days=181))[0]


def test_one_segment_lacks_a_consent_and_a_block_has_its_twin(content: Path) -> None:
    """So that whoever begins with it sees how consent works."""
    write_brand(content, new_brand("acme"), NOW.date())
    library = load_library(content / "brand", content / "blocks", "acme")
    assert library.brand.withheld("new_subscribers") == {"person.city": "personalisation"}
    assert library.brand.withheld("members") == {}
    assert [placed.block.twin for placed in library.blocks if placed.block.twin] == ["hero_welcome_near"]


@pytest.mark.parametrize("file", FILES)
def test_each_field_stands_in_its_file_with_a_comment(file: str) -> None:
    text = (TEMPLATE / "brand" / f"{file}.jinja").read_text("utf-8")
    comments = sum(line.lstrip().startswith("#") for line in text.splitlines())
    assert comments >= 5
    for field in fields_of(FILES[file]):
        assert re.search(rf"\b{field.name}\b", text), f"{field.label} is neither used nor explained in {file}"


def test_nothing_of_another_brand_is_in_it() -> None:
    for path in TEMPLATE.rglob("*"):
        if path.suffix in (".jinja", ".svg", ".yaml"):
            assert not re.search("larkfell|oatmere|hiker|trail", path.read_text("utf-8"), re.IGNORECASE), path


@pytest.mark.parametrize("part", ["brand", "blocks"])
def test_what_is_there_is_never_touched(content: Path, part: str) -> None:
    mine = content / part / "acme" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine", "utf-8")
    with pytest.raises(UsageError, match=f"{part}/acme is there already"):
        write_brand(content, new_brand("acme"), NOW.date())
    assert [path.name for path in mine.parent.iterdir()] == ["mine.txt"]
    other = content / ("blocks" if part == "brand" else "brand") / "acme"
    assert not other.exists(), "and no half of a brand is left"


def test_a_failure_leaves_nothing_behind(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(content.rglob("*"))
    monkeypatch.setattr("app.scaffold.brand.shutil.copyfile", full)
    with pytest.raises(StorageError, match="No space left on device"):
        write_brand(content, new_brand("acme"), NOW.date())
    assert sorted(content.rglob("*")) == before
