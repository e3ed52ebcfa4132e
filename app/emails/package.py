"""The files that a person takes to a sending platform: the email in its dialect, and what goes with it."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from app.dialects.filling import Person, fill
from app.dialects.nodes import Place
from app.dialects.printing import Printer
from app.emails.template import EmailTemplate
from app.errors import RenderError, StorageError

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that a zip can say: the same package is always the same bytes."""


@dataclass(frozen=True)
class Printed:
    """A template in one dialect."""

    subject: str
    preheader: str
    html: str
    text: str
    mjml: str = ""
    """The source of the HTML with the same merge tags; not filled for a person."""


def printed(template: EmailTemplate, printer: Printer) -> Printed:
    """Each part in the dialect. Raises UsageError for what the account or the platform cannot say."""
    return Printed(
        subject=printer.print(template.subject, Place.PLAIN),
        preheader=printer.print(template.preheader, Place.PLAIN),
        html=printer.print(template.html),
        text=printer.print(template.text, Place.PLAIN),
        mjml=printer.print(template.source),
    )


def filled(template: EmailTemplate, person: Person) -> Printed:
    """What one synthetic person would read."""
    return Printed(
        subject=fill(template.subject, person),
        preheader=fill(template.preheader, person),
        html=fill(template.html, person),
        text=fill(template.text, person),
    )


def files_of(template: EmailTemplate, out: Printed, people: Mapping[str, Person]) -> dict[str, bytes]:
    """The files by their path in the package: the parts in the dialect, a preview for each of `people`, the
    MJML, and the pictures to be hosted. Raises RenderError for a picture that is not there.
    """
    files = {
        "email.html": out.html.encode(),
        "email.txt": out.text.encode(),
        "subject.txt": f"{out.subject}\n".encode(),
        "preheader.txt": f"{out.preheader}\n".encode(),
        "email.mjml": out.mjml.encode(),
    }
    for name, person in people.items():
        seen = filled(template, person)
        files[f"previews/{name}.html"] = seen.html.encode()
        files[f"previews/{name}.eml"] = _message(seen, template.locale)
    for image in template.images:
        try:
            files[f"images/{image.name}"] = image.source.read_bytes()
        except OSError as error:
            raise RenderError(f"image file '{image.source.name}' cannot be read: {error.strerror}") from error
    return files


def _message(seen: Printed, locale: str) -> bytes:
    """A preview as a mail program opens it. It has no sender and no recipient: it is not sent."""
    message = EmailMessage()
    message["Subject"] = seen.subject
    message["Content-Language"] = locale
    message["X-Copydesk"] = "preview with a synthetic person"
    message.set_content(seen.text)
    message.add_alternative(seen.html, subtype="html")
    message.set_boundary("=_copydesk_" + hashlib.sha256(seen.html.encode()).hexdigest()[:24])
    return message.as_bytes()


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file, by its path."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}


def write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files below `folder`, which is made. Raises StorageError."""
    try:
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    except OSError as error:
        raise StorageError(f"the export was not written to {folder}: {error.strerror}") from error


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as one zip, whose bytes depend on nothing but them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
