"""What a block kind is: its fields with limits, whether an email needs it, whether a model may write it."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Shape(StrEnum):
    """The form a field has on the page; the shape guardrail and the grammar both follow it."""

    LINE = "line"
    """One line without a final full stop, such as a subject or a headline."""
    LABEL = "label"
    """A few words on a button, beginning with a verb."""
    SENTENCE = "sentence"
    """Exactly one sentence with its final mark."""
    PARAGRAPH = "paragraph"
    """One to three sentences."""


@dataclass(frozen=True)
class FieldSpec:
    """The limits of one field. Characters are counted as rendered, with the longest allowed values.

    `label` is how prompts and findings name the field. `field` is the front door's name for fields of this
    sort (subject, preheader, headline, body, cta). `follows` names the field that this one continues.
    """

    label: str
    field: str
    shape: Shape
    min_chars: int
    max_chars: int
    words: tuple[int, int]
    follows: str | None = None


class BlockCopy(BaseModel):
    """The copy of one block: each attribute is a field with typed tokens, annotated with its FieldSpec."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @classmethod
    def specs(cls) -> dict[str, FieldSpec]:
        """Every field's limits, in the order in which a reader meets them."""
        return {
            name: next(item for item in info.metadata if isinstance(item, FieldSpec))
            for name, info in cls.model_fields.items()
        }

    def texts(self) -> dict[str, str]:
        """The fields as plain strings."""
        return {name: str(getattr(self, name)) for name in type(self).model_fields}


@dataclass(frozen=True)
class BlockKind:
    """One kind of block. `required` kinds stand in every email; `generated` ones may come from a model.

    `links` says that the block carries a link that the brief supplies; `feed` that it needs a product feed.
    `partial` is the MJML file under blocks/<id>/; the subject has none, since it is no part of the body.
    """

    id: str
    schema: type[BlockCopy]
    required: bool
    generated: bool
    links: bool = False
    feed: bool = False
    partial: str | None = None
