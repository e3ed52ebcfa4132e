"""Emails to check: previews as composed, folders of `copydesk generate`, HTML and .eml files."""

import email.policy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path

from app.brand.brand import Brand
from app.brand.platforms import Account, Supplier
from app.brief.facts import FactSheet
from app.dialects.filling import PLATFORM
from app.emails.models import ImageFile, RenderedPreview
from app.emails.qa.email import EmailUnderTest, PictureFile
from app.emails.qa.pixels import size_of
from app.errors import UsageError

LARGEST = 5_000_000
"""Bytes of HTML or of a message that are still read."""
PREVIEW_MARK = 'name="copydesk-status"'
SUMMARY = "summary.json"
PAGE = "email.html"
MANIFEST = "manifest.json"
"""Stands beside an email that was exported, whose page holds the tags of a platform."""


@dataclass(frozen=True)
class Found:
    """An email that was found under a path. `brand_id` and `locale` are empty where nothing says them, and
    `account_id` but for an export, which is for one account of the brand.
    """

    name: str
    email: EmailUnderTest
    brand_id: str = ""
    locale: str = ""
    account_id: str = ""


def email_of_preview(rendered: RenderedPreview, brand: Brand, facts: FactSheet) -> EmailUnderTest:
    """A preview with its files and facts; `brand` is as the preview's language and market have it."""
    found = EmailUnderTest(
        html=rendered.html,
        subject=rendered.subject,
        preheader=rendered.preheader,
        text=rendered.text,
        images={f"images/{image.name}": _picture(image) for image in rendered.images},
        facts=stated(facts),
        preview=True,
    )
    return for_brand(found, brand, facts.locale)


def for_brand(found: EmailUnderTest, brand: Brand, locale: str) -> EmailUnderTest:
    """The email with what the brand expects of it."""
    identity = brand.identity
    return replace(
        found,
        link_hosts=identity.link_hosts,
        locale=locale or found.locale,
        postal_address=identity.postal_address,
        unsubscribe_label=identity.unsubscribe_label,
    )


def for_account(found: EmailUnderTest, account: Account) -> EmailUnderTest:
    """What an account would send, of a brand's email that is filled as a preview.

    The platform's pages stand for the brand's own: where they lead is not known before it is sent. Address
    and unsubscribe link may come from the platform's own footer.
    """
    home = f"https://{(found.link_hosts or ('',))[0]}/"
    html, text = (part.replace(PLATFORM, home) for part in (found.html, found.text or ""))
    found = replace(found, html=html, text=text)
    if account.footer is Supplier.COPYDESK:
        return found
    return replace(found, postal_address=None, unsubscribe_label=None, marketing=False)


def stated(facts: FactSheet) -> tuple[str, ...]:
    """The facts as copy would say them; addresses stand in links instead."""
    return tuple(facts.render(name) for name, fact in facts.facts.items() if fact.kind != "url")


def emails_under(path: Path) -> Sequence[Found]:
    """The emails of a folder or a file. Raises UsageError when there is none, or one cannot be read."""
    if path.is_dir():
        found = [*_in_folder(path)]
        if not found:
            raise UsageError(
                f"no {PAGE} under {path}", "a folder that `copydesk generate` or `copydesk export` wrote"
            )
        return found
    if path.name == PAGE and (path.parent / MANIFEST).is_file():
        return [*_exported(path.parent)]
    if path.suffix.lower() == ".eml":
        return [Found(path.name, email_of_message(_bytes(path), path))]
    if path.suffix.lower() in (".html", ".htm"):
        return [Found(path.name, _of_file(path))]
    raise UsageError(f"{path.name} is no email", "a folder, an .html file or an .eml file")


def email_of_message(data: bytes, path: Path) -> EmailUnderTest:
    """The email in an .eml file. Raises UsageError when it has no HTML."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage):
        raise UsageError(f"{path.name} is no email message")
    try:
        html, text = message.get_body(("html",)), message.get_body(("plain",))
        if html is None:
            raise UsageError(f"{path.name} has no HTML part", "a message with HTML and plain text")
        return EmailUnderTest(
            html=str(html.get_content()),
            subject=str(message["subject"] or ""),
            text=str(text.get_content()) if text is not None else "",
            images=dict(_inline(message)) or None,
            headers={name.lower(): str(value) for name, value in message.items()},
        )
    except (LookupError, ValueError, KeyError) as error:
        raise UsageError(f"{path.name} cannot be read: {error}", "a message in UTF-8") from error


def _inline(message: EmailMessage) -> Iterator[tuple[str, PictureFile]]:
    for part in message.walk():
        data = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        name = str(part["content-id"] or "").strip("<>")
        if isinstance(data, bytes) and name:
            yield f"cid:{name}", measured(data)


def _in_folder(path: Path) -> Iterator[Found]:
    brand = _brand_of(path)
    for page in sorted(path.rglob(PAGE)):
        folder = page.parent
        if (folder / MANIFEST).is_file():
            yield from _exported(folder)
            continue
        locale, segment = folder.parent.name, folder.name
        text = folder / "email.txt"
        found = replace(_of_file(page), text=_text(text) if text.is_file() else "")
        in_run = folder.parent.parent.name == "emails"
        yield Found(f"{locale} {segment}" if in_run else segment, found, brand, locale if in_run else "")


def _exported(folder: Path) -> Iterator[Found]:
    """An export as its synthetic readers get it."""
    try:
        made = json.loads(_text(folder / MANIFEST))
        locale, platform, segments = made["locale"], made["platform"], made["segments"]
        brand, account = str(made["brand"]), str(made["account"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{folder / MANIFEST} is not that of an export", "export again") from error
    previews = sorted((folder / "previews").glob("*.eml"))
    if not previews:
        raise UsageError(
            f"{folder} holds an email in the tags of {platform}, and no previews", "export again"
        )
    name = f"{locale} {'_'.join(segments)}{'' if made.get('arm') in (None, 'only') else ' ' + made['arm']}"
    for path in previews:
        found = email_of_message(_bytes(path), path)
        filled = f"{name}, filled for '{path.stem}' (the export itself holds tags of {platform})"
        yield Found(
            filled, replace(found, images=_hosted(found, folder), headers=None), brand, locale, account
        )


def _hosted(found: EmailUnderTest, folder: Path) -> Mapping[str, PictureFile]:
    """The pictures beside an export, by the addresses at which they will be hosted."""
    addresses = {image.attrs.get("src", "") for image in found.document.all("img")}
    files = {address: folder / "images" / address.rpartition("/")[2] for address in addresses}
    return {address: measured(_bytes(file)) for address, file in files.items() if file.is_file()}


def _brand_of(path: Path) -> str:
    """The brand that a run's summary names."""
    for folder in (path, *path.parents[:3]):
        try:
            data = json.loads((folder / SUMMARY).read_text("utf-8"))
        except (OSError, ValueError):
            continue
        return str(data.get("brand", "")) if isinstance(data, Mapping) else ""
    return ""


def _of_file(page: Path) -> EmailUnderTest:
    html = _text(page)
    files = page.parent / "images"
    images = {
        f"images/{item.name}": measured(_bytes(item)) for item in sorted(files.glob("*")) if item.is_file()
    }
    found = EmailUnderTest(html=html, images=images or None, preview=PREVIEW_MARK in html)
    title = found.document.first("title")
    return replace(found, subject=title.words if title and found.preview else None)


def _picture(image: ImageFile) -> PictureFile:
    return measured(_bytes(image.source)) if image.source.is_file() else PictureFile(0)


def measured(data: bytes) -> PictureFile:
    """What is known of a picture from its bytes."""
    return PictureFile(len(data), *(size_of(data) or (None, None)))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise UsageError(f"{path} has more than {LARGEST // 1_000_000} MB", "an email")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8", "save it as UTF-8") from error
