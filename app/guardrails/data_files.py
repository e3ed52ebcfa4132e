"""The word lists and rules in data/ that ship with the guardrails, read as strictly as a brand's files."""

from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel

from app.errors import ContentError
from app.yaml12 import parse

ModelT = TypeVar("ModelT", bound=BaseModel)


def is_there(name: str) -> bool:
    """Whether data/ has the file."""
    return files("app.guardrails").joinpath("data", name).is_file()


def read_data(name: str, model: type[ModelT]) -> ModelT:
    """A YAML file of data/ as `model`. Raises ContentError with every problem."""
    text = files("app.guardrails").joinpath("data", name).read_text(encoding="utf-8")
    document = parse(text, f"data/{name}")
    built, problems = document.build(model)
    if built is None or document.problems:
        raise ContentError([*document.problems, *problems])
    return built
