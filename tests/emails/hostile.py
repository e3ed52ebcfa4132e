"""An email into which a test puts words wherever content comes from, and a process that renders it.

Started as `python -m tests.emails.hostile`: one JSON object a line in, one out. What pydantic would refuse
at the other doors is put in behind its back, so that the composition has to stand on its own.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import BaseModel

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brief.facts import FactSheet
from app.dialects.dialect import Names
from app.dialects.filling import Person
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from app.emails.models import FilledSlot
from app.emails.package import filled, printed
from app.emails.preview import compose_preview, render_preview
from app.emails.template import SlotChoice, compile_template
from app.errors import CopydeskError
from tests.emails.sample import COPY, PARTIALS, all_slots, sample_brand, sample_facts, sample_target

COPY_PLACES = tuple(f"{kind}.{field}" for kind, fields in COPY.items() for field in fields)
BRAND_PLACES = (
    "brand.name",
    "brand.postal_address",
    "brand.why_received",
    "brand.unsubscribe_label",
    "brand.preferences_label",
    "alt",
    "disclosure",
    "fallback",
)
VALUE_PLACES = ("product name", "feed name", "code", "segment name")
LINK_PLACES = ("cta link", "hero link", "feed link")
DESIGN_PLACES = ("design.heading_font", "design.body_font", "file")
WORD_PLACES = (*COPY_PLACES, *BRAND_PLACES, *VALUE_PLACES)
PLACES = (*WORD_PLACES, *LINK_PLACES, *DESIGN_PLACES)


def _with(model: BaseModel, **changes: Any) -> Any:
    return model.model_copy(update=changes)


def _brand(brand: Brand, words: Mapping[str, str]) -> Brand:
    identity = _with(brand.identity, **_of("brand.", words))
    identity = _with(identity, design=_with(identity.design, **_of("design.", words)))
    assets = tuple(asset for asset in brand.assets.assets if asset.id != "logo")
    changes = {key: words[place] for place, key in (("alt", "alt"), ("file", "file")) if place in words}
    assets = tuple(_with(asset, **changes) for asset in assets)
    disclosures = brand.disclosures
    if "disclosure" in words:
        disclosures = tuple(_with(item, text=words["disclosure"]) for item in disclosures)
    variables = dict(brand.variables)
    if "fallback" in words:
        variables = {
            name: _with(variable, fallback=words["fallback"]) for name, variable in variables.items()
        }
    manifest = _with(brand.assets, assets=assets)
    return replace(brand, identity=identity, assets=manifest, disclosures=disclosures, variables=variables)


def _of(prefix: str, words: Mapping[str, str]) -> dict[str, str]:
    return {place.removeprefix(prefix): text for place, text in words.items() if place.startswith(prefix)}


def _slot(slot: FilledSlot, words: Mapping[str, str]) -> FilledSlot:
    slot = _with(slot, copy_fields={**slot.copy_fields, **_of(f"{slot.kind}.", words)})
    link = words.get(f"{slot.kind} link")
    if link is not None:
        slot = _with(slot, link=link)
    if slot.feed is not None:
        changes = {key: words[f"feed {key}"] for key in ("name", "link") if f"feed {key}" in words}
        items = tuple(_with(item, **changes) for item in slot.feed.items)
        slot = _with(slot, feed=_with(slot.feed, items=items))
    return slot


def render(brand: Brand, words: Mapping[str, str], *, exported: bool = False) -> dict[str, Any]:
    """The email with `words` in their places: HTML, text and MJML, or the message of the error. `exported`
    composes it as a template, fills that for somebody of whom nothing is known, and prints it for Jinja2.
    """
    facts = sample_facts()
    sheet = dict(facts.facts)
    for place, name in (("product name", "product.name"), ("code", "offer.code")):
        if place in words:
            sheet[name] = _with(sheet[name], value=words[place])
    slots = [_slot(slot, {"hero link": "https://www.fernhill.example/", **words}) for slot in all_slots()]
    try:
        if exported:
            return _exported(_brand(brand, words), slots, _with(facts, facts=sheet))
        email = compose_preview(
            _brand(brand, words),
            "winback",
            words.get("segment name", "Weekend walkers"),
            sample_target(),
            _with(facts, facts=sheet),
            slots,
            partials=PARTIALS,
        )
        made = render_preview(email)
    except CopydeskError as error:
        return {"error": str(error)}
    except Exception as error:  # noqa: BLE001 - whatever it is, the test has to see it
        return {"crash": f"{type(error).__name__}: {error}"}
    return {"html": made.html, "text": made.text, "mjml": made.mjml, "subject": made.subject}


def _exported(brand: Brand, slots: list[FilledSlot], facts: FactSheet) -> dict[str, Any]:
    template = compile_template(
        brand,
        "winback",
        sample_target(),
        facts,
        {slot.kind: SlotChoice(otherwise=slot) for slot in slots},
        partials=PARTIALS,
        images="https://images.fernhill.example/",
    )
    printer = Printer(dialect("jinja"), Names({"person.first_name": "first_name"}))
    printed(template, printer)
    seen = filled(template, Person())
    return {"html": seen.html, "text": seen.text, "mjml": template.mjml, "subject": seen.subject}


class Renderer:
    """The process, and a way to ask it. `hash_seed` shuffles what Python orders by hash; `exported` is for
    templates in the place of previews.
    """

    def __init__(
        self,
        hash_seed: str = "random",
        environment: Mapping[str, str] | None = None,
        *,
        exported: bool = False,
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.emails.hostile", *(["exported"] if exported else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env={**(environment or {}), "PYTHONHASHSEED": hash_seed},
        )

    def __call__(self, words: Mapping[str, str]) -> dict[str, Any]:
        """What came of it. Fails when the process died of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(dict(words)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the process ended with {self._process.wait()} on {words!r}"
        found: dict[str, Any] = json.loads(answer)
        return found

    def __enter__(self) -> "Renderer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=20)


def _serve(answer: Callable[[Mapping[str, str]], dict[str, Any]]) -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    assert set(COPY) == set(KINDS)
    with tempfile.TemporaryDirectory() as folder:
        sample = sample_brand(Path(folder))
        _serve(lambda words: render(sample, words, exported="exported" in sys.argv))
