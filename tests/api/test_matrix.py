"""Every operation as everybody: who is answered, who is told what is missing, for whom nothing is there."""

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.brand.roles import ALLOWED, PersonRole, Scope
from app.db.outbox_tables import Webhook
from app.db.proposal_tables import Proposal, ProposalSort
from app.db.proposals import Proposals
from app.db.waiver_tables import StoredWaiver
from app.db.waivers import Waivers
from app.db.webhooks import Webhooks
from tests.api.house import OURS, PEOPLE, THEIRS, House, Somebody, open_house
from tests.generation.desk import BRIEF, LINES

OPERATIONS = (Path(__file__).parent / "operations.txt").read_text(encoding="utf-8").splitlines()
BRIEF_ID = "fernhill_hello"


@dataclass(frozen=True)
class Asking:
    """How an operation is asked for something of our brand, and the scope that it takes; None for none."""

    scope: Scope | None
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    or_scope: Scope | None = None
    """Another scope that is enough as well."""
    only: PersonRole | None = None
    """The one role of those with the scope that may."""


OF_BRAND = {"brand": OURS}
SLOT = {**OF_BRAND, "segment": "weekend_hikers", "journey": "winback", "locale": "en-US"}
WISH = {"note": "shorter", "count": 1}
MATCH = {"If-Match": '"1"'}
HOOK = {"brand": OURS, "url": "https://hooks.example.com/new", "events": ["*"]}
NOT_MATCHING = {"If-Match": '"99"'}
"""For what must not happen to the one draft that all rows share."""
WAIVER = {
    "draft": "{draft_id}",
    "revision": 99,  # for what must not happen to the one draft that all rows share
    "field": "label",
    "rule": "voice",
    "reason": "it is a name",
    "until": "2099-01-01T00:00:00Z",
}
EMAIL = {"locale": "en-US", "segment": "weekend_hikers", "seen": "another"}
PLACE = {"brand": OURS, "brief": BRIEF_ID, "locale": "en-US", "segment": "weekend_hikers"}
ASKED: dict[str, Asking] = {
    "get_health": Asking(None),
    "get_readiness": Asking(None),
    "list_brands": Asking(Scope.READ),
    "list_versions": Asking(Scope.READ),
    "get_receipt": Asking(Scope.READ),
    "get_receipt_bytes": Asking(Scope.READ),
    "replay_receipt": Asking(Scope.READ),
    "get_brand": Asking(Scope.READ),
    "get_inventory": Asking(Scope.READ),
    "get_weekly_review": Asking(Scope.READ),
    "list_segments": Asking(Scope.READ, OF_BRAND),
    "list_blocks": Asking(Scope.READ, OF_BRAND),
    "get_content": Asking(Scope.READ, SLOT),
    "list_guardrails": Asking(Scope.READ, OF_BRAND),
    "list_briefs": Asking(Scope.READ, OF_BRAND),
    "get_brief": Asking(Scope.READ),
    "get_brief_status": Asking(Scope.READ),
    "get_brief_deck": Asking(Scope.READ),
    "list_brief_revisions": Asking(Scope.READ),
    "list_drafts": Asking(Scope.READ, OF_BRAND),
    "get_draft": Asking(Scope.READ),
    "preview_email": Asking(Scope.READ, body=PLACE),
    "get_usage": Asking(Scope.OPERATE, OF_BRAND),
    "list_webhooks": Asking(Scope.OPERATE, OF_BRAND),
    "create_webhook": Asking(Scope.OPERATE, body=HOOK),
    "get_webhook": Asking(Scope.OPERATE),
    "rotate_webhook": Asking(Scope.OPERATE, body={}),
    "test_webhook": Asking(Scope.OPERATE),
    "delete_webhook": Asking(Scope.OPERATE),
    "list_proposals": Asking(Scope.READ),
    "decide_proposal": Asking(Scope.REVIEW, body={"decision": "accepted"}, only=PersonRole.BRAND_OWNER),
    "propose_wrong_finding": Asking(
        Scope.REVIEW, body={"revision": 99, "field": "label", "rule": "voice", "why": "It is a name."}
    ),
    "list_waivers": Asking(Scope.READ, OF_BRAND),
    "give_waiver": Asking(Scope.REVIEW, body=WAIVER),
    "revoke_waiver": Asking(Scope.REVIEW),
    "list_brief_emails": Asking(Scope.READ),
    "submit_email": Asking(Scope.REVIEW, body=EMAIL),
    "approve_email": Asking(Scope.REVIEW, body=EMAIL),
    "request_email_changes": Asking(Scope.REVIEW, body={**EMAIL, "text": "Another order."}),
    "withdraw_email": Asking(Scope.REVIEW, body=EMAIL),
    "list_reapprovals": Asking(Scope.READ),
    "reapprove_drafts": Asking(Scope.REVIEW, body={"drafts": [{"draft": "none", "revision": 1}]}),
    "list_audit": Asking(Scope.OPERATE, OF_BRAND),
    "check_copy": Asking(Scope.CHECK, body={"brand": OURS, "items": [{"text": "A dry coat."}]}),
    "create_brief": Asking(Scope.WRITE, body={**BRIEF, "id": "another", "brand": OURS}),
    "patch_brief": Asking(Scope.WRITE, body={"notes": "Plain."}, headers=MATCH),
    "patch_brief_facts": Asking(
        Scope.WRITE, body={"targets": [{"locale": "en-US", "facts": BRIEF["targets"][0]["facts"]}]}
    ),
    "apply_brief_deck": Asking(Scope.WRITE, text="no deck", headers={"Content-Type": "text/csv"}),
    "create_draft": Asking(Scope.WRITE, body={**PLACE, "kind": "cta", "copy_fields": LINES["cta"][0]}),
    "edit_draft": Asking(Scope.WRITE, body={"copy_fields": {"label": "See our kit"}}, headers=MATCH),
    "redo_draft": Asking(Scope.GENERATE, body=WISH),
    "generate_brief": Asking(Scope.GENERATE, body={}),
    "retry_brief": Asking(Scope.GENERATE, body={}),
    "get_review": Asking(Scope.READ),
    "list_reviews": Asking(Scope.READ, OF_BRAND),
    "submit_draft": Asking(Scope.REVIEW, headers=MATCH),
    "take_draft": Asking(Scope.REVIEW, body={}, headers=MATCH),
    "ask_draft": Asking(Scope.REVIEW, body={"person": "lea@example.com", "text": "Well?"}, headers=MATCH),
    "answer_draft": Asking(Scope.REVIEW, body={"question": "0" * 32, "text": "Yes."}, headers=MATCH),
    "comment_draft": Asking(Scope.REVIEW, body={"text": "Good."}),
    "approve_draft": Asking(Scope.REVIEW, body={}, headers=MATCH),
    "request_changes_draft": Asking(Scope.REVIEW, body={"text": "Shorter."}, headers=MATCH),
    "reject_draft": Asking(Scope.REVIEW, body={"reason": "unclear"}, headers=MATCH),
    "withdraw_draft": Asking(Scope.REVIEW, headers=NOT_MATCHING, or_scope=Scope.WRITE),
    "escalate_draft": Asking(Scope.REVIEW, body={"tier": "restricted", "text": "Hm."}, headers=MATCH),
    "approve_drafts": Asking(Scope.REVIEW, body={"drafts": [{"id": "{draft_id}", "revision": 1}]}),
    "write_variants": Asking(Scope.GENERATE, body={**BRIEF, "brand": OURS}),
    "list_choices": Asking(Scope.READ),
    "make_choice": Asking(
        Scope.WRITE,
        body={
            **{name: PLACE[name] for name in ("locale", "segment")},
            "kind": "cta",
            "arms": [{"block": "cta_evergreen"}],
        },
    ),
    "get_brief_matrix": Asking(Scope.READ, {"limit": "10"}),
    "export_brief": Asking(Scope.EXPORT, body={"account": "own"}),
    "list_exports": Asking(Scope.READ, OF_BRAND),
    "get_export": Asking(Scope.READ),
    "get_export_package": Asking(Scope.READ),
    "list_uses": Asking(Scope.READ, {**OF_BRAND, "text": "outside"}),
}


@dataclass
class Stage:
    """A house whose brand has a brief, a draft and an export."""

    house: House
    draft_id: str
    export_id: str
    asks: str = ""
    """The address of the person who asks."""

    @property
    def digest(self) -> str:
        """A hash on the draft's receipt."""
        draft = self.house.store.find_draft(self.draft_id)
        assert draft is not None
        return draft.receipt.hashes.brand

    @property
    def webhook_id(self) -> str:
        """A webhook of our brand, made anew where somebody removed it. Nobody listens there."""
        hook = Webhook(
            id="5" * 32,
            brand=OURS,
            url="http://127.0.0.1:9/",
            events=("*",),
            secret="",
            created_by="",
        )
        return Webhooks(self.house.store.engine).add(hook, actor="machine").id

    @property
    def waiver_id(self) -> str:
        """A waiver that the person who asks gave, whoever that is, made anew for each."""
        moment = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
        row = StoredWaiver(
            brand=OURS,
            draft_id=self.draft_id,
            field="label",
            rule="voice",
            category="voice",
            text="0" * 64,
            start=0,
            end=1,
            locale="en-US",
            market="US",
            by=self.asks,
            role="legal",
            reason="it is a name",
            until=moment,
        )
        return Waivers(self.house.store.engine).give(row, []).id

    @property
    def proposal_key(self) -> str:
        """A proposal that nobody has decided on, made anew for each who asks."""
        key = uuid.uuid4().hex
        data: dict[str, Any] = {
            "before": "utilize",
            "after": "use",
            "language": "en",
            "drafts": [],
            "weeks": 2,
            "lines": "",
        }
        made = Proposal(brand=OURS, sort=ProposalSort.REPEATED_EDIT, key=key, data=data, by="")
        return Proposals(self.house.store.engine).keep(made).key

    def ask(self, who: Somebody, operation: str) -> Any:
        """Send the operation's request as somebody."""
        self.asks = who.email
        line = next(line for line in OPERATIONS if line.split(" ")[2] == operation)
        method, path, _ = line.split(" ")
        named = {
            "{brand}": OURS,
            "{brief_id}": BRIEF_ID,
            "{draft_id}": self.draft_id,
            "{export_id}": self.export_id,
            "{digest}": self.digest,
            "{slot}": "cta",
            "{webhook_id}": self.webhook_id,
            "{waiver_id}": self.waiver_id,
            "{key}": self.proposal_key,
        }
        for name, value in named.items():
            path = path.replace(name, value)
        asking = ASKED[operation]
        given: dict[str, Any] = {"params": asking.query, "headers": dict(asking.headers)}
        if asking.text:
            given["content"] = asking.text
        elif asking.body is not None:
            given["json"] = json.loads(json.dumps(asking.body).replace("{draft_id}", self.draft_id))
        return who.request(method, path, **given)


@pytest.fixture(scope="module")
def stage(written_content: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    past_sending = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)  # so that nothing can be submitted, and all stays
    allowed = {"webhook_hosts": "hooks.example.com, 127.0.0.1:9", "webhook_private_allowed": True}
    folder = tmp_path_factory.mktemp("matrix")
    with open_house(folder, content=written_content, clock=lambda: past_sending, **allowed) as house:
        answer = house.cal.post("/v1/variants", json={**BRIEF, "brand": OURS})
        assert answer.status_code == 200, answer.text
        (draft, *_) = house.cal.get("/v1/drafts?kind=cta&limit=1").json()["items"]
        yield Stage(house, draft["id"], exported(house))


def exported(house: House) -> str:
    """The id of an export of approved blocks."""
    for kind in ("subject", "hero", "cta", "footer"):
        place = {**ASKED["make_choice"].body, "kind": kind, "arms": [{"block": f"{kind}_evergreen"}]}
        answer = house.cal.post(f"/v1/briefs/{BRIEF_ID}/choices", json=place)
        assert answer.status_code == 201, answer.text
    answer = house.cal.post(f"/v1/briefs/{BRIEF_ID}/exports", json={"account": "own"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["exports"][0]["id"])


def test_the_matrix_knows_every_operation() -> None:
    assert sorted(ASKED) == sorted(line.split(" ")[2] for line in OPERATIONS)


def may(roles: tuple[PersonRole, ...], scope: Scope) -> bool:
    return any(scope in ALLOWED[role] for role in roles)


@pytest.mark.parametrize("operation", ASKED)
def test_who_may(stage: Stage, operation: str) -> None:
    """Roles that allow the scope are answered, others of the brand told; for strangers it is not there."""
    scope = ASKED[operation].scope
    for name, (brand, roles) in PEOPLE.items():
        status = stage.ask(getattr(stage.house, name), operation).status_code
        assert status < 500, name
        if scope is None or operation in ("list_brands", "list_versions"):
            assert status == 200, name
        elif brand == THEIRS or not roles:
            assert status == 404, name
        elif may(roles, scope) and ASKED[operation].only in (None, *roles):
            assert status not in (401, 403, 404), name
        else:
            assert status == 403, name


@pytest.mark.parametrize("operation", ASKED)
def test_without_a_key(stage: Stage, operation: str) -> None:
    status = stage.ask(stage.house.nobody, operation).status_code
    assert status == (200 if ASKED[operation].scope is None else 401)


@pytest.mark.parametrize("operation", [name for name, asking in ASKED.items() if asking.scope is not None])
def test_with_a_key_that_lacks_the_scope(stage: Stage, operation: str) -> None:
    """The brand owner may everything, and her key everything but this."""
    scope = ASKED[operation].scope
    others = [item for item in Scope if item not in (scope, ASKED[operation].or_scope)]
    answer = stage.ask(stage.house.with_key("ada", *others), operation)
    assert answer.status_code == 403
    assert f"lacks the scope '{scope}'" in answer.json()["detail"]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/brands/{brand}",
        "/v1/brands/{brand}/inventory",
        "/v1/brands/{brand}/weekly",
        "/v1/brands/{brand}/proposals",
        "/v1/segments?brand={brand}",
        "/v1/blocks?brand={brand}",
        "/v1/guardrails?brand={brand}",
        "/v1/briefs?brand={brand}",
        "/v1/drafts?brand={brand}",
        "/v1/usage?brand={brand}",
        "/v1/webhooks?brand={brand}",
        "/v1/waivers?brand={brand}",
        "/v1/content/cta?brand={brand}&segment=hikers&journey=winback&locale=en-US",
        "/v1/briefs/fernhill_hello?brand={brand}",
        "/v1/briefs/fernhill_hello/choices?brand={brand}",
        "/v1/briefs/fernhill_hello/reapprove?brand={brand}",
        "/v1/briefs/fernhill_hello/emails?brand={brand}",
        "/v1/briefs/fernhill_hello/matrix?brand={brand}",
        "/v1/exports?brand={brand}",
        "/v1/where-used?fact=product.name&brand={brand}",
    ],
)
def test_a_strangers_brand_answers_in_the_words_of_one_that_does_not_exist(stage: Stage, path: str) -> None:
    hidden, absent = (stage.house.ada.get(path.format(brand=name)).json() for name in (THEIRS, "nothere0"))
    for problem in (hidden, absent):
        del problem["request_id"]
    assert hidden["status"] == 404
    assert str(hidden).replace(THEIRS, "nothere0") == str(absent)
