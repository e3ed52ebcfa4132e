"""Everything that is known about one draft, gathered for somebody who has to judge it later: a lawyer."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.brand.scope import Scope
from app.brief.facts import FactSheet
from app.copywriting.dossier_review import ShownReview, records_of, review_of
from app.db.audit_log import AuditLog
from app.db.audit_tables import AuditRecord
from app.db.blobs import BlobStore
from app.db.briefs import Briefs
from app.db.exports import Exports
from app.db.release_tables import ChosenSlot, Export
from app.db.service_tables import BriefRevision
from app.db.store import Store
from app.db.tables import Draft
from app.generation.replaying import Replay, Replayed
from app.release.receipt_story import ReceiptReader, ReceiptStory
from app.tokens import token_names
from app.verdicts.reports import RuleResult, Verdict


@dataclass(frozen=True)
class ShownFact:
    """A fact as readers see it, where it came from, and whether the copy states it."""

    name: str
    role: str
    value: str
    source: str
    valid: str
    stated: bool


@dataclass(frozen=True)
class ShownRule:
    """A rule that held for the copy: what it forbids, and by which law or guide."""

    id: str
    category: str
    message: str
    source: str
    markets: tuple[str, ...]


@dataclass(frozen=True)
class ShownEdit:
    """One change by a person, with the fields that differ on both sides where their bytes are kept."""

    by: str
    at: dt.datetime
    before: Mapping[str, str] | None
    after: Mapping[str, str] | None


@dataclass(frozen=True)
class Dossier:
    """What the page shows. `made_at` is when it was put together, `made_by` the version that did it."""

    draft: Draft
    story: ReceiptStory
    brief: BriefRevision | None
    facts: tuple[ShownFact, ...] | None
    """None where the bytes are gone."""
    rules: tuple[ShownRule, ...] | None
    edits: tuple[ShownEdit, ...]
    exports: tuple[Export, ...]
    review: ShownReview
    records: tuple[AuditRecord, ...]
    names: Mapping[str, str]
    """The address of each actor in the records that is a person."""
    replay: Replayed
    made_at: dt.datetime
    made_by: str

    @property
    def telling(self) -> tuple[RuleResult, ...]:
        """The answers that are no plain pass."""
        return tuple(item for item in self.draft.receipt.verdicts.results if not _plain_pass(item))

    @property
    def silent(self) -> tuple[str, ...]:
        """The guardrails that passed the copy and found nothing."""
        return tuple(item.rule for item in self.draft.receipt.verdicts.results if _plain_pass(item))

    @property
    def subjects(self) -> tuple[str, ...]:
        """What the records are about, the draft first."""
        return tuple(dict.fromkeys((f"draft {self.draft.id}", *(item.subject for item in self.records))))

    def who(self, actor: str) -> str:
        """An actor of the records for people."""
        return self.names.get(actor, actor)


def _plain_pass(result: RuleResult) -> bool:
    return result.verdict is Verdict.PASS and not result.findings


def dossier(store: Store, draft: Draft, *, engine: str, at: dt.datetime) -> Dossier:
    """Gather it. Raises StorageError."""
    blobs, briefs, log = BlobStore(store.engine), Briefs(store.engine), AuditLog(store.engine)
    kept, place = Exports(store.engine), (draft.brand, draft.brief_id)
    exports = [row for row in kept.of_brief(*place) if any(s.draft == draft.id for s in row.content.slots)]
    choices = [row for row in kept.choices(*place) if any(arm.draft == draft.id for arm in row.arms)]
    review = review_of(store.engine, draft)
    records = tuple(_records(log, choices, exports, review))
    names = log.names([record.actor for record in records])
    return Dossier(
        draft=draft,
        story=ReceiptReader(blobs).story(draft),
        brief=_brief(briefs, draft),
        facts=_facts(blobs, draft),
        rules=_rules(blobs, draft),
        edits=tuple(_edits(blobs, draft)),
        exports=tuple(exports),
        review=review,
        records=records,
        names=names,
        replay=Replay(blobs, briefs, engine)(draft),
        made_at=at,
        made_by=engine,
    )


def _brief(briefs: Briefs, draft: Draft) -> BriefRevision | None:
    """The brief as it was when the draft was made."""
    revisions = briefs.revisions(draft.brand, draft.brief_id)
    before = [item for item in revisions if item.created_at <= draft.created_at]
    return next(iter(before or revisions[::-1]), None)


def _facts(blobs: BlobStore, draft: Draft) -> tuple[ShownFact, ...] | None:
    data = blobs.find(draft.receipt.hashes.facts).data
    if data is None:
        return None
    sheet = FactSheet.model_validate_json(data)
    stated = {name for text in draft.copy_fields.values() for name in token_names(text)}
    return tuple(
        ShownFact(
            name=name,
            role=fact.role.value,
            value=sheet.render(name),
            source=fact.source,
            valid=_span(fact.valid_from, fact.valid_until),
            stated=name in stated,
        )
        for name, fact in sorted(sheet.facts.items(), key=lambda item: (item[0] not in stated, item[0]))
    )


def _span(first: dt.datetime | None, last: dt.datetime | None) -> str:
    begin = f"from {first:%Y-%m-%d %H:%M %Z}" if first else ""
    end = f"until {last:%Y-%m-%d %H:%M %Z}" if last else ""
    return f"{begin} {end}".strip() or "always"


def _rules(blobs: BlobStore, draft: Draft) -> tuple[ShownRule, ...] | None:
    """The rules on claims in the language of the copy that held at the moment of the receipt."""
    data = blobs.find(draft.receipt.hashes.rules).data
    if data is None:
        return None
    day, language = draft.receipt.as_of.date().isoformat(), draft.locale.partition("-")[0]
    found = {
        rule["id"]: ShownRule(
            id=rule["id"],
            category=rule["category"],
            message=rule["message"],
            source=rule["source"],
            markets=tuple(Scope.model_validate(rule.get("scope") or {}).markets),
        )
        for rule in json.loads(data)
        if "category" in rule and language in rule.get("languages", ()) and _holds(rule, day)
    }
    return tuple(sorted(found.values(), key=lambda rule: (rule.category, rule.id)))


def _holds(rule: Mapping[str, Any], day: str) -> bool:
    return (rule["effective_from"] or day) <= day <= (rule["effective_until"] or day)


def _edits(blobs: BlobStore, draft: Draft) -> Iterator[ShownEdit]:
    for edit in draft.receipt.edits:
        before, after = _copy(blobs, edit.before), _copy(blobs, edit.after)
        if before is not None and after is not None:
            changed = [name for name in after if before.get(name) != after[name]]
            before, after = ({name: text.get(name, "") for name in changed} for text in (before, after))
        yield ShownEdit(edit.by, edit.at, before, after)


def _copy(blobs: BlobStore, digest: str) -> Mapping[str, str] | None:
    """The fields of copy behind its hash: stored as kind, locale and fields."""
    data = blobs.find(digest).data
    if data is None:
        return None
    _, _, fields = json.loads(data)
    found: Mapping[str, str] = fields
    return found


def _records(
    log: AuditLog,
    choices: Iterable[ChosenSlot],
    exports: Iterable[Export],
    review: ShownReview,
) -> list[AuditRecord]:
    """What was done to the draft, and to the choices, emails and exports that it was in, oldest first."""
    subjects = [f"choice {row.id}" for row in choices] + [f"export {row.id}" for row in exports]
    return sorted((*review.records, *records_of(log, subjects)), key=lambda record: record.seq)
