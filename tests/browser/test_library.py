"""The library, its versions and the weekly review in headless Chromium, and without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from app.db.sign_in_tables import SignedInBy
from app.db.tables import DraftState, now
from app.web.cookies import SESSION
from tests.api.house import OURS
from tests.browser.axe import serious
from tests.browser.served import served
from tests.db.factories import AS_OF, make_draft
from tests.web.published import Press, open_press
from tests.web.test_weekly import this_monday
from tests.web.weeks import MONDAY, WEEK, edit_thrice, fill_week

BRAND = f"/brands/{OURS}"
PATHS = [
    f"{BRAND}/library",
    f"{BRAND}/library/blocks/{{block}}",
    f"{BRAND}/library/versions",
    f"{BRAND}/library/versions/compare?old={{old}}&new={{new}}",
    f"{BRAND}/library/versions/{{old}}/roll-back",
    f"{BRAND}/weekly?week=2026-W48",
    f"{BRAND}/weekly?week=2020-W01",
    f"{BRAND}/proposals",
]
Scheme = Literal["light", "dark"]


@dataclass
class Site:
    """The pages as a browser reaches them."""

    press: Press
    address: str
    names: dict[str, str]

    def opened(self, browser: Browser, **options: Any) -> Page:
        """A window of the brand owner."""
        context = browser.new_context(base_url=self.address, **options)
        token = self.press.sessions.begin(self.press.person_id("ada"), SignedInBy.PASSWORD, "")
        context.add_cookies([{"name": SESSION, "value": token, "url": self.address}])
        return context.new_page()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with open_press(tmp_path_factory.mktemp("press")) as press:
        old = press.publisher.store.versions()[0].hash
        press.edit("voice.yaml", summary="Plain and calm, and never louder than needed.")
        new = press.publish("a calmer voice")
        press.service.contents.refresh()
        library = press.service.contents.now().library(OURS)
        store = press.service.store
        for back in range(12):
            fill_week(store, MONDAY - back * WEEK, times=1 + (5 * back) % 4, tag=f"w{back}")
        edit_thrice(store, this_monday())
        for number in range(30):
            made = make_draft(
                brand=OURS,
                state=DraftState.APPROVED,
                approved_at=AS_OF,
                review_by=now().date() if number % 3 else None,
                copy_fields={"label": f"See our kit {number}"},
            )
            press.service.drafts.add(made)
        press.service.inventories.work_out(library, store, now())
        names = {"old": old, "new": new, "block": library.blocks[0].block.id}
        with served(press.web) as address:
            yield Site(press, address, names)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_serious_for_axe_and_no_sideways_scrolling(
    site: Site, chromium: Browser, path: str, scheme: Scheme
) -> None:
    page = site.opened(chromium, color_scheme=scheme, viewport={"width": 360, "height": 800})
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    answer = page.goto(path.format(**site.names))
    assert answer is not None
    assert answer.status == 200
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert troubles == []
    assert serious(page) == []
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_plots_can_be_read(site: Site, chromium: Browser, scheme: Scheme) -> None:
    """Bars differ from the ground and from one another, and words from the ground."""
    page = site.opened(chromium, color_scheme=scheme)
    page.goto(f"{BRAND}/weekly?week=2026-W48")
    fills = page.evaluate(
        "[0, 1, 2, 3].map(n => getComputedStyle(document.querySelector(`.plot > svg rect.s${n}`)).fill)"
    )
    ground = page.evaluate("getComputedStyle(document.querySelector('.plots > section')).backgroundColor")
    words = page.evaluate("getComputedStyle(document.querySelector('.plot text.words')).fill")
    assert len({*fills, ground}) == 5
    assert all(contrast(fill, ground) >= 2.3 for fill in fills)
    assert contrast(words, ground) >= 7
    page.context.close()


def test_search_and_go_back_without_javascript(site: Site, chromium: Browser) -> None:
    page = site.opened(chromium, java_script_enabled=False)
    page.goto(f"{BRAND}/library")
    page.get_by_label("Words").fill("our kit 7")
    page.get_by_role("button", name="Show").click()
    assert page.get_by_text("1 found").is_visible()
    page.goto(f"{BRAND}/library/versions")
    page.get_by_role("link", name="Go back to").first.click()
    assert page.get_by_role("heading", name="What would then fail").is_visible()
    page.get_by_label("Why").fill("the old voice was better")
    page.get_by_role("button", name="Go back to").click()
    assert page.get_by_role("status").inner_text().startswith("The brand is as in version")
    assert page.get_by_text("the old voice was better").first.is_visible()
    move = site.press.publisher.store.serving()
    assert move is not None
    assert move.version == site.names["old"]
    page.context.close()


def test_a_proposal_is_accepted_without_javascript(site: Site, chromium: Browser) -> None:
    page = site.opened(chromium, java_script_enabled=False)
    page.goto(f"{BRAND}/proposals")
    page.get_by_role("button", name="Accept").click()
    assert page.get_by_role("heading", name="Accepted (1)").is_visible()
    assert page.locator("pre").inner_text().startswith(f"# brand/{OURS}/voice.yaml")
    page.context.close()


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG computes it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
