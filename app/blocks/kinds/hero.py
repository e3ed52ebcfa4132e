"""Hero: the picture at the top, its headline and the one thought of the email."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class HeroCopy(BlockCopy):
    """Headline and opening paragraph."""

    headline: Annotated[str, FieldSpec("headline", "headline", Shape.LINE, 8, 54, (2, 11))]
    body: Annotated[
        str, FieldSpec("opening paragraph", "body", Shape.PARAGRAPH, 45, 220, (8, 42), follows="headline")
    ]


KIND = BlockKind("hero", HeroCopy, required=True, generated=True, partial="hero.mjml")
