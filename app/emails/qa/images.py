"""Images: seen, described, light, and of a kind that mail programs show."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from app.emails.qa.email import EmailUnderTest, PictureFile, spot
from app.emails.qa.models import WHOLE, Flaw, Severity, rule
from app.emails.qa.tree import Element

HEAVY, ALL_HEAVY = 200_000, 1_000_000
WIDEST = 700
ALT_LONG = 140
FEW_WORDS = 150
SHARP = 1.5
_AXE_ALT = "https://dequeuniversity.com/rules/axe/4.14/image-alt (WCAG 1.1.1)"
_WEIGHT = "https://www.tinimg.com/guides/reduce-image-size-email (200 KB, 1 MB; common advice, read 2026-11)"
_OUTLOOK = "https://tools.yiteai.com/ko/tools/email-image-guide (width in HTML, read 2026-11)"
_FORMATS = "https://www.caniemail.com/features/ (image-svg, image-webp, image-avif ...)"
_SUFFIX = re.compile(r"\.([a-z0-9]{2,5})$")
_UNSHOWN = frozenset(
    ["svg", "webp", "avif", "heic", "heif", "tif", "tiff", "bmp", "ico", "apng", "mp4", "hdr", "jxl"]
)
_FILE_NAME = re.compile(
    r"^\s*(?:[\w-]+\.(?:png|jpe?g|gif|webp|svg|bmp)|(?:img|dsc|dscn|image|photo|picture|screenshot)[\s_-]*\d+"
    r"|image|picture|photo|logo\.|untitled(?:[\s_-]*\d+)?|[0-9a-f]{16,}|[a-z0-9]+(?:_[a-z0-9]+){2,})\s*$",
    re.IGNORECASE,
)


def _images(email: EmailUnderTest) -> list[Element]:
    return email.document.all("img")


def _file(email: EmailUnderTest, image: Element) -> PictureFile | None:
    return (email.images or {}).get(image.attrs.get("src", ""))


def _width(image: Element) -> int | None:
    value = image.attrs.get("width", "").removesuffix("px")
    return int(value) if value.isdigit() else None


def _suffix(address: str) -> str:
    if address.lower().startswith("data:"):
        return ""
    try:
        found = _SUFFIX.search(urlsplit(address).path.lower())
    except ValueError:
        return ""
    return found[1] if found else ""


def _name(image: Element) -> str:
    source = image.attrs.get("src", "")
    return "data: ..." if source.lower().startswith("data:") else source[-60:]


@rule(
    "images.no_alt",
    Severity.ERROR,
    "An image has no alternative text",
    threshold='no alt attribute; alt="" is right for decoration',
    source=_AXE_ALT,
)
def _no_alt(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        if "alt" not in image.attrs:
            yield Flaw(spot(image), f"'{_name(image)}' has no alt", "what it shows, or an empty alt")


@rule(
    "images.alt_is_file_name",
    Severity.ERROR,
    "An image's alternative text is the name of its file",
    threshold='a file name, "image", "IMG_1234", a hash; or the name of the src without its ending',
    source=_AXE_ALT,
)
def _file_name(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        alt = image.attrs.get("alt", "").strip()
        stem = image.attrs.get("src", "").rpartition("/")[2].partition(".")[0]
        coded = "_" in stem or "-" in stem or any(sign.isdigit() for sign in stem)
        if alt and (_FILE_NAME.match(alt) or (coded and alt.lower() == stem.lower())):
            yield Flaw(spot(image), f"The alternative text is '{alt[:60]}'", "what the image shows")


@rule(
    "images.long_alt",
    Severity.WARNING,
    "An image's alternative text is long",
    threshold=f"more than {ALT_LONG} characters",
    source="https://www.w3.org/WAI/tutorials/images/tips/ (read 2026-11)",
)
def _long_alt(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        size = len(image.attrs.get("alt", ""))
        if size > ALT_LONG:
            yield Flaw(spot(image), f"The alternative text has {size} characters", "one short sentence")


@rule(
    "images.no_width",
    Severity.WARNING,
    "Outlook shows an image in the size of its file",
    threshold="no width attribute in pixels",
    source=_OUTLOOK,
)
def _no_width(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        if _width(image) is None:
            yield Flaw(spot(image), f"'{_name(image)}' has no width attribute", 'width="600"')


@rule(
    "images.too_wide",
    Severity.WARNING,
    "An image is wider than the email",
    threshold=f"a width attribute of more than {WIDEST} pixels",
    source="https://imgpact.com/en/guides/optimize-images-for-email (600 pixels; read 2026-11)",
)
def _too_wide(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        width = _width(image)
        if width is not None and width > WIDEST:
            yield Flaw(spot(image), f"'{_name(image)}' is shown {width} pixels wide", "at most 600")


@rule(
    "images.address",
    Severity.ERROR,
    "An image cannot be fetched",
    threshold="no src, a relative one (but in a preview), http, or a host for templates",
    source="Litmus pre-send checklist, help 119 (read 2026-11)",
)
def _address(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        source = image.attrs.get("src", "").strip()
        scheme, colon, _ = source.partition(":")
        relative = email.preview and not colon and bool(source)
        if not relative and scheme.lower() not in ("https", "data", "cid"):
            yield Flaw(spot(image), f"The image's address is {source[:60]!r}", "an https address")


@rule(
    "images.missing_file",
    Severity.ERROR,
    "An image's file is not there",
    threshold="a relative or cid: src that no supplied file has",
    source="app/emails/preview.py (a preview brings its images)",
    needs=("images",),
)
def _missing(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        source = image.attrs.get("src", "")
        local = source.lower().startswith("cid:") or ":" not in source
        if source and local and source not in (email.images or {}):
            yield Flaw(spot(image), f"There is no file '{source[:60]}'")


@rule(
    "images.embedded",
    Severity.ERROR,
    "An image is written into the HTML",
    threshold="a data: address",
    source="https://www.caniemail.com/features/image-base64/",
)
def _embedded(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        if image.attrs.get("src", "").lower().startswith("data:"):
            yield Flaw(
                spot(image), "A data: image: Gmail does not show it, and it counts as HTML", "a hosted file"
            )


@rule(
    "images.format",
    Severity.ERROR,
    "An image is of a kind that main mail programs do not show",
    threshold="svg, webp, avif, heic, tiff, bmp, ico, mp4; by file name",
    source=_FORMATS,
)
def _format(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        source = image.attrs.get("src", "")
        embedded = re.match(r"data:image/([a-z0-9]+)", source, re.IGNORECASE)
        suffix = embedded[1].lower() if embedded else _suffix(source)
        if suffix in _UNSHOWN:
            yield Flaw(
                spot(image),
                f"'{_name(image)}' is {suffix}, which not every mail program shows",
                "png, jpg or gif",
            )


@rule(
    "images.heavy",
    Severity.WARNING,
    "An image is heavy",
    threshold=f"more than {HEAVY // 1000} KB",
    source=_WEIGHT,
    needs=("images",),
)
def _heavy(email: EmailUnderTest) -> Iterator[Flaw]:
    for image in _images(email):
        file = _file(email, image)
        if file is not None and file.weight > HEAVY:
            yield Flaw(spot(image), f"'{_name(image)}' has {file.weight // 1000} KB", "fewer pixels, or jpg")


@rule(
    "images.all_heavy",
    Severity.WARNING,
    "The images together are heavy",
    threshold=f"more than {ALL_HEAVY // 1000} KB in all",
    source=_WEIGHT,
    needs=("images",),
)
def _all_heavy(email: EmailUnderTest) -> Iterator[Flaw]:
    used = {image.attrs.get("src", "") for image in _images(email)}
    total = sum(file.weight for name, file in (email.images or {}).items() if name in used)
    if total > ALL_HEAVY:
        yield Flaw(WHOLE, f"The images have {total // 1000} KB together", "fewer or lighter ones")


@rule(
    "images.blurred",
    Severity.WARNING,
    "An image is shown larger than it is",
    threshold="a file narrower than the width attribute",
    source=_WEIGHT,
    needs=("images",),
)
def _blurred(email: EmailUnderTest) -> Iterator[Flaw]:
    for image, width, real, _ in _measured(email):
        if real < width:
            yield Flaw(
                spot(image),
                f"'{_name(image)}' has {real} pixels and is shown {width} wide",
                f"{2 * width} pixels",
            )


@rule(
    "images.not_sharp",
    Severity.INFO,
    "An image is not sharp on good screens",
    threshold=f"a file less than {SHARP} times as wide as it is shown; twice is right",
    source=_WEIGHT,
    needs=("images",),
)
def _not_sharp(email: EmailUnderTest) -> Iterator[Flaw]:
    for image, width, real, _ in _measured(email):
        if width <= real < width * SHARP:
            yield Flaw(spot(image), f"'{_name(image)}' has {real} pixels for {width}", f"{2 * width} pixels")


@rule(
    "images.distorted",
    Severity.WARNING,
    "An image is stretched or squeezed",
    threshold="width and height attributes that differ from the file's proportions by more than 5%",
    source="Litmus pre-send checklist, help 119 (read 2026-11)",
    needs=("images",),
)
def _distorted(email: EmailUnderTest) -> Iterator[Flaw]:
    for image, width, real, file in _measured(email):
        height = image.attrs.get("height", "").removesuffix("px")
        if file.height and height.isdigit() and int(height):
            ratio = (width / int(height)) / (real / file.height)
            if not 0.95 <= ratio <= 1.05:
                words = f"'{_name(image)}' is shown as {width}x{height}, the file is {real}x{file.height}"
                yield Flaw(spot(image), words, 'height="auto"')


@rule(
    "images.little_text",
    Severity.WARNING,
    "The email says almost nothing without its images",
    threshold=f"an image, and fewer than {FEW_WORDS} characters that people read",
    source="Litmus pre-send checklist, help 119 (read 2026-11)",
)
def _little_text(email: EmailUnderTest) -> Iterator[Flaw]:
    if _images(email) and len(email.visible) < FEW_WORDS:
        yield Flaw(spot(email.body), f"People read {len(email.visible)} characters where images are off")


@rule(
    "images.background_alone",
    Severity.WARNING,
    "Text lies on a picture, with no colour behind it",
    threshold="a background picture without a background colour",
    source="https://www.caniemail.com/features/css-background-image/",
)
def _background(email: EmailUnderTest) -> Iterator[Flaw]:
    for element in email.document.all():
        own = email.light.of(element).own
        image = element.attrs.get("background", "") or own.get("background-image", "none")
        coloured = own.get("background-color", "transparent") not in ("", "transparent")
        if image not in ("", "none") and not coloured:
            yield Flaw(
                spot(element), f"<{element.tag}> has a background picture alone", "a background colour too"
            )


def _measured(email: EmailUnderTest) -> Iterator[tuple[Element, int, int, PictureFile]]:
    """Images whose shown width and file are known, with both widths."""
    for image in _images(email):
        file, width = _file(email, image), _width(image)
        if file is not None and file.width and width:
            yield image, width, file.width, file


RULES = (
    *(_no_alt, _file_name, _long_alt, _no_width, _too_wide, _address, _missing, _embedded, _format),
    *(_heavy, _all_heavy, _blurred, _not_sharp, _distorted, _little_text, _background),
)
