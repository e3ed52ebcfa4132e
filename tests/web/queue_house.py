"""Pages over a brief whose copy is in review: openings need two roles, buttons may be approved together."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from fastapi.testclient import TestClient

from app.api.app import create_api
from app.brand.roles import Scope
from app.copywriting.desk import Desk
from app.copywriting.reviewing import ReviewDesk
from app.db.tables import Draft
from app.review.action import Order
from app.review.situation import Actor
from tests.api.house import OURS, email_of, write_content
from tests.generation.desk import BRIEF
from tests.release.content import COPY
from tests.web.front import Browser, Front, open_front

START = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
"""Four days before the emails of the brief go out."""
QUEUE = f"/brands/{OURS}/queue"
REVIEW: dict[str, Any] = {
    "before_send_hours": 2,
    "question_hours": 12,
    "tiers": {"low": {"several_at_once": True}, "elevated": {"people": 2, "in_turn": True, "hours": 24}},
}


@dataclass
class Clock:
    """What time it is."""

    at: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.at


@dataclass
class QueueHouse:
    """`drafts` are in review, by kind, as they were generated."""

    front: Front
    clock: Clock
    drafts: dict[str, list[str]] = field(default_factory=dict)

    @property
    def office(self) -> ReviewDesk:
        """The review desk over the pages' database."""
        service = self.front.service
        return ReviewDesk.over(Desk(service.briefs, service.drafts, service.contents.now()))

    def actor(self, name: str) -> Actor:
        """Somebody of the house."""
        member = self.front.service.people.get(email_of(name))
        roles = frozenset(grant.role.value for grant in member.grants)
        return Actor(member.person.email, member.person.id, roles)

    def draft(self, draft_id: str) -> Draft:
        """A draft as it is stored."""
        return self.front.service.drafts.find(draft_id, [OURS])

    def act(self, who: str, action: str, draft_id: str, order: Order | None = None) -> Draft:
        """An action on a draft as it is now."""
        draft = self.draft(draft_id)
        return self.office.act(action, draft, self.actor(who), order, seen=draft.revision, at=self.clock())

    def signed_in(self, name: str) -> Browser:
        """Somebody with a browser."""
        return self.front.signed_in(name)

    def reference(self, draft_id: str) -> str:
        """How the form of the queue names a draft."""
        return f"{draft_id}.{self.draft(draft_id).revision}"


def queue_content(root: Path) -> Path:
    """The content of both brands, with a contract that asks for more than one person."""
    write_content(root)
    path = root / "brand" / OURS / "contract.yaml"
    contract = yaml.safe_load(path.read_text(encoding="utf-8"))
    kinds = {**dict.fromkeys(COPY, "low"), "hero": "elevated", "subject": "standard"}
    contract |= {"tiers": {"kinds": kinds}, "review": REVIEW}
    path.write_text(yaml.safe_dump(contract, sort_keys=False), encoding="utf-8")
    return root


@contextmanager
def open_queue_house(root: Path, content: Path, **brief: Any) -> Iterator[QueueHouse]:
    """Such a house with its database under `root`; `brief` replaces fields of the brief."""
    clock = Clock()
    with open_front(root, content, clock) as front:
        house = QueueHouse(front, clock)
        _answer(front, {**BRIEF, "brand": OURS, **brief})
        for draft in sorted(front.service.drafts.of_brands([OURS]), key=lambda item: item.ordinal):
            if draft.kind != "footer":
                house.act("cal", "submit", draft.id)
                house.drafts.setdefault(draft.kind, []).append(draft.id)
        yield house


def _answer(front: Front, brief: Mapping[str, Any]) -> None:
    """Store the brief and have it answered, as cal asks for it."""
    key = front.service.people.create_key(email_of("cal"), "queue", Scope, None).text
    with TestClient(create_api(front.service)) as client:
        answer = client.post("/v1/variants", json=dict(brief), headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == 200, answer.text
