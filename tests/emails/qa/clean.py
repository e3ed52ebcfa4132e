"""A clean email that the project renders itself, as it would be sent; and ways to spoil one part of it."""

import re
from dataclasses import replace

from app.brand.brand import Brand
from app.emails.preview import render_preview
from app.emails.qa.email import EmailUnderTest
from app.emails.qa.reader import email_of_preview
from tests.emails.sample import all_slots, preview_of, sample_facts

UTM = "utm_source=copydesk&utm_medium=email&utm_campaign=new"
HTML_UTM = UTM.replace("&", "&amp;")
SHOP = "https://www.fernhill.example"
HEADERS = {
    "list-unsubscribe": f"<{SHOP}/mail/unsubscribe?id=1>, <mailto:out@fernhill.example>",
    "list-unsubscribe-post": "List-Unsubscribe=One-Click",
}
IMAGES = "https://img.fernhill.example/"


def preview_email(brand: Brand) -> EmailUnderTest:
    """The sample as a preview, with its files and facts."""
    return email_of_preview(render_preview(preview_of(brand, all_slots())), brand, sample_facts())


def sent_email(brand: Brand) -> EmailUnderTest:
    """The sample as it would leave: hosted pictures, real mandatory links, tracked links, no mark."""
    email = preview_email(brand)
    html = email.html.replace('"images/', f'"{IMAGES}').replace("links.html#", f"{SHOP}/mail/")
    html = re.sub(r'(href="https://www\.fernhill\.example/(?:new|p/)[^"]*)', rf"\1&amp;{HTML_UTM}", html)
    html = re.sub(
        r'<meta name="copydesk-status"[^>]*>|<meta name="robots"[^>]*>|<meta http-equiv="Content-S[^>]*>',
        "",
        html,
    )
    text = (email.text or "").replace("links.html#", f"{SHOP}/mail/")
    text = re.sub(r"(https://www\.fernhill\.example/(?:new|p/)\S*)", rf"\1&{UTM}", text)
    images = {name.replace("images/", IMAGES): file for name, file in (email.images or {}).items()}
    return replace(email, html=html, text=text, images=images, preview=False, headers=HEADERS)


def html(email: EmailUnderTest, old: str, new: str, *, count: int = 1) -> EmailUnderTest:
    """The email with `old` replaced in its HTML; `count` -1 for everywhere."""
    assert old in email.html, old
    return replace(email, html=email.html.replace(old, new, count))


def text(email: EmailUnderTest, old: str, new: str) -> EmailUnderTest:
    """The email with `old` replaced in its plain text."""
    assert email.text is not None
    assert old in email.text, old
    return replace(email, text=email.text.replace(old, new))


def both(email: EmailUnderTest, old: str, new: str) -> EmailUnderTest:
    """The email with `old` replaced everywhere in HTML and text."""
    return text(html(email, old, new, count=-1), old, new)


def style(email: EmailUnderTest, css: str) -> EmailUnderTest:
    """The email with rules at the end of its last style sheet."""
    head, end, rest = email.html.rpartition("</style>")
    return replace(email, html=f"{head}{css}{end}{rest}")


def extra(email: EmailUnderTest, markup: str) -> EmailUnderTest:
    """The email with more markup at the end of the first block's words, in that block's colours."""
    return html(email, "what our team packs.</div>", f"what our team packs.{markup}</div>")


def said(email: EmailUnderTest, words: str) -> EmailUnderTest:
    """The email with other words in the proof block, in HTML and text alike."""
    old_html = "Our workshop mends what we sell, and tells you honestly when a repair is not worth it."
    old_text = "Our workshop mends what we sell, and tells you honestly when a repair is not\nworth it."
    return text(html(email, old_html, words), old_text, words)
