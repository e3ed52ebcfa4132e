"""Holds every project block against the official MJML and axe-core: `scripts/conformance`.

mjml-python and the npm package render the same MJML; Chromium draws both at two widths, and pixels and
attributes are compared. axe-core then reads each email, and the sample emails, in light and dark.
"""

import argparse
import asyncio
import base64
import json
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from app.settings import SCRIPTED, Settings, content_root
from scripts.email_samples import Sample, samples, write

HERE = content_root() / "tests" / "conformance"
WIDTHS = (600, 375)
MOST_PIXELS = 0.1
"""Percent of the pixels that may differ."""
THRESHOLD = 48
"""Sum over the colour channels up to which two pixels count as the same."""
NOISE = {"region", "landmark-one-main", "page-has-heading-one"}
"""Rules for web pages that say nothing about an email."""
SAME = ("alt", "href", "src", "title", "aria-label", "lang", "dir")
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--allow-file-access-from-files",
)


@dataclass(frozen=True)
class Pair:
    """One email as two pages."""

    name: str
    ours: Path
    official: Path
    errors: tuple[str, ...]
    corrupted: tuple[str, ...]


class _Attributes(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str, str]] = Counter()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update((tag, name, value or "") for name, value in attrs if name in SAME)


def corrupted(ours: str, official: str) -> tuple[str, ...]:
    """Attributes with content that are not those of the official MJML."""
    first, second = _Attributes(ours).found, _Attributes(official).found
    return tuple(f"<{tag} {name}={value!r}>" for tag, name, value in (first - second) + (second - first))


def official_html(sources: dict[str, str]) -> dict[str, dict[str, Any]]:
    """What the npm package makes of each MJML: HTML and errors."""
    told = json.dumps(sources)
    made = subprocess.run(
        ["node", "render.mjs"], cwd=HERE, input=told, text=True, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, dict[str, Any]] = json.loads(made.stdout)
    return found


def pairs(folder: Path) -> list[Pair]:
    """Every sample as two pages in `folder`."""
    made = {_name(sample): (sample, sample.render()) for sample in samples()}
    official = official_html({name: email.mjml for name, (_, email) in made.items()})
    found = []
    for name, (sample, email) in made.items():
        place, file = folder / sample.brand.id, name.split("/")[1].replace(" ", "_")
        html = str(official[name]["html"])
        ours = write(email, email.html, place, file)
        theirs = write(email, html, place, f"{file}.official")
        found.append(Pair(name, ours, theirs, tuple(official[name]["errors"]), corrupted(email.html, html)))
    return found


def _name(sample: Sample) -> str:
    return f"{sample.brand.id}/{sample.name}"


def screenshot(page: Page, file: Path, width: int, scheme: Scheme = "light") -> bytes:
    """The whole page as PNG."""
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=scheme)
    page.goto(file.as_uri())
    return page.screenshot(full_page=True, animations="disabled")


def _data(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def compare(browser: Browser, found: list[Pair], keep: bool) -> tuple[float, int]:
    """Print a row a sample; returns the worst share of pixels in percent and how many attributes differ."""
    page, judge = browser.new_page(), browser.new_page()
    pixels = (HERE / "pixels.js").read_text(encoding="utf-8")
    worst, wrong = 0.0, 0
    print(f"{'sample':<48} {'600 px':>9} {'375 px':>9}  attributes  errors of mjml")
    for pair in found:
        shares = []
        for width in WIDTHS:
            ours, theirs = (screenshot(page, file, width) for file in (pair.ours, pair.official))
            differ, total = judge.evaluate(pixels, [_data(ours), _data(theirs), THRESHOLD])
            shares.append(differ / total * 100)
            if keep:
                pair.ours.with_suffix(f".{width}.png").write_bytes(ours)
                pair.official.with_suffix(f".{width}.png").write_bytes(theirs)
        worst, wrong = max(worst, *shares), wrong + len(pair.corrupted)
        cells = " ".join(f"{share:8.3f}%" for share in shares)
        print(f"{pair.name:<48} {cells}  {len(pair.corrupted):>10}  {len(pair.errors)}")
        for line in (*pair.corrupted[:3], *pair.errors[:3]):
            print(f"    {line}")
    page.close()
    judge.close()
    return worst, wrong


def axe(browser: Browser, files: list[Path]) -> int:
    """Print what axe-core finds; returns the number of serious and critical findings."""
    source = (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
    rules = json.dumps({"rules": {rule: {"enabled": False} for rule in sorted(NOISE)}})
    context = browser.new_context(bypass_csp=True)
    page, bad, minor = context.new_page(), 0, 0
    for file in files:
        for width, scheme in ((width, scheme) for width in WIDTHS for scheme in SCHEMES):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.goto(file.as_uri())
            page.evaluate(source)
            for finding in page.evaluate(f"async () => (await axe.run(document, {rules})).violations"):
                heavy = finding["impact"] in ("serious", "critical")
                bad, minor = bad + heavy, minor + (not heavy)
                where = f"{finding['id']} in {file.parent.name}/{file.name} {width} {scheme}"
                print(f"  {finding['impact']}: {where}: {finding['nodes'][0]['html'][:120]}")
    print(f"axe-core: {len(files)} emails, {bad} serious or critical findings (at most 0), {minor} others")
    context.close()
    return bad


def example_names() -> list[str]:
    """Every example brief that ships."""
    return sorted(item.stem for item in (content_root() / "examples").glob("*.yaml") if item.stem != SCRIPTED)


def examples(folder: Path) -> Iterator[Path]:
    """The emails of the example briefs, as `copydesk generate` writes them with the scripted model."""
    from app.db.store import open_store
    from app.main import answer_brief, build_models, example_brief, plan_brief, prepare_output, write_outputs

    settings = Settings(model="scripted")
    for name in example_names():
        out = folder / name
        planned = plan_brief(settings, example_brief(settings, name))
        store = open_store(f"sqlite:///{folder}/{name}.db")
        prepare_output(out)
        generated = asyncio.run(answer_brief(settings, planned, store, build_models(settings)))
        write_outputs(generated, out)
        store.close()
        yield from sorted(out.rglob("email.html"))


def measure(folder: Path, *, keep: bool, quick: bool) -> bool:
    """Whether everything holds."""
    found = pairs(folder)
    written = [] if quick else list(examples(folder))
    with sync_playwright() as playwright:
        executable = _chromium()
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        worst, wrong = compare(browser, found, keep)
        bad = axe(browser, [*(pair.ours for pair in found), *written])
        browser.close()
    what = f"{len(found)} samples at {' and '.join(str(width) for width in WIDTHS)} px"
    print(f"pixels that differ: at most {worst:.3f}% (bar {MOST_PIXELS}%), {what}")
    print(f"corrupted attributes: {wrong} (at most 0)")
    return worst <= MOST_PIXELS and not wrong and not bad


def _chromium() -> str:
    import shutil

    names = ("chromium", "chromium-browser", "google-chrome")
    return next(path for path in map(shutil.which, names) if path)


def main() -> int:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="leave pages and pictures in this folder")
    parser.add_argument("--quick", action="store_true", help="without the emails of the example briefs")
    arguments = parser.parse_args()
    if arguments.keep:
        return 0 if measure(arguments.keep.resolve(), keep=True, quick=arguments.quick) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if measure(Path(folder), keep=False, quick=arguments.quick) else 1


if __name__ == "__main__":
    raise SystemExit(main())
