"""Writing previews to a folder."""

import shutil
from pathlib import Path

from app.emails.models import PreviewPaths, RenderedPreview
from app.errors import RenderError, StorageError

LINKS_PAGE = Path(__file__).parent / "templates" / "links.html"


def write_preview(email: RenderedPreview, folder: Path) -> PreviewPaths:
    """Write email.html, email.txt, email.mjml, links.html and images/ into `folder`, making it if needed."""
    html, text, mjml = (folder / f"email.{suffix}" for suffix in ("html", "txt", "mjml"))
    images = tuple(folder / "images" / image.name for image in email.images)
    for image in email.images:
        if not image.source.is_file():
            raise RenderError(f"image file '{image.source.name}' is not there")
    try:
        (folder / "images").mkdir(parents=True, exist_ok=True)
        html.write_text(email.html, encoding="utf-8")
        text.write_text(email.text, encoding="utf-8")
        mjml.write_text(email.mjml, encoding="utf-8")
        shutil.copyfile(LINKS_PAGE, folder / LINKS_PAGE.name)
        for image, path in zip(email.images, images, strict=True):
            shutil.copyfile(image.source, path)
    except OSError as error:
        raise StorageError(f"the preview was not written to {folder}: {error.strerror}") from error
    return PreviewPaths(html=html, text=text, mjml=mjml, images=images)
