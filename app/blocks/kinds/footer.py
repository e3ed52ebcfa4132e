"""Footer: a closing line above the mandatory parts that the layout prints. Never generated."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class FooterCopy(BlockCopy):
    """The brand's closing line."""

    closing: Annotated[str, FieldSpec("closing line", "body", Shape.PARAGRAPH, 15, 160, (3, 30))]


KIND = BlockKind("footer", FooterCopy, required=True, generated=False, partial="footer.mjml")
