"""CTA: the button."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class CtaCopy(BlockCopy):
    """The label of the button; its link comes from the brief."""

    label: Annotated[str, FieldSpec("button label", "cta", Shape.LABEL, 5, 32, (2, 7))]


KIND = BlockKind("cta", CtaCopy, required=True, generated=True, links=True, partial="cta.mjml")
