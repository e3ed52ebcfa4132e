"""Offer: what is cheaper, until when, under which terms."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class OfferCopy(BlockCopy):
    """Headline, explanation and terms; every value in them is a token."""

    headline: Annotated[str, FieldSpec("offer headline", "headline", Shape.LINE, 8, 60, (2, 10))]
    body: Annotated[
        str, FieldSpec("offer paragraph", "body", Shape.PARAGRAPH, 40, 220, (7, 42), follows="headline")
    ]
    terms: Annotated[str, FieldSpec("terms", "body", Shape.PARAGRAPH, 20, 240, (4, 48))]


KIND = BlockKind("offer", OfferCopy, required=False, generated=True, partial="offer.mjml")
