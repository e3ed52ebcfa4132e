"""Subject line with its preheader: what the inbox shows before anything is opened."""

from typing import Annotated

from app.blocks.kind import BlockCopy, BlockKind, FieldSpec, Shape


class SubjectCopy(BlockCopy):
    """Subject and preheader. Phones show about 33 to 48 characters of a subject and 90 of a preheader."""

    subject: Annotated[str, FieldSpec("subject line", "subject", Shape.LINE, 12, 60, (2, 12))]
    preheader: Annotated[
        str, FieldSpec("preheader", "preheader", Shape.SENTENCE, 30, 100, (5, 20), follows="subject")
    ]


KIND = BlockKind("subject", SubjectCopy, required=True, generated=True)
