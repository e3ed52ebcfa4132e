"""A service as a sender meets it: published content for all eight kinds, briefs with facts, approved drafts.

Three journeys hold content of different sorts: `winback` has blocks that state a price, `newsletter` blocks
that make a claim of the library, and `welcome` has approved drafts that state a price.
"""

import copy
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from app.api.app import create_api
from app.api.sending import Fetcher
from app.blocks.registry import KINDS, REQUIRED
from app.brand.roles import Scope
from app.brief.models import Brief, SlotRequest
from app.db.content import ContentStore
from app.db.receipts import DraftApproval
from app.db.tables import Draft, DraftState
from app.generation.plan import around
from app.manifest import read_publishable
from app.release.cache import ContentCache
from app.release.published import PublishedContents
from app.release.values import commercial_values
from tests import factories
from tests.api.house import OURS, House, add_people, changed, make_service, write_content
from tests.db.factories import make_draft, make_receipt
from tests.generation.desk import BRIEF
from tests.release.content import COPY, Content, dump, evergreens, item

NOW = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
PRICE, OTHER_PRICE = "$129", "$99"
PRICE_ENDS = dt.datetime(2026, 12, 10, tzinfo=dt.UTC)
FEED_ENDS = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
CLAIM_ENDS = dt.date(2026, 12, 31)
REVIEW_BY = dt.date(2027, 1, 31)
EVERGREEN_REVIEW_BY = dt.date(2027, 10, 1)

PRICED: dict[str, dict[str, str]] = {
    "subject": {
        "subject": "The {product.name} is {product.price}",
        "preheader": "Come back outside with the {product.name} and take the long way home.",
    },
    "hero": {
        "headline": "The {product.name} is {product.price}",
        "body": "The {product.name} is made for days like these. Pack a snack and take your time.",
    },
    "cta": {"label": "See it for {product.price}"},
    "offer": {
        "headline": "The {product.name} is {product.price}",
        "body": "The {product.name} costs {product.price}. Have a look and take your time.",
        "terms": "The price of {product.price} is for one {product.name}.",
    },
    "proof": {
        "heading": "A coat that is made to be mended",
        "body": "The {product.name} costs {product.price}, and we mend it for you when it needs it.",
    },
    "recommendations": {
        "heading": "Picked to go with your coat",
        "intro": "The {product.name} costs {product.price}, and these go well with it.",
    },
    "educational": {
        "heading": "Pack the night before",
        "body": "Lay everything out on the floor, then leave out what you do not need. "
        "The {product.name} is {product.price}.",
    },
    "footer": {"closing": "The {product.name} is {product.price}. See you on the trail."},
}
CLAIMING: dict[str, dict[str, str]] = {
    "subject": {
        "subject": "It cures selected colds",
        "preheader": "Come back outside with us and take the long way home.",
    },
    "hero": {
        "headline": "It cures selected colds",
        "body": "The morning is quiet on the trail. We help you to get ready and to come back outside.",
    },
    "cta": {"label": "See what cures selected colds"},
    "offer": {
        "headline": "It cures selected colds",
        "body": "The {product.name} is on its way back to the shelf. Have a look.",
        "terms": "Ask us about it whenever you like.",
    },
    "proof": {
        "heading": "It cures selected colds",
        "body": "The {product.name} is made to be mended, and we do it for you when it needs it.",
    },
    "recommendations": {**COPY["recommendations"], "heading": "It cures selected colds"},
    "educational": {
        "heading": "It cures selected colds",
        "body": "Lay everything out on the floor the night before, then leave out what you do not need.",
    },
    "footer": {"closing": "It cures selected colds. See you on the trail."},
}
CLAIM: dict[str, Any] = {
    "id": "colds",
    "text": "It cures selected colds.",
    "wordings": ["See what cures selected colds."],
    "permits": ["health_claim"],
    "evidence": {"document": "Report 7"},
    "qualifiers": [["selected"]],
    "valid_from": "2026-01-01",
    "expires": CLAIM_ENDS.isoformat(),
    "owner": "Lou Legal",
}
_FACTS: dict[str, Any] = {
    "product.name": {"kind": "product", "role": "product", "value": "Ridgeline Coat", "source": "catalog"},
    "product.price": {
        "kind": "money",
        "role": "price",
        "value": "129.00",
        "currency": "USD",
        "source": "catalog",
        "valid_until": PRICE_ENDS.isoformat(),
    },
    "product.stock": {"kind": "stock", "role": "stock", "value": "5", "source": "shop"},
}
_FEED: dict[str, Any] = {
    "source": "shop",
    "observed_at": "2026-11-20T08:00:00+00:00",
    "lifetime_hours": 72,
    "items": [
        {
            "name": "Fell Sock",
            "price": {
                "kind": "money",
                "role": "price",
                "value": "18.00",
                "currency": "USD",
                "source": "shop",
            },
            "link": "https://fernhill.example/sock",
        }
    ],
}


def brief_of(journey: str, changes: Mapping[str, Any] | None = None, **target: Any) -> Brief:
    """The brief of a journey. `changes` are facts by name with new keys, or None for no such fact."""
    data: dict[str, Any] = copy.deepcopy(BRIEF)
    data |= {"id": f"fernhill_{journey}", "journey": journey}
    facts = copy.deepcopy(_FACTS)
    for name, keys in (changes or {}).items():
        facts = {key: value for key, value in facts.items() if key != name or keys is not None}
        if keys is not None:
            facts[name] = {**facts[name], **keys}
    data["targets"][0] |= {"facts": facts, "feed": _FEED, **target}
    return Brief.model_validate(data)


def write_sent(root: Path) -> None:
    """The content folder: like that of the house, with blocks of all kinds for our brand."""
    write_content(root)
    contract = copy.deepcopy(factories.CONTRACT)
    contract["tiers"] = {"kinds": dict.fromkeys(COPY, "low")}
    contract["confidence"] = dict.fromkeys(contract["confidence"], 0.0)
    blocks = evergreens()
    for kind in KINDS:
        given = {"locales": ["en-US"], "review_by": REVIEW_BY}
        blocks[f"{kind}/winback"] = [item(f"{kind}_priced", "cta", copy=PRICED[kind], **given)]
        blocks[f"{kind}/newsletter"] = [item(f"{kind}_claiming", "cta", copy=CLAIMING[kind], **given)]
    library = {"claims_library.yaml": {"claims": [CLAIM]}}
    Content(root, OURS, blocks=blocks, files={"contract.yaml": contract, **library}).write()


def approved_draft(kind: str, brief: Brief, texts: dict[str, str] | None = None) -> Draft:
    """A draft of the `welcome` journey that a reviewer approved with the brief's values."""
    facts = brief.targets[0].fact_sheet()
    draft = make_draft(
        id=f"draft{kind}",
        kind=kind,
        journey="welcome",
        brief_id=brief.id,
        copy_fields=texts or PRICED[kind],
        state=DraftState.APPROVED,
        approved_at=NOW,
    )
    slot = next((item for item in brief.slots if item.kind == kind), SlotRequest(kind=kind))
    values = commercial_values(draft.copy_fields.values(), facts, around(slot, brief.targets[0]))
    approvals = (
        DraftApproval(by=by, role=role, at=NOW, content_hash=draft.content_hash, values=values)
        for by, role in (("Rae", "brand reviewer"), ("Ada", "brand owner"), ("Lea", "legal"))
    )
    draft.receipt = make_receipt(*approvals)
    return draft


@dataclass
class Sender:
    """One service, and a machine's way in with a key that may only read."""

    house: House
    content: ContentStore
    root: Path
    machine: Any
    now: dt.datetime = NOW
    asked: dict[str, str] = field(default_factory=dict)

    @property
    def fetcher(self) -> Fetcher:
        app: Any = self.house.client.app
        found: Fetcher = app.state.fetcher
        return found

    def fetch(self, kind: str, journey: str = "winback", **given: Any) -> httpx2.Response:
        """One fetch, as a sender asks."""
        headers = given.pop("headers", {})
        query = {
            "brand": OURS,
            "segment": "weekend_hikers",
            "journey": journey,
            "locale": "en-US",
            "brief": f"fernhill_{journey}",
            "values": "fallbacks",
            "deadline_ms": "10000",
        } | given
        params = {name: value for name, value in query.items() if value is not None}
        answer: httpx2.Response = self.machine.get(f"/v1/content/{kind}", params=params, headers=headers)
        return answer

    def change_brief(self, journey: str, changes: Mapping[str, Any] | None = None, **target: Any) -> None:
        """Store another revision of a journey's brief."""
        brief = brief_of(journey, changes, **target)
        stored = self.house.service.briefs.find(OURS, brief.id)
        assert stored is not None
        self.house.service.briefs.change(brief, seen=stored.revision, author="Cal", change="facts")

    def publish(self) -> str:
        """Publish the folder without judging it; returns the version. The process is told nothing."""
        move = self.content.serving()
        files = read_publishable(self.root).files
        expected = move.version if move is not None else None
        return self.content.publish(files, author="Ada", note="", expected=expected).version.hash

    def edit(self, file: str, change: Callable[[dict[str, Any]], dict[str, Any]], data: Any) -> None:
        """Write a file of the brand anew."""
        dump(self.root / "brand" / OURS / file, change(copy.deepcopy(data)))


@contextmanager
def open_sender(root: Path, content: Path, **settings: Any) -> Iterator[Sender]:
    """A sender's house under `root`, whose content was published from `content`, until the block ends."""
    service = make_service(content, database=f"sqlite:///{root / 'house.db'}", **settings)
    store = ContentStore(service.store.engine)
    files = read_publishable(content).files
    store.publish(files, author="Ada", note="first", expected=None)
    contents = PublishedContents(store, ContentCache(root / "cache"), content)
    service = changed(service, contents=contents)
    for journey in ("winback", "newsletter", "welcome"):
        service.briefs.create(brief_of(journey), author="Cal")
    for kind in KINDS:
        service.drafts.add(approved_draft(kind, brief_of("welcome")))
    keys = add_people(service.people)
    with TestClient(create_api(service), raise_server_exceptions=False) as client:
        house = House(content, service, client, keys)
        sender = Sender(house, store, content, house.with_key("pia", Scope.READ))
        sender.fetcher.clock = lambda: sender.now
        yield sender
    service.store.close()


def is_required(kind: str) -> bool:
    return kind in REQUIRED
