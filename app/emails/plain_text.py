"""The plain text of an email, from the same blocks as its MJML and with the same links."""

import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache

from app.emails.content import Block, Mark, Rows
from app.emails.mandatory import Mandatory

WIDTH = 76
RULE = "-" * WIDTH
PREVIEW_MARK = "PREVIEW - NOT APPROVED"


def plain_text(blocks: Sequence[Block | Mark], mandatory: Mandatory, preview_note: str) -> str:
    """Paragraphs wrapped at 76 characters, each link on a line of its own. A note marks a preview.

    The mark of a condition stands before the words that it is about, and takes no line.
    """
    parts = [f"{PREVIEW_MARK}\n{_wrapped(preview_note)}\n{RULE}\n\n"] if preview_note else []
    for block in blocks:
        if isinstance(block, Mark):
            parts.append(block.mark)
            continue
        if block.kind == "footer":
            parts.append(f"{RULE}\n\n")
        parts += (f"{part}\n\n" for part in _words(block))
        parts += _rows(block.rows) if block.rows is not None else ()
    if not any(block.kind == "footer" for block in blocks):
        parts.append(f"{RULE}\n\n")
    for part in mandatory.disclosures:
        parts.append(part.mark if isinstance(part, Mark) else f"{_wrapped(part.plain)}\n\n")
    return "".join(parts) + "\n\n".join(_mandatory(mandatory)) + "\n"


def _words(block: Block) -> Iterator[str]:
    words = [field.plain for field in block.fields.values()]
    if block.kind == "cta":
        yield f"{_wrapped(words[0])}:\n{block.link}"
        return
    yield from (_wrapped(text) for text in words)
    for product in block.products:
        head = textwrap.fill(
            f"{product.name}, {product.price}",
            WIDTH,
            initial_indent="* ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        yield f"{head}\n{product.link}"
    if block.link:
        yield block.link


def _rows(rows: Rows) -> Iterator[str]:
    """Items of a list of the reader's own, one after the other, and not wrapped: a mark stands for words of
    any length.
    """
    item, (begin, end) = rows.item, rows.item.priced
    price = f"{begin}, {item.price}{end}" if rows.priced else ""
    yield f"{rows.begin}* {item.name}{price}\n{item.link}\n\n{rows.end}"


def _mandatory(mandatory: Mandatory) -> Iterator[str]:
    yield _wrapped(mandatory.why_received.plain)
    if mandatory.postal_address is not None:
        yield _wrapped(mandatory.postal_address.plain)
    if mandatory.unsubscribe_link:
        yield f"{mandatory.unsubscribe_label.plain}:\n{mandatory.unsubscribe_link}"
    if mandatory.preferences_link:
        yield f"{mandatory.preferences_label.plain}:\n{mandatory.preferences_link}"


@lru_cache(maxsize=2_048)
def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)
