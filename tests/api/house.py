"""A whole service for tests: two brands, a database of its own, and people whose names say what they may.

Permission tests read as sentences: `house.cal.get("/v1/drafts")`, `house.otto.get("/v1/brands/fernhill")`.
Everything of the other brand carries MARKER, so that a leak can be seen in any answer.
"""

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from app.api.app import create_api
from app.brand.roles import EVERY_BRAND, PersonRole, Scope
from app.db.briefs import Briefs
from app.db.drafts import Drafts
from app.db.health import Pulse
from app.db.kept_answers import KeptAnswers
from app.db.people import People
from app.db.store import Store, open_store
from app.generation.service import Generation
from app.llm.protocol import LanguageModel
from app.llm.scripted import ScriptedModel
from app.release.serving import FolderContents
from app.service import Service
from app.settings import Settings, content_root
from tests import factories
from tests.generation.desk import answering
from tests.release.content import COPY, SEGMENT, Content, evergreens, item

OURS = "fernhill"
THEIRS = "moorgate"
MARKER = "Zzyzx"
"""Stands in the other brand's name, segments, blocks, rules and drafts."""

PEOPLE: dict[str, tuple[str, tuple[PersonRole, ...]]] = {
    "cal": (OURS, (PersonRole.COPYWRITER,)),
    "rae": (OURS, (PersonRole.BRAND_REVIEWER,)),
    "lea": (OURS, (PersonRole.LEGAL,)),
    "per": (OURS, (PersonRole.PERFORMANCE,)),
    "ada": (OURS, (PersonRole.BRAND_OWNER,)),
    "ola": (OURS, (PersonRole.OPERATOR,)),
    "pia": (OURS, (PersonRole.PLUGIN,)),
    "otto": (THEIRS, (PersonRole.COPYWRITER,)),
    "gus": (EVERY_BRAND, (PersonRole.OPERATOR, PersonRole.COPYWRITER)),
    "neo": (OURS, ()),
}
"""Who there is: the brand of their roles, and the roles. Neo has a key and no role at all."""

PROVEN: dict[str, Any] = {
    "id": "walks_and_colds",
    "text": "A long walk cures selected colds.",
    "wordings": ["A stroll cures selected colds."],
    "permits": ["health_claim"],
    "evidence": {"document": "Report 7"},
    "qualifiers": [["selected", "some"]],
    "markets": ["US"],
    "valid_from": "2026-01-01",
    "expires": "2099-06-01",
    "owner": "Lou Legal",
}
"""An entry of our claims library."""


ACCOUNT: dict[str, Any] = {
    "id": "own",
    "platform": "jinja",
    "name": "Our own sender",
    "footer": "copydesk",
    "images": "https://images.fernhill.example/mail/",
    "variables": {"person.first_name": "first_name"},
    "segments": {
        "weekend_hikers": {"audience": "Hikers", "property": "group", "value": "weekend_hikers"},
        "trail_runners": {"audience": "Runners", "property": "group", "value": "trail_runners"},
    },
    "tracking": {"source": "fernhill", "variant": True},
}
"""Where our brand exports to."""


class Somebody:
    """One person's way in: requests with that person's key, or with none."""

    def __init__(self, client: TestClient, key: str | None, email: str = "") -> None:
        self.email = email
        self.key = key
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = client

    def request(self, method: str, path: str, **given: Any) -> httpx2.Response:
        """One request."""
        headers = {**self.headers, **given.pop("headers", {})}
        return self._client.request(method, path, headers=headers, **given)

    def get(self, path: str, **given: Any) -> httpx2.Response:
        return self.request("GET", path, **given)

    def post(self, path: str, **given: Any) -> httpx2.Response:
        return self.request("POST", path, **given)

    def patch(self, path: str, **given: Any) -> httpx2.Response:
        return self.request("PATCH", path, **given)


@dataclass
class House:
    """The service and everybody in it."""

    root: Path
    service: Service
    client: TestClient
    keys: dict[str, str]

    def __getattr__(self, name: str) -> Somebody:
        if name not in PEOPLE:
            raise AttributeError(name)
        return Somebody(self.client, self.keys[name], email_of(name))

    @property
    def nobody(self) -> Somebody:
        """Somebody without a key."""
        return Somebody(self.client, None)

    @property
    def store(self) -> Store:
        """The service's store."""
        return self.service.store

    @property
    def people(self) -> People:
        """The service's people."""
        return self.service.people

    def with_key(self, name: str, *scopes: Scope) -> Somebody:
        """A person with another key that has these scopes."""
        key = self.people.create_key(email_of(name), "narrow", scopes, None).text
        return Somebody(self.client, key, email_of(name))


def email_of(name: str) -> str:
    """A person's address."""
    return f"{name}@example.com"


def write_content(root: Path) -> None:
    """Both brands with prompts and MJML partials, as a content folder."""
    contract = copy.deepcopy(factories.CONTRACT)
    contract["tiers"] = {"kinds": dict.fromkeys(COPY, "low")}
    contract["confidence"] = dict.fromkeys(contract["confidence"], 0.0)
    proven = {"claims_library.yaml": {"claims": [PROVEN]}, "platforms/own.yaml": ACCOUNT}
    Content(root, OURS, files={"contract.yaml": contract, **proven}).write()
    theirs = Content(root, THEIRS, blocks={**evergreens(), "cta/winback": [item("cta_marked", "cta")]})
    identity = {**factories.IDENTITY, "id": THEIRS, "name": MARKER, "packs": ["walking"]}
    theirs.files = {
        "brand.yaml": identity,
        "contract.yaml": contract,
        "segments.yaml": {
            "segments": [{**SEGMENT, "id": "secretive", "aliases": [], "name": f"{MARKER} fans"}]
        },
    }
    theirs.blocks["cta/winback"][0]["author"] = f"{MARKER} Writer"
    theirs.write()
    shutil.copytree(content_root() / "prompts", root / "prompts")
    for folder in sorted((content_root() / "blocks").iterdir()):
        if (folder / f"{folder.name}.mjml").is_file() or folder.name.startswith("_"):
            shutil.copytree(folder, root / "blocks" / folder.name)


def add_people(people: People) -> dict[str, str]:
    """Everybody with their roles; returns a key of each, which has every scope and never expires."""
    keys = {}
    for name, (brand, roles) in PEOPLE.items():
        people.add(email_of(name), name.title())
        if roles:
            people.grant(email_of(name), brand, roles)
        keys[name] = people.create_key(email_of(name), "tests", Scope, None).text
    return keys


def make_service(root: Path, *models: LanguageModel, **settings: Any) -> Service:
    """A service over the content and database under `root`; the caller closes its store.

    Without `models` a scripted one answers with copy that every guardrail passes.
    """
    given = {"content": root, "database": f"sqlite:///{root / 'house.db'}", "requests_per_minute": 0}
    given["model_requests_per_minute"] = 0
    chosen = Settings(**{**given, **settings})
    store = open_store(chosen.database.get_secret_value())
    return Service(
        settings=chosen,
        store=store,
        briefs=Briefs(store.engine),
        drafts=Drafts(store.engine),
        people=People(store.engine),
        kept=KeptAnswers(store.engine),
        pulse=Pulse(store.engine),
        contents=FolderContents(root),
        generation=Generation(models or (ScriptedModel(answering()),), store, samples=4, engine="0.1.0"),
        version="0.1.0",
    )


@contextmanager
def open_house(
    root: Path, *models: LanguageModel, content: Path | None = None, **settings: Any
) -> Iterator[House]:
    """A house under `root`, open until the block ends. `content` is a folder written before."""
    if content is None:
        write_content(root)
    else:
        shutil.copytree(content, root, dirs_exist_ok=True)
    service = make_service(root, *models, **settings)
    keys = add_people(service.people)
    with TestClient(create_api(service), raise_server_exceptions=False) as client:
        yield House(root, service, client, keys)
    service.store.close()


def changed(service: Service, **fields: Any) -> Service:
    """The service with other parts."""
    return replace(service, **fields)
