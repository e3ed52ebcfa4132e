"""The small brand with one thing broken, and what loading says of it."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.brand.loader import load_brand
from app.errors import ContentError
from tests.content.small_brand import BRAND, SmallBrand
from tests.release.content import dump

Break = Callable[[dict[str, Any]], object]


def problems(small: SmallBrand) -> list[str]:
    """Every problem of the folder as it is written now."""
    try:
        load_brand(small.root / "brand", BRAND)
    except ContentError as error:
        return [str(problem) for problem in error.problems]
    return []


def broken(small: SmallBrand, file: str, change: Break) -> list[str]:
    """The problems once `change` was made to the data of `file`."""
    change(small.files[file])
    dump(small.folder / file, small.files[file])
    return problems(small)


def line_of(small: SmallBrand, file: str, words: str, nth: int = 1) -> int:
    """The number of the nth line of the written file that begins with `words`, marks of lists aside."""
    lines = (small.folder / file).read_text(encoding="utf-8").splitlines()
    found = [n for n, line in enumerate(lines, 1) if line.lstrip(" -").startswith(words)]
    return found[nth - 1]


def place_of(small: SmallBrand, file: str, words: str, nth: int = 1) -> str:
    """`file:line:column` of what `line_of` finds."""
    number = line_of(small, file, words, nth)
    line = (small.folder / file).read_text(encoding="utf-8").splitlines()[number - 1]
    column = len(line) - len(line.lstrip(" -")) + 1
    return f"{Path('brand') / BRAND / file}:{number}:{column}"


def put(*path: str | int, value: Any) -> Break:
    """Set one value."""

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


def drop(*path: str | int) -> Break:
    """Remove one value."""

    def change(data: dict[str, Any]) -> None:
        place: Any = data
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


def again(key: str) -> Break:
    """Repeat the first entry of a list at its end."""
    return lambda data: data[key].append(copy.deepcopy(data[key][0]))
