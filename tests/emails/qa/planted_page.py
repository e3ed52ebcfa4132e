"""Defects of size, inbox, page and law."""

import re
from dataclasses import replace

from tests.emails.qa.clean import HEADERS, SHOP, both, html
from tests.emails.qa.planting import (
    HELP,
    ROW,
    Planted,
    adds,
    filled,
    hero,
    in_html,
    in_text,
    preheader,
    styled,
    subject,
)

SIZE = (
    Planted("size.clipped", "102 KB of HTML", filled(75_000)),
    Planted("size.near_clipping", "95 KB of HTML", filled(60_000)),
    Planted("size.styles", "17 KB of styles", styled(".a{color:#000000}" * 1_000)),
)
INBOX = (
    Planted("inbox.no_subject", "an empty subject", subject(" ")),
    Planted("inbox.subject_cut", "a subject of 80 characters", subject("A long line about boots " * 4)),
    Planted("inbox.subject_cut", "40 wide characters", subject("新" * 40)),
    Planted("inbox.subject_on_phones", "a subject of 60 characters", subject("Boots " * 10)),
    Planted("inbox.control_character", "a header injected", subject("Hello\nBcc: x")),
    Planted("inbox.no_preheader", "no hidden words", preheader("")),
    Planted("inbox.short_preheader", "a preheader of 12 characters", preheader("New in today")),
    Planted(
        "inbox.long_preheader", "a preheader of 150 characters", preheader("A longer look at boots. " * 7)
    ),
    Planted(
        "inbox.repeated_subject",
        "the subject said again",
        lambda email: preheader(f"{email.subject} and it waits for you here.")(email),
    ),
    Planted(
        "inbox.preheader_not_in_html",
        "another preheader than the HTML's",
        lambda email: replace(email, preheader="A line that nobody put into the page of this email."),
    ),
    Planted(
        "inbox.preheader_not_filled",
        "no fillers",
        lambda email: replace(email, html=email.html.replace("&#8199;&#847;", "")),
    ),
)
PAGE = (
    Planted("page.no_doctype", "no doctype", in_html("<!doctype html>", "")),
    Planted("page.no_charset", "another character set", in_html("charset=UTF-8", "charset=ISO-8859-1")),
    Planted("page.no_viewport", "no viewport", in_html('name="viewport"', 'name="v"')),
    Planted(
        "page.no_zoom", "zooming forbidden", in_html("initial-scale=1", "initial-scale=1, user-scalable=no")
    ),
    Planted(
        "page.no_zoom",
        "a largest scale of 1",
        in_html("initial-scale=1", "initial-scale=1, maximum-scale=1.0"),
    ),
    Planted(
        "page.no_title",
        "an empty title",
        lambda email: replace(email, html=re.sub("<title>.*?</title>", "<title></title>", email.html)),
    ),
    Planted("page.no_language", "no lang", in_html('<html lang="en-US"', "<html")),
    Planted("page.no_language", "an unknown lang", in_html('<html lang="en-US"', '<html lang="und"')),
    Planted("page.other_language", "a German page", in_html('<html lang="en-US"', '<html lang="de-DE"')),
    Planted(
        "page.other_language",
        "a French body",
        in_html('role="article" lang="en-US"', 'role="article" lang="fr"'),
    ),
    Planted(
        "page.no_direction",
        "Arabic set from left to right",
        lambda email: replace(
            html(email, 'lang="en-US" dir="ltr"', 'lang="ar" dir="ltr"', count=-1), locale="ar-EG"
        ),
    ),
    Planted(
        "page.layout_table", "a table without a role", in_html(ROW, ROW.replace(' role="presentation"', ""))
    ),
    Planted(
        "page.no_dark_meta", "no color-scheme", in_html('<meta name="color-scheme"', '<meta name="colour"')
    ),
    Planted(
        "page.no_dark_meta",
        "no older name of it",
        in_html('name="supported-color-schemes"', 'name="supported"'),
    ),
    Planted(
        "page.no_dark_styles",
        "no dark styles",
        in_html("@media (prefers-color-scheme: dark)", "@media print"),
    ),
    *(
        Planted("page.forbidden_element", f"<{tag}>", adds(markup))
        for tag, markup in {
            "script": "<script>alert(1)</script>",
            "form": '<form action="https://www.fernhill.example/"></form>',
            "input": '<input type="hidden" name="a">',
            "iframe": '<iframe src="https://www.fernhill.example/"></iframe>',
            "object": '<object data="https://www.fernhill.example/a"></object>',
            "embed": '<embed src="https://www.fernhill.example/a">',
            "video": '<video src="https://www.fernhill.example/a"></video>',
            "meta refresh": '<meta http-equiv="refresh" content="0;url=https://www.fernhill.example/">',
        }.items()
    ),
    Planted("page.event_handler", "onerror on a picture", hero("<img", '<img onerror="alert(1)"')),
    Planted(
        "page.remote_styles",
        "a linked style sheet",
        in_html("<style", '<link rel="stylesheet" href="https://a.b/c.css"><style'),
    ),
    Planted("page.remote_styles", "@import", styled('@import url("https://a.b/c.css");')),
    Planted("page.styles_in_body", "styles in the body", adds("<style>.x { color: #000000; }</style>")),
    Planted("page.too_wide", "a table of 900 pixels", in_html(ROW, f'{ROW} width="900"')),
    Planted(
        "page.no_h1",
        "no h1",
        lambda e: replace(
            e,
            html=e.html.replace("<h1", "<h2")
            .replace("</h1", "</h2")
            .replace("<h2", "<p", 1)
            .replace("</h2", "</p", 1)
            .replace("<h2", "<p")
            .replace("</h2", "</p"),
        ),
    ),
    Planted("page.no_h1", "two h1", in_html('<h2 style="margin:0;', '<h1 style="margin:0;')),
    Planted(
        "page.heading_order",
        "h4 after h1",
        adds('<h4 style="margin:0;font-size:18px;line-height:1.3">Inside</h4>'),
    ),
    Planted("page.empty_heading", "an empty h2", adds('<h2 style="margin:0"> </h2>')),
    Planted("page.empty_block", "an empty paragraph", adds("<p></p>")),
    Planted("page.empty_block", "an empty list", adds("<ul><li></li></ul>")),
)
LAW = (
    Planted(
        "mandatory.no_unsubscribe",
        "no unsubscribe link",
        lambda email: both(
            both(both(email, f"{SHOP}/mail/unsubscribe", HELP), f"{SHOP}/mail/preferences", HELP),
            "Unsubscribe",
            "Write to us",
        ),
    ),
    *(
        Planted("mandatory.hidden_unsubscribe", what, in_html(">Unsubscribe</a>", markup))
        for what, markup in {
            "an unsubscribe link without a size": '><span style="font-size:0">Unsubscribe</span></a>',
            "a hidden one": '><span style="display:none">Unsubscribe</span></a>',
        }.items()
    ),
    Planted("mandatory.no_address", "no postal address in the HTML", in_html("Quarry Lane", "Quarry Road")),
    Planted(
        "mandatory.no_text_address", "no postal address in the text", in_text("Quarry Lane", "Quarry Road")
    ),
    Planted(
        "mandatory.no_one_click", "no such header", lambda email: replace(email, headers={"subject": "x"})
    ),
    Planted(
        "mandatory.no_one_click",
        "an address that is none of the web",
        lambda email: replace(
            email, headers={**HEADERS, "list-unsubscribe": "<mailto:out@fernhill.example>"}
        ),
    ),
    Planted("mandatory.preview", "a preview", lambda email: replace(email, preview=True)),
)
