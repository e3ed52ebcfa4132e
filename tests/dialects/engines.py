"""The template engines that dialects are tried with, each with shims for what the platform adds.

A dialect is tried with the engine that its platform uses, or with one of the same language. `Engine.shims`
says what is ours; the matrix lists the same.
"""

import atexit
import json
import os
import re
import shutil
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import django.template
import jinja2
import liquid
import pytest
from django.conf import settings

from app.dialects.dialect import Names
from app.dialects.filling import PAGES
from app.dialects.nodes import Page
from tests.dialects import cases

HERE = Path(__file__).parent
IN_CI = os.environ.get("CI") == "true"
UNSUBSCRIBE, VIEW, PREFERENCES = (
    PAGES[page] for page in (Page.UNSUBSCRIBE, Page.VIEW_IN_BROWSER, Page.PREFERENCES)
)
Job = tuple[str, dict[str, Any], bool]
"""A template, the data as the platform has it, and whether it is plain text."""


class Engine(ABC):
    """One way to render the templates of one dialect."""

    dialect: ClassVar[str]
    names: ClassVar[Names] = cases.NAMES
    shims: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def render(self, jobs: Sequence[Job]) -> list[str]:
        """What the platform would send, for each job."""

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        """The data as the platform has it."""
        return cases.given(data, group)


class JinjaEngine(Engine):
    dialect = "jinja"

    def render(self, jobs: Sequence[Job]) -> list[str]:
        engine = jinja2.Environment(autoescape=False, keep_trailing_newline=True)  # noqa: S701 - tags escape
        pages = {
            "unsubscribe_url": UNSUBSCRIBE,
            "view_in_browser_url": VIEW,
            "preferences_url": PREFERENCES,
        }
        return [engine.from_string(template).render({**data, **pages}) for template, data, _ in jobs]


class HubSpotEngine(Engine):
    dialect = "hubspot"
    names = cases.names("contact.{}")
    shims = ("Jinja2 stands for HubL", "urlencode writes a blank as + and / as %2F, as Java does")

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        return {"contact": cases.given(data, group)}

    def render(self, jobs: Sequence[Job]) -> list[str]:
        engine = jinja2.Environment(autoescape=False, keep_trailing_newline=True)  # noqa: S701 - tags escape
        encode = engine.filters["urlencode"]
        engine.filters["urlencode"] = lambda text: encode(text).replace("/", "%2F").replace("%20", "+")
        pages = {
            "unsubscribe_link_all": UNSUBSCRIBE,
            "view_as_page_url": VIEW,
            "unsubscribe_link": PREFERENCES,
        }
        return [engine.from_string(template).render({**data, **pages}) for template, data, _ in jobs]


class LiquidEngine(Engine):
    """python-liquid; `prepare` turns what a platform adds to the language into the language."""

    pages: ClassVar[Mapping[str, str]] = {}

    def prepare(self, template: str) -> str:
        for tag, address in self.pages.items():
            template = template.replace(tag, address)
        return template

    def render(self, jobs: Sequence[Job]) -> list[str]:
        parse = cache(liquid.Environment(autoescape=False).from_string)
        return [parse(self.prepare(template)).render(**data) for template, data, _ in jobs]


class BrazeEngine(LiquidEngine):
    dialect = "braze"
    names = cases.names("custom_attribute.{}")
    shims = (
        "python-liquid stands for Braze's Liquid",
        "${name} is written as name",
        "the address for unsubscribing",
    )
    pages: ClassVar = {"{{${set_user_to_unsubscribed_url}}}": UNSUBSCRIBE}

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        return {"custom_attribute": cases.given(data, group)}

    def prepare(self, template: str) -> str:
        return re.sub(r"\$\{(\w+)\}", r"\1", super().prepare(template))


class CustomerIoEngine(LiquidEngine):
    dialect = "customerio"
    names = cases.names("customer.{}")
    shims = (
        "python-liquid stands for Customer.io's Liquid",
        "unsubscribe_url, view_in_browser_url, manage_subscription_preferences_url",
    )
    pages: ClassVar = {
        "{% unsubscribe_url %}": UNSUBSCRIBE,
        "{% view_in_browser_url %}": VIEW,
        "{% manage_subscription_preferences_url %}": PREFERENCES,
    }

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        return {"customer": cases.given(data, group)}


class KeilaEngine(LiquidEngine):
    dialect = "keila"
    names = cases.names("contact.data.{}")
    shims = ("python-liquid stands for Solid, Keila's Liquid",)

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        return {
            "contact": {"data": cases.given(data, group)},
            "unsubscribe_link": UNSUBSCRIBE,
            "campaign": {"public_link": VIEW},
        }


class KlaviyoEngine(Engine):
    dialect = "klaviyo"
    shims = (
        "Django's templates stand for Klaviyo's",
        "lookup",
        "unsubscribe_link, web_view_link, manage_preferences_link",
    )

    def render(self, jobs: Sequence[Job]) -> list[str]:
        if not settings.configured:
            settings.configure(USE_I18N=False)
        engine = django.template.Engine(debug=True)
        library = django.template.Library()
        library.filter("lookup", lambda whole, key: (whole or {}).get(key))
        for name, address in (
            ("unsubscribe_link", UNSUBSCRIBE),
            ("web_view_link", VIEW),
            ("manage_preferences_link", PREFERENCES),
        ):
            library.simple_tag(lambda address=address: address, name=name)
        engine.template_builtins.append(library)
        parse = cache(engine.from_string)
        context = django.template.Context
        return [parse(template).render(context(data)) for template, data, _ in jobs]


class KlaviyoLookups(KlaviyoEngine):
    """The same with properties whose names have blanks, which are looked up."""

    names = cases.names("my {}")

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        return {"person": {f"my {name}": value for name, value in cases.given(data, group).items()}}


class NodeEngine(Engine):
    """Handlebars in Node, with the helpers of one platform."""

    def render(self, jobs: Sequence[Job]) -> list[str]:
        node = shutil.which("node")
        if node is None or not (HERE / "node" / "node_modules").is_dir():
            missing("Node with Handlebars is not installed: install nodejs and npm, then run ./scripts/test")
        asked = {"jobs": [(self.dialect, template, data) for template, data, _ in jobs]}
        return rendered([str(node), str(HERE / "node" / "render.js")], asked)


class IterableEngine(NodeEngine):
    dialect = "iterable"
    shims = ("Handlebars in JavaScript stands for that in Java", "and, cut, ifEq, ifLt, urlEncode")

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        pages = {"unsubscribeUrl": UNSUBSCRIBE, "viewInBrowserUrl": VIEW, "hostedUnsubscribeUrl": PREFERENCES}
        return {**cases.given(data, group), **pages}


class SendGridEngine(NodeEngine):
    dialect = "sendgrid"
    shims = ("Handlebars in JavaScript stands for SendGrid's part of it", "equals, lessThan")

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        pages = {"unsubscribe": UNSUBSCRIBE, "weblink": VIEW, "unsubscribe_preferences": PREFERENCES}
        return {**cases.given(data, group), **pages}


class GoEngine(Engine):
    """Go's templates with Sprig from Debian, built once for a run."""

    dialect = "listmonk"
    names = cases.names("Subscriber.Attribs.{}")
    shims = ("Safe, UnsubscribeURL, MessageURL, ManageURL and their shorthand",)

    def given(self, data: Mapping[str, Any], group: str | None) -> dict[str, Any]:
        pages = {page.value: address for page, address in PAGES.items()}
        return {"Subscriber": {"Attribs": cases.given(data, group)}, "Pages": pages}

    def render(self, jobs: Sequence[Job]) -> list[str]:
        asked = [{"Template": template, "Data": data, "Plain": plain} for template, data, plain in jobs]
        return rendered([go_program()], {"Jobs": asked})


SOURCES = Path("/usr/share/gocode")
"""Where Debian puts the sources of Go packages."""


@cache
def go_program() -> str:
    """The built program that renders as listmonk does."""
    if shutil.which("go") is None or not (SOURCES / "src/github.com/Masterminds/sprig").is_dir():
        missing(
            "Go with Sprig is not installed (600 MB, so that only CI installs it by itself): "
            "apt-get install golang-go golang-github-masterminds-sprig-dev"
        )
    folder = HERE.parents[1] / ".cache" / "dialects"
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / f"listmonk-{os.getpid()}"  # tests run in several processes
    cached = folder / "go"
    own = {"GO111MODULE": "off", "GOPATH": str(SOURCES), "GOCACHE": str(cached), "GOFLAGS": ""}
    command = ["go", "build", "-o", str(program), str(HERE / "go" / "main.go")]
    subprocess.run(command, env={**os.environ, **own}, check=True, capture_output=True, timeout=300)
    atexit.register(program.unlink, missing_ok=True)
    return str(program)


def rendered(command: list[str], asked: Any) -> list[str]:
    """What the program answers to one question in JSON."""
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    found: list[str] = json.loads(done.stdout)
    return found


def missing(reason: str) -> None:
    """Skip the test; in CI fail it."""
    if IN_CI:
        pytest.fail(f"{reason}; in CI the dialects' engines may not be skipped")
    pytest.skip(reason)


ENGINES: tuple[Engine, ...] = (
    JinjaEngine(),
    BrazeEngine(),
    CustomerIoEngine(),
    HubSpotEngine(),
    IterableEngine(),
    KeilaEngine(),
    KlaviyoEngine(),
    KlaviyoLookups(),
    GoEngine(),
    SendGridEngine(),
)
