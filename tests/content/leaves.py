"""Every field of every file of a brand folder, found by walking the models."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel

from app.brand.effects import Effect
from app.brand.loader import FILES
from app.brand.scope import PackHead


@dataclass(frozen=True)
class Field:
    """One field of one model. A leaf holds no model; `effects` are those that its annotation declares."""

    model: type[BaseModel]
    name: str
    leaf: bool
    effects: tuple[Effect, ...]

    @property
    def label(self) -> str:
        return f"{self.model.__name__}.{self.name}"


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that values of this annotation hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in models_in(part)]


def fields_of(model: type[BaseModel]) -> Iterator[Field]:
    """The fields of the model and of all models inside it."""
    for name, info in model.model_fields.items():
        inside = models_in(info.annotation)
        effects = tuple(item for item in info.metadata if isinstance(item, Effect))
        yield Field(model, name, not inside, effects)
        for found in inside:
            yield from fields_of(found)


MODELS: tuple[type[BaseModel], ...] = (*FILES.values(), PackHead)
ALL = {field.label: field for model in MODELS for field in fields_of(model)}
LEAVES = {label: field for label, field in ALL.items() if field.leaf}
