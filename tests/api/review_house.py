"""A house whose contract asks for more than one person, with a clock that tests move."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.api.house import OURS, House, Somebody, open_house, write_content
from tests.generation.desk import BRIEF
from tests.release.content import COPY

START = dt.datetime(2026, 11, 16, 9, 0, tzinfo=dt.UTC)
"""Four days before the emails of the brief go out."""
REVIEW: dict[str, Any] = {
    "before_send_hours": 2,
    "question_hours": 12,
    "tiers": {
        "low": {"several_at_once": True},
        "elevated": {"people": 2, "in_turn": True, "hours": 24},
    },
}


@dataclass
class Clock:
    """What time the house has."""

    at: dt.datetime = START

    def __call__(self) -> dt.datetime:
        return self.at

    def pass_hours(self, hours: float) -> None:
        """Let time pass."""
        self.at += dt.timedelta(hours=hours)


@dataclass
class ReviewHouse:
    """A house with its clock, in which one brief is answered: hero elevated, subject standard, cta low."""

    house: House
    clock: Clock

    def __getattr__(self, name: str) -> Somebody:
        found: Somebody = getattr(self.house, name)
        return found

    def drafts(self, kind: str) -> list[dict[str, Any]]:
        """The stored drafts of a kind."""
        found: list[dict[str, Any]] = self.house.cal.get(f"/v1/drafts?kind={kind}&limit=200").json()["items"]
        return found

    def draft(self, kind: str = "hero") -> str:
        """The id of a draft of a kind."""
        found: str = self.drafts(kind)[0]["id"]
        return found

    def tag(self, draft_id: str) -> dict[str, str]:
        """If-Match with the draft's revision of now."""
        return {"If-Match": self.house.ada.get(f"/v1/drafts/{draft_id}").headers["etag"]}

    def act(self, who: str, action: str, draft_id: str, **body: Any) -> Any:
        """Do an action on a draft as it is now; the answer."""
        path = f"/v1/drafts/{draft_id}/{action}"
        return getattr(self.house, who).post(path, json=body, headers=self.tag(draft_id))

    def done(self, who: str, action: str, draft_id: str, **body: Any) -> dict[str, Any]:
        """Do it, and expect that it is done; the draft's review."""
        answer = self.act(who, action, draft_id, **body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["review"]
        return found

    def submitted(self, kind: str = "hero", who: str = "cal") -> str:
        """A draft of the kind that was submitted."""
        draft_id = self.draft(kind)
        self.done(who, "submit", draft_id)
        return draft_id

    def review(self, draft_id: str, who: str = "rae") -> dict[str, Any]:
        """The review of a draft as somebody sees it."""
        answer = getattr(self.house, who).get(f"/v1/drafts/{draft_id}/review")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def open_review_house(root: Path, **clauses: Any) -> Iterator[ReviewHouse]:
    """Such a house under `root`. `clauses` replace those of the contract."""
    kinds = {**dict.fromkeys(COPY, "low"), "hero": "elevated", "subject": "standard"}
    content, clock = root / "content", Clock()
    write_content(content, **{"tiers": {"kinds": kinds}, "review": REVIEW, **clauses})
    with open_house(root / "house", content=content, clock=clock) as house:
        answer = house.gus.post("/v1/variants", json={**BRIEF, "brand": OURS})
        assert answer.status_code == 200, answer.text
        yield ReviewHouse(house, clock)
