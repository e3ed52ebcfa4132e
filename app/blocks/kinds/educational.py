"""Educational: something useful that sells nothing."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class EducationalCopy(BlockCopy):
    """Heading and a short piece of advice."""

    heading: Annotated[str, FieldSpec("tip heading", "headline", Shape.LINE, 8, 54, (2, 11))]
    body: Annotated[
        str, FieldSpec("tip paragraph", "body", Shape.PARAGRAPH, 70, 240, (12, 46), follows="heading")
    ]


KIND = BlockKind("educational", EducationalCopy, required=False, generated=True, partial="educational.mjml")
