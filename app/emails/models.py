"""What an email is made of, before and after rendering.

A preview and what is rendered from it are types of their own (app.emails.preview): nothing that exports or
sends accepts them.
"""

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.brief.facts import FactSheet, Feed


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FilledSlot(_Frozen):
    """One block kind with its copy (tokens unfilled) and what the brief gives it.

    `link` is the https address itself, not its name in the brief. `image` is an asset id; without one the
    brand's default for `<kind>_<journey>` or `<kind>` is shown, if it has any. Only hero and educational have
    pictures, and a link of theirs lies on the picture; elsewhere an image or a needless link is refused.
    """

    kind: str
    copy_fields: Annotated[dict[str, str], Field(min_length=1)]
    link: str | None = None
    image: str | None = None
    feed: Feed | None = None
    products_from: str | None = None
    """The brand's list of products that the sending platform keeps for each reader, by its id."""
    facts: FactSheet | None = None
    """The facts of the segment that reads this, where one email holds slots of several."""


class ImageFile(_Frozen):
    """An image that an email shows: where it lies, and the name it is referenced by."""

    source: Path
    name: str


class ComposedEmail(_Frozen):
    """An email as checked MJML and as plain text, with marks for what only the sending platform knows."""

    subject: str
    preheader: str
    mjml: str
    text: str
    images: tuple[ImageFile, ...]


class RenderedPreview(_Frozen):
    """A preview as HTML and plain text; `warnings` are worth knowing and stop nothing."""

    subject: str
    preheader: str
    mjml: str
    html: str
    text: str
    images: tuple[ImageFile, ...]
    warnings: tuple[str, ...] = ()


class PreviewPaths(_Frozen):
    """Where a preview was written."""

    html: Path
    text: Path
    mjml: Path
    images: tuple[Path, ...]
