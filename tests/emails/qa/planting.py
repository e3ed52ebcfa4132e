"""Ways to spoil the clean email, and what a planted defect is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from app.emails.qa.email import EmailUnderTest, PictureFile
from tests.emails.qa.clean import HTML_UTM, IMAGES, SHOP, UTM, both, extra, html, said, style, text

Change = Callable[[EmailUnderTest], EmailUnderTest]
HERO = f'src="{IMAGES}hero.png" width="600"'
HELP = "mailto:help@fernhill.example"
ROW = (
    '<table border="0" cellpadding="0" cellspacing="0" role="presentation" align="center" style="width:100%;"'
)


@dataclass(frozen=True)
class Planted:
    """One defect."""

    rule: str
    what: str
    change: Change


def link_to(address: str) -> Change:
    """The button leads to another address, in HTML and text."""

    def change(email: EmailUnderTest) -> EmailUnderTest:
        page, count = re.subn(
            r'href="https://www\.fernhill\.example/new\?[^"]*"', f'href="{address}"', email.html
        )
        plain, again = re.subn(
            r"https://www\.fernhill\.example/new\S*", address.replace("&amp;", "&"), email.text or ""
        )
        assert count
        assert again
        return replace(email, html=page, text=plain)

    return change


def tracked(address: str) -> Change:
    """The button leads to another address, tracked as the others are."""
    return link_to(f"{address}?{HTML_UTM}")


def reads(words: str) -> Change:
    """The button says something else, in HTML and text."""
    return lambda email: text(
        html(email, ">See the Ridge &#38; Vale 30<", f">{words}<"), "See the Ridge & Vale 30:", f"{words}:"
    )


def subject(words: str) -> Change:
    return lambda email: replace(email, subject=words)


def preheader(words: str) -> Change:
    """Another preheader, in the HTML as well."""

    def change(email: EmailUnderTest) -> EmailUnderTest:
        page, count = re.subn(r"A quiet look at what[^<]*?worth a walk\.", words, email.html)
        assert count
        return replace(email, html=page, preheader=words)

    return change


def hero(old: str, new: str) -> Change:
    """The first picture's tag, changed."""

    def change(email: EmailUnderTest) -> EmailUnderTest:
        start = email.html.index(HERO)
        first, last = email.html.rindex("<img", 0, start), email.html.index(">", start) + 1
        tag = email.html[first:last]
        assert old in tag, tag
        return replace(email, html=email.html[:first] + tag.replace(old, new) + email.html[last:])

    return change


def hero_alt(words: str) -> Change:
    def change(email: EmailUnderTest) -> EmailUnderTest:
        start = email.html.index(HERO)
        first = email.html.rindex('alt="', 0, start)
        last = email.html.index('"', first + 5)
        return replace(email, html=f'{email.html[:first]}alt="{words}{email.html[last:]}')

    return change


def hero_file(file: PictureFile) -> Change:
    return lambda email: replace(email, images={**(email.images or {}), f"{IMAGES}hero.png": file})


def says(words: str) -> Change:
    return lambda email: said(email, words)


def adds(markup: str) -> Change:
    return lambda email: extra(email, markup)


def styled(css: str) -> Change:
    return lambda email: style(email, css)


def in_html(old: str, new: str, count: int = 1) -> Change:
    return lambda email: html(email, old, new, count=count)


def in_text(old: str, new: str) -> Change:
    return lambda email: text(email, old, new)


def in_both(old: str, new: str) -> Change:
    return lambda email: both(email, old, new)


def filled(count: int) -> Change:
    """HTML made longer by that many bytes that nobody sees."""
    return lambda email: html(email, "<body", f"<!--{'x' * count}--><body")


ADDRESS = "Fernhill Ltd, 1 Quarry Lane, Hill Valley, VT 05001"


def both_utm(email: EmailUnderTest) -> EmailUnderTest:
    """Without any tracking."""
    return replace(
        email, html=email.html.replace(f"&amp;{HTML_UTM}", ""), text=(email.text or "").replace(f"&{UTM}", "")
    )


def only_picture(email: EmailUnderTest) -> EmailUnderTest:
    """A headline, a picture and the mandatory parts, in HTML and text."""
    head, _, body = email.html.partition("<body")
    hidden = body[: body.index("</div>") + len("</div>")]
    way_out = f"{SHOP}/mail/unsubscribe"
    page = (
        f'{head}<body{hidden}<h1 style="line-height:1.3">New boots</h1>'
        f'<img src="{IMAGES}hero.png" alt="Boots" width="600">'
        f'<p>{ADDRESS}</p><p style="line-height:24px">'
        f'<a href="{way_out}">Unsubscribe</a></p></body></html>'
    )
    return replace(email, html=page, text=f"New boots\n\n{ADDRESS}\n\nUnsubscribe:\n{way_out}\n")
