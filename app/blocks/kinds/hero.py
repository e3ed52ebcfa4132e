"""Hero: the picture at the top, its headline and the one thought of the email."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class HeroCopy(BlockCopy):
    """Headline and opening paragraph."""

    headline: Annotated[str, FieldSpec("headline", "headline", Shape.LINE, 8, 50, (2, 9))]
    body: Annotated[
        str, FieldSpec("opening paragraph", "body", Shape.PARAGRAPH, 50, 220, (9, 42), follows="headline")
    ]


KIND = BlockKind("hero", HeroCopy, required=True, generated=True, partial="hero.mjml")
