"""A desk of its own for every test: a small brand and its blocks in a folder, a database, a brief, models."""

import asyncio
import copy
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import text

from app.db.engine import open_database
from app.db.store import Store, open_store
from app.generation.engine import Demand, Retry, Settled, SlotDone
from app.llm.protocol import Request
from app.llm.scripted import Answer
from app.main import Generated, answer_brief, plan_brief
from app.settings import Settings, content_root
from tests import factories
from tests.release.content import COPY, Content, dump

Fields = dict[str, str]

LINES: dict[str, list[Fields]] = {
    "subject": [
        {
            "subject": "The hills have missed your boots",
            "preheader": "Come back outside with us and take the long way home.",
        },
        {
            "subject": "A quiet path is waiting",
            "preheader": "Take a slow walk and see what the season has done.",
        },
        {
            "subject": "Your coat by the door",
            "preheader": "Put it on and come back outside with your friends.",
        },
    ],
    "hero": [
        {
            "headline": "Come back outside",
            "body": "The {product.name} is made for days like these. Pack a snack and take your time.",
        },
        {
            "headline": "Leave early and walk far",
            "body": "The morning is quiet on the trail. We help you to get ready and to come back outside.",
        },
        {
            "headline": "A good coat and a free hour",
            "body": "That is all you need. Look at the {product.name} and plan a walk with your friends.",
        },
    ],
    "cta": [{"label": "Come back outside"}, {"label": "Plan a walk"}, {"label": "Find a quiet path"}],
}
"""Copy that every guardrail passes for the brand of the factories."""

BRIEF: dict[str, Any] = {
    "id": "fernhill_hello",
    "name": "Hello again",
    "brand": "fernhill",
    "author": "Cal Copywriter",
    "journey": "winback",
    "objective": "Bring people outside again",
    "kpi": "clicks",
    "message": "come back outside",
    "segments": ["weekend_hikers"],
    "slots": [
        {"kind": "subject"},
        {"kind": "hero"},
        {"kind": "cta", "link": "home"},
        {"kind": "footer", "variants": 1},
    ],
    "targets": [
        {
            "locale": "en-US",
            "market": "US",
            "window": {"send_at": "2026-11-20T09:00:00+00:00", "time_zone": "UTC"},
            "facts": {
                "product.name": {
                    "kind": "product",
                    "role": "product",
                    "value": "Ridgeline Coat",
                    "source": "catalog",
                },
                "product.price": {
                    "kind": "money",
                    "role": "price",
                    "value": "129.00",
                    "currency": "USD",
                    "source": "catalog",
                },
            },
            "links": {"home": "https://fernhill.example/"},
        }
    ],
}


def answering(lines: Mapping[str, Sequence[Fields]] = LINES) -> Callable[[Request], Answer]:
    """A script that answers each kind with its copy in turn, as a capable model does."""
    given: dict[tuple[str, str], int] = {}

    def script(request: Request) -> Answer:
        purpose = request.purpose
        first = given.get((purpose.segment, purpose.kind), 0)
        given[purpose.segment, purpose.kind] = first + purpose.variants
        copies = lines[purpose.kind]
        return variants(*(copies[(first + n) % len(copies)] for n in range(purpose.variants)))

    return script


def variants(*copies: Fields) -> str:
    """The JSON in which a capable model answers."""
    return json.dumps({"variants": list(copies)})


@dataclass
class Desk:
    """What one test works with. `contract` and `brief` are changed in place before the first run."""

    root: Path
    content: Content
    contract: dict[str, Any]
    brief: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(BRIEF))
    settings_: dict[str, Any] = field(default_factory=dict)
    other_database: str = ""

    @classmethod
    def at(cls, root: Path, database: str = "") -> "Desk":
        """A desk under `root`: prompts and MJML partials are the project's, the brand is the factories'.

        Without a `database` it has a SQLite file of its own.
        """
        contract = copy.deepcopy(factories.CONTRACT)
        contract["tiers"] = {"kinds": dict.fromkeys(COPY, "low")}
        contract["confidence"] = dict.fromkeys(contract["confidence"], 0.0)
        desk = cls(root, Content(root), contract, other_database=database)
        shutil.copytree(content_root() / "prompts", root / "prompts")
        for folder in sorted((content_root() / "blocks").iterdir()):
            if (folder / f"{folder.name}.mjml").is_file() or folder.name.startswith("_"):
                shutil.copytree(folder, root / "blocks" / folder.name)
        return desk

    @property
    def slots(self) -> dict[str, dict[str, Any]]:
        """The brief's slots by kind, to be changed in place."""
        return {slot["kind"]: slot for slot in self.brief["slots"]}

    @property
    def target(self) -> dict[str, Any]:
        """The brief's first target, to be changed in place."""
        found: dict[str, Any] = self.brief["targets"][0]
        return found

    def only(self, *kinds: str) -> "Desk":
        """Ask for these kinds alone."""
        self.brief["slots"] = [slot for slot in self.brief["slots"] if slot["kind"] in kinds]
        return self

    @property
    def settings(self) -> Settings:
        """Settings that read and write under the desk's root only."""
        return Settings(content=self.root, database=SecretStr(self.database), **self.settings_)

    @property
    def database(self) -> str:
        """The URL of the desk's own database."""
        return self.other_database or f"sqlite:///{self.root / 'desk.db'}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the database holds now."""
        engine = open_database(self.database)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(text(query))]
        engine.dispose()
        return found

    def write(self) -> Path:
        """Write brand, blocks and brief; returns the brief's path."""
        self.content.files.setdefault("contract.yaml", self.contract)
        self.content.write()
        path = self.root / "brief.yaml"
        dump(path, self.brief)
        return path

    def store(self) -> Store:
        """The desk's store, opened; the caller closes it."""
        return open_store(self.database)

    def run(
        self, *models: Any, retry: Retry = Retry.NONE, on_done: Callable[[SlotDone], None] | None = None
    ) -> Generated:
        """Plan and answer the brief as the command does."""
        planned = plan_brief(self.settings, self.write())
        store = self.store()
        try:
            return asyncio.run(
                answer_brief(
                    self.settings, planned, store, tuple(models), demand=Demand(retry=retry), on_done=on_done
                )
            )
        finally:
            store.close()


def slot(generated: Generated, kind: str, segment: str = "weekend_hikers") -> Settled:
    """The settled slot of this kind and segment."""
    (found,) = [
        item for item in generated.settled if (item.job.kind.id, item.job.segment.id) == (kind, segment)
    ]
    return found


def traced(settled: Settled) -> list[tuple[str, bool, str]]:
    """The trace of a slot: step, whether it answered, reason code."""
    return [(item.step.value, item.answered, item.reason.value) for item in settled.answer.decision.trace]
