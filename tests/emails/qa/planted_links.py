"""Defects of links and images."""

import re
from dataclasses import replace

from app.emails.qa.email import PictureFile
from tests.emails.qa.clean import HTML_UTM, IMAGES, SHOP, html
from tests.emails.qa.planting import (
    Planted,
    adds,
    both_utm,
    hero,
    hero_alt,
    hero_file,
    in_html,
    link_to,
    reads,
    tracked,
)

LINKS = (
    *(
        Planted("links.leads_nowhere", f"a link to {address!r}", link_to(address))
        for address in ("", "#", "javascript:void")
    ),
    Planted(
        "links.dead_anchor",
        "a link to a place that is not there",
        adds(' <a href="#top">Back to the beginning</a>'),
    ),
    Planted("links.scheme", "http", tracked("http://www.fernhill.example/new")),
    Planted(
        "links.scheme",
        "ftp",
        adds(' The list is <a href="ftp://www.fernhill.example/a">our list of boots</a>.'),
    ),
    Planted("links.scheme", "a relative address", link_to("/new")),
    Planted("links.scheme", "an address without a scheme", link_to("www.fernhill.example/new")),
    Planted("links.malformed", "a sign that addresses have not", tracked(f"{SHOP}/a^new")),
    Planted("links.malformed", "no host", link_to("https:///new")),
    *(
        Planted("links.placeholder_host", host, link_to(f"https://{host}/new"))
        for host in (
            "example.com",
            "www.example.org",
            "localhost:3000",
            "192.168.0.7",
            "shop.test",
            "www.yourdomain.com",
        )
    ),
    *(
        Planted("links.host_not_allowed", host, link_to(f"https://{host}/new"))
        for host in ("www.quarry-boots.com", "t.co.uk")
    ),
    *(
        Planted("links.look_alike", host, link_to(f"https://{host}/new"))
        for host in (
            "www.fernhi11.com",
            "www.femhill.com",
            "www.fernhil.com",
            "www.fernhlil.com",
            "www.fernhill.example.login-check.com",
            "fernhill-offers.com",
            "www.fernhіll.com",
            "www.xn--fernhll-vog.com",
        )
    ),
    Planted("links.user_in_address", "a user name", tracked("https://www.evil.com@www.fernhill.example/new")),
    Planted("links.shows_another_host", "another host in the words", reads("www.quarry-boots.com")),
    Planted("links.shortened", "a shortener", link_to("https://bit.ly/3abc")),
    *(Planted("links.vague_words", words, reads(words)) for words in ("Click here", "Read more »", "HERE!")),
    Planted(
        "links.vague_words",
        "hier klicken",
        lambda email: reads("Hier klicken")(
            replace(html(email, 'lang="en-US"', 'lang="de-DE"', count=-1), locale="de-DE")
        ),
    ),
    Planted(
        "links.no_words", "a link around a picture without words", in_html('alt="Walking pot a"', 'alt=""')
    ),
    Planted("links.utm_missing", "one link is not tracked", link_to(f"{SHOP}/new")),
    Planted(
        "links.utm_missing", "no campaign", link_to(f"{SHOP}/new?utm_source=copydesk&amp;utm_medium=email")
    ),
    Planted("links.utm_differs", "another campaign", link_to(f"{SHOP}/new?{HTML_UTM}2")),
    Planted("links.no_utm", "nothing is tracked", both_utm),
)
IMAGES_ = (
    Planted(
        "images.no_alt",
        "no alt",
        lambda e: replace(e, html=re.sub(r'<img alt="A path[^"]*"', "<img", e.html)),
    ),
    *(
        Planted("images.alt_is_file_name", words, hero_alt(words))
        for words in (
            "hero.png",
            "IMG_2041",
            "image",
            "spring_boots_hero_v2",
            "d41d8cd98f00b204e9800998ecf8427e",
        )
    ),
    Planted("images.long_alt", "150 characters", hero_alt("A long path up a hill. " * 7)),
    Planted("images.no_width", "no width", hero(' width="600"', "")),
    Planted("images.no_width", "a width in percent", hero(' width="600"', ' width="100%"')),
    Planted("images.too_wide", "800 pixels", hero(' width="600"', ' width="800"')),
    Planted("images.address", "http", hero(f'src="{IMAGES}', 'src="http://img.fernhill.example/')),
    Planted("images.address", "no src", hero(f'src="{IMAGES}hero.png"', 'src=""')),
    Planted(
        "images.missing_file",
        "a file that is not there",
        hero(f'src="{IMAGES}hero', 'src="cid:hero'),
    ),
    Planted(
        "images.embedded",
        "a data: address",
        hero(f'src="{IMAGES}hero.png"', 'src="data:image/png;base64,iVBORw0KGgo="'),
    ),
    *(
        Planted("images.format", suffix, hero(f'src="{IMAGES}hero.png"', f'src="{IMAGES}hero.{suffix}?v=2"'))
        for suffix in ("svg", "webp", "avif", "heic", "tiff")
    ),
    Planted("images.heavy", "300 KB", hero_file(PictureFile(300_000, 1200, 640))),
    Planted(
        "images.all_heavy",
        "1.2 MB in all",
        lambda e: replace(
            e,
            images={
                name: PictureFile(1_200_000 // 6, f.width, f.height)
                for name, f in {
                    **(e.images or {}),
                    **{f"{IMAGES}{n}.png": PictureFile(1, 600, 320) for n in "ab"},
                }.items()
            },
            html=e.html.replace(
                "what our team packs.",
                "what our team packs."
                + "".join(f'<img src="{IMAGES}{n}.png" alt="" width="300">' for n in "ab"),
            ),
        ),
    ),
    Planted("images.blurred", "a file of 400 pixels", hero_file(PictureFile(9_000, 400, 213))),
    Planted("images.not_sharp", "a file of 700 pixels", hero_file(PictureFile(9_000, 700, 373))),
    Planted("images.distorted", "a height that does not fit", hero('height="auto"', 'height="600"')),
    Planted(
        "images.background_alone",
        "a picture behind text",
        adds(
            '<div style="background-image:url(https://img.fernhill.example/a.png)">'
            "Packed by our own team in Vermont</div>"
        ),
    ),
)
