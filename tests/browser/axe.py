"""What axe-core finds on a page."""

import importlib.util
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']}"


@cache
def source() -> str:
    """axe-core, from the package that brings it. Its Python code is not used."""
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None, "axe-playwright-python is not installed"
    assert spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def serious(page: Page) -> list[tuple[str, list[str]]]:
    """Serious and critical findings: the rule, and the elements that break it."""
    found = page.evaluate(f"{source()};axe.run(document, {RULES}).then(r => r.violations)")
    bad = [item for item in found if item["impact"] in ("serious", "critical")]
    return [(item["id"], [node["html"] for node in item["nodes"]]) for item in bad]
