"""Product recommendations: a heading over a feed of products."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class RecommendationsCopy(BlockCopy):
    """Heading and one sentence; names, prices and links of the products come from the feed."""

    heading: Annotated[str, FieldSpec("recommendations heading", "headline", Shape.LINE, 8, 50, (2, 9))]
    intro: Annotated[
        str, FieldSpec("recommendations intro", "body", Shape.SENTENCE, 25, 140, (5, 26), follows="heading")
    ]


KIND = BlockKind(
    "recommendations",
    RecommendationsCopy,
    required=False,
    generated=True,
    feed=True,
    partial="recommendations.mjml",
)
