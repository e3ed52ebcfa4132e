"""Defects of reading, plain text, leftovers and mail programs."""

import re
from dataclasses import replace

from tests.emails.qa.clean import SHOP, extra, html, said, style
from tests.emails.qa.planting import (
    Planted,
    adds,
    hero_alt,
    in_html,
    in_text,
    only_picture,
    says,
    styled,
    subject,
)

READING = (
    Planted(
        "reading.contrast", "grey on white", adds('<div style="color:#999999">Packed by our own team</div>')
    ),
    Planted(
        "reading.contrast", "a colour's name", adds('<div style="color:silver">Packed by our own team</div>')
    ),
    Planted(
        "reading.contrast",
        "half transparent",
        adds('<div style="color:#00000066">Packed by our own team</div>'),
    ),
    Planted(
        "reading.contrast",
        "white on a yellow ground, mended for dark mode alone",
        lambda email: style(
            extra(
                email, '<div class="note" style="background:#ffd84d;color:#fff">Packed by our own team</div>'
            ),
            " @media (prefers-color-scheme: dark) { .note { background: #000000 !important } }",
        ),
    ),
    Planted(
        "reading.contrast",
        "large and too light",
        adds('<div style="font-size:30px;line-height:40px;color:#aaaaaa">Packed here</div>'),
    ),
    Planted(
        "reading.contrast",
        "by a class",
        lambda e: style(
            extra(e, '<p class="pale">Packed by our own team</p>'), " .pale { color: #bbbbbb !important }"
        ),
    ),
    Planted(
        "reading.contrast_in_dark",
        "black that stays black",
        styled(" @media (prefers-color-scheme: dark) { .cd-ink div { color: #222222 !important } }"),
    ),
    Planted(
        "reading.contrast_in_dark",
        "a ground that turns light",
        styled(
            " @media (prefers-color-scheme: dark) {"
            " .cd-tint > table > tbody > tr > td { background-color: #eeeeee !important } }"
        ),
    ),
    Planted(
        "reading.small_text",
        "11 pixels",
        adds('<div style="font-size:11px;line-height:18px">Packed by our own team</div>'),
    ),
    Planted(
        "reading.small_text",
        "8 points",
        adds('<div style="font-size:8pt;line-height:18px">Packed by our own team</div>'),
    ),
    Planted(
        "reading.small_text",
        "12 pixels on phones",
        styled(" @media only screen and (max-width: 479px) { .cd-ink div { font-size: 12px !important } }"),
    ),
    Planted(
        "reading.tight_lines",
        "lines of 16 for 17",
        adds(
            '<div style="line-height:16px">Packed by our own team in Vermont, and mended there as well.</div>'
        ),
    ),
    Planted(
        "reading.small_button",
        "a button of 30 pixels",
        in_html("padding:14px 32px;mso-padding-alt:0px", "padding:4px 32px;mso-padding-alt:0px"),
    ),
    Planted(
        "reading.small_target",
        "a link of 20 pixels",
        in_html(
            'line-height:24px;text-align:left;color:#1d2b24;"><a',
            'line-height:20px;text-align:left;color:#1d2b24;"><a',
        ),
    ),
)
TEXT = (
    Planted("text_part.missing", "an empty text", lambda email: replace(email, text=" ")),
    Planted(
        "text_part.link_missing",
        "a product's link left out",
        lambda e: replace(e, text=re.sub(r"https://\S*/p/1\S*", "", e.text or "")),
    ),
    Planted(
        "text_part.other_link",
        "an old address",
        in_text("Made to be repaired", f"Made to be repaired {SHOP}/old-page"),
    ),
    Planted("text_part.facts_differ", "another code", in_text("TRAIL20", "TRAIL_20")),
    Planted("text_part.facts_differ", "a product's name cut", in_text("Ridge & Vale 30", "Ridge 30")),
    Planted("text_part.figures_differ", "another price", in_text("$19.50", "$19.00")),
    Planted(
        "text_part.figures_differ",
        "another percentage in words",
        in_text("Prices include tax.", "Prices include 7% tax."),
    ),
    Planted("text_part.markup", "a tag", in_text("Prices include tax.", "Prices <b>include</b> tax.")),
    Planted("text_part.markup", "an entity", in_text("Prices include tax.", "Prices&nbsp;include tax.")),
    Planted(
        "text_part.long_lines",
        "a line of 1,200 bytes",
        in_text("Prices include tax.", "Prices include tax. " * 60),
    ),
    Planted(
        "mandatory.no_text_unsubscribe",
        "no way out of the text",
        in_text(f"Unsubscribe:\n{SHOP}/mail/unsubscribe", ""),
    ),
)
LEFT = (
    *(
        Planted(
            "leftovers.merge_syntax",
            token,
            says(f"Our workshop mends what we sell, {token}, and does it honestly."),
        )
        for token in (
            "{{ first_name }}",
            "{% if vip %}",
            "{person.first_name}",
            "${name}",
            "*|FNAME|*",
            "%%name%%",
            "%FIRSTNAME%",
            "[[UNSUB_LINK]]",
        )
    ),
    Planted("leftovers.merge_syntax", "in the subject", subject("{{ first_name }}, it is ready")),
    Planted("leftovers.merge_syntax", "in an alternative text", hero_alt("A path for {{ name }}")),
    *(
        Planted("leftovers.missing_value", words, says(words))
        for words in (
            "Our workshop mends your undefined for as long as you like.",
            "Our workshop mends your [object Object] for as long as you like.",
            "The points on your account: NaN, and counting for ever.",
            "Good to hear from you, None, and thank you for writing.",
            "Your size is null and we have it here in the workshop.",
        )
    ),
    *(
        Planted("leftovers.placeholder", words, says(words))
        for words in (
            "Lorem ipsum dolor sit amet, and so on for a while.",
            "TODO write about the workshop before it is sent out.",
            "Our workshop mends [insert product] as long as you like.",
        )
    ),
    *(
        Planted("leftovers.broken_greeting", words, says(words))
        for words in (
            "Hello , our workshop mends what we sell.",
            "Dear, our workshop mends what we sell.",
            "Thanks ! Our workshop mends it.",
            ", our workshop mends what we sell.",
        )
    ),
    Planted("leftovers.broken_greeting", "in the subject", subject(", your boots are ready")),
    Planted(
        "leftovers.broken_greeting",
        "in French",
        lambda e: said(
            replace(html(e, 'lang="en-US"', 'lang="fr-FR"', count=-1), locale="fr-FR"),
            "Bonjour , notre atelier répare ce que nous vendons.",
        ),
    ),
    *(
        Planted("leftovers.doubled_marks", words, says(words))
        for words in (
            "Our workshop mends it,, and tells you honestly.",
            "Our workshop mends what we sell.. It tells you.",
            "Our workshop mends what we sell , honestly.",
            "Our workshop () mends what we sell.",
            "Our workshop mends what we sell!.",
        )
    ),
    Planted(
        "leftovers.escaped_twice",
        "an entity",
        in_html("Made to be repaired", "Made to be &amp;amp; repaired"),
    ),
    Planted(
        "leftovers.escaped_twice",
        "a tag",
        in_html("Made to be repaired", "Made to be &lt;b&gt;repaired&lt;/b&gt;"),
    ),
    Planted(
        "leftovers.wrong_encoding", "UTF-8 as Latin-1", says("The cafÃ© at our workshop mends what we sell.")
    ),
    Planted(
        "leftovers.wrong_encoding",
        "a replacement character",
        says("The caf\ufffd at our workshop mends what we sell."),
    ),
    Planted("leftovers.wrong_encoding", "a written-out character", hero_alt("A path\\u{a0}up the hill")),
)
CLIENTS = (
    Planted(
        "clients.unsupported", "display: flex", adds('<div style="display:flex">Packed by our own team</div>')
    ),
    Planted(
        "clients.unsupported", "position", adds('<div style="position:absolute">Packed by our own team</div>')
    ),
    Planted("clients.unsupported", "a variable", lambda e: extra(style(e, " .v { padding: var(--a) }"), "")),
    Planted("clients.unsupported", "::before", styled(" .v::before { content: '' }")),
    Planted("clients.unsupported", "svg", adds('<svg width="10" height="10"></svg>')),
    Planted(
        "clients.unknown_to_some",
        "rgba()",
        adds('<span style="background-color:rgba(255,255,255,0)">Packed by our team</span>'),
    ),
)
LITTLE = (Planted("images.little_text", "one picture and no words", only_picture),)
