"""Proof: why a reader may believe it. Approved content only, since a model cannot vouch for anything."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class ProofCopy(BlockCopy):
    """Heading and the supporting statement."""

    heading: Annotated[str, FieldSpec("proof heading", "headline", Shape.LINE, 8, 60, (2, 10))]
    body: Annotated[
        str, FieldSpec("proof paragraph", "body", Shape.PARAGRAPH, 40, 240, (7, 46), follows="heading")
    ]


KIND = BlockKind("proof", ProofCopy, required=False, generated=False, partial="proof.mjml")
