"""Replaying a receipt: the stored copy is judged again by the stored rules, as of the moment of the receipt.

What judged is built anew from the bytes that the receipt names, and answers of a model that judged are taken
from the receipt, so that nothing is asked and nothing of today plays a part, except the engine itself.
"""

import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from app.brief.facts import FactSheet
from app.brief.models import Brief
from app.db.blobs import BlobStore
from app.db.briefs import Briefs
from app.db.tables import Draft, Origin
from app.errors import ContentError, UsageError
from app.generation.hashing import asked_blob, contract_blob, facts_blob, rules_blob
from app.generation.kept_answers import content_of, judge_of
from app.generation.material import rivals_for
from app.generation.plan import SlotJob, jobs_of
from app.guardrails.suite import judge, merge
from app.release.content import SlotContent
from app.release.judging import LibraryJudge, pieces
from app.release.library import ContentLibrary, load_library
from app.release.receipt_story import MEANING
from app.verdicts.reports import GuardReport, RuleResult, Verdict
from app.verdicts.waivers import with_waivers

_NO_BRIEF = "no stored revision of brief '{}' has the facts that the receipt names"


class Outcome(StrEnum):
    """What came of a replay."""

    SAME = "same"
    DIFFERENT = "different"
    CANNOT = "cannot"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class RuleReplay(_Frozen):
    """One rule: what it said then and what it says now. None where it did not take part."""

    rule: str
    then: Verdict | None
    now: Verdict | None
    same: bool
    """Whether the verdict and every finding are the same."""
    findings_then: tuple[str, ...] = ()
    findings_now: tuple[str, ...] = ()


class Lost(_Frozen):
    """Bytes that the replay needs and that are not there: what they are, and what became of them."""

    what: str
    hash: str
    words: str


class Replayed(_Frozen):
    """What came of replaying one receipt."""

    draft: str
    outcome: Outcome
    as_of: AwareDatetime
    engine_then: str
    engine_now: str
    verdict_then: Verdict
    verdict_now: Verdict | None = None
    rules: tuple[RuleReplay, ...] = ()
    lost: tuple[Lost, ...] = ()
    notes: tuple[str, ...] = ()
    """What else has to be known: why it cannot be replayed, or what is read otherwise than then."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The result in words."""
        return tuple(_lines(self))


class Replay:
    """Replays receipts of one database with this engine."""

    def __init__(self, blobs: BlobStore, briefs: Briefs, engine: str) -> None:
        self._blobs = blobs
        self._briefs = briefs
        self._engine = engine

    def __call__(self, draft: Draft) -> Replayed:
        """The stored copy, judged again. Raises StorageError only when the database cannot be read."""
        files, lost = self._files(draft)
        if lost:
            return self._told(draft, lost=lost, notes=("the rules that judged cannot be put together again",))
        if draft.actual_hash() != draft.content_hash:
            return self._told(draft, notes=("the copy is not the one that its hash was made of",))
        with tempfile.TemporaryDirectory(prefix="copydesk-replay-") as folder:
            for path, data in files.items():
                place = Path(folder, path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
            Path(folder, "blocks").mkdir(exist_ok=True)
            try:
                library = load_library(Path(folder, "brand"), Path(folder, "blocks"), draft.brand)
            except (ContentError, UsageError) as error:
                first = error.problems[0] if isinstance(error, ContentError) else error
                return self._told(draft, notes=(f"this engine does not read the stored files: {first}",))
            return self._judged(draft, library)

    def _judged(self, draft: Draft, library: ContentLibrary) -> Replayed:
        job = self._job(draft, library)
        market = job.target.market if job is not None else None
        notes = list(_read_otherwise(draft, library.localised(draft.locale, market)))
        if job is not None:
            reports = _reports(draft, job, library)
        else:
            found = self._blobs.find(draft.receipt.hashes.facts)
            if found.data is None:
                lost = Lost(what=MEANING["facts"], hash=found.hash, words=found.words)
                return self._told(draft, lost=(lost,), notes=(_NO_BRIEF.format(draft.brief_id),))
            facts = FactSheet.model_validate_json(found.data)
            reports = iter([_report_without_brief(draft, facts, library)])
            notes.append(
                f"{_NO_BRIEF.format(draft.brief_id)}: judged for the locale's own market, without words"
                " that the brief avoids"
            )
        then = draft.receipt.verdicts
        tried = [(_compared(then, report), report) for report in reports]
        same = [
            (rules, report)
            for rules, report in tried
            if all(rule.same for rule in rules)
            and (then.verdict, set(then.required)) == (report.verdict, set(report.required))
        ]
        rules, report = (same or tried)[0]
        different = Outcome.DIFFERENT if job is not None else Outcome.CANNOT
        if not same and all(rule.same for rule in rules):
            notes.append(
                f"{len(then.required)} rules had to judge then, and {len(report.required)} have to now"
            )
        return self._told(
            draft,
            outcome=Outcome.SAME if same else different,
            verdict_now=report.verdict,
            rules=rules,
            notes=tuple(notes),
        )

    def _files(self, draft: Draft) -> tuple[dict[str, bytes], tuple[Lost, ...]]:
        """The brand's files and blocks as the receipt names them, and those that are not there."""
        files: dict[str, bytes] = {}
        lost: list[Lost] = []
        hashes = draft.receipt.hashes
        for what, digest in (("brand", hashes.brand), ("blocks", hashes.blocks)):
            listing = self._blobs.find(digest)
            if listing.data is None:
                lost.append(Lost(what=MEANING[what], hash=digest, words=listing.words))
                continue
            entries: Mapping[str, str] = json.loads(listing.data)
            found = self._blobs.find_all(entries.values())
            for path, entry in entries.items():
                data = found[entry].data
                if data is None:
                    lost.append(Lost(what=path, hash=entry, words=found[entry].words))
                else:
                    files[path] = data
        return files, tuple(lost)

    def _job(self, draft: Draft, library: ContentLibrary) -> SlotJob | None:
        """The slot as its brief asked for it: of all revisions with the facts of the receipt the one that
        held when the copy was last touched, else the newest.
        """
        touched = draft.receipt.edits[-1].at if draft.receipt.edits else draft.created_at
        revisions = self._briefs.revisions(draft.brand, draft.brief_id)
        before = [item for item in revisions if item.created_at <= touched]
        after = [item for item in revisions if item.created_at > touched]
        for revision in (*before, *after):
            job = _slot_of(draft, revision.content, library)
            if job is not None:
                return job
        return None

    def _told(
        self,
        draft: Draft,
        *,
        outcome: Outcome = Outcome.CANNOT,
        verdict_now: Verdict | None = None,
        rules: tuple[RuleReplay, ...] = (),
        lost: tuple[Lost, ...] = (),
        notes: tuple[str, ...] = (),
    ) -> Replayed:
        receipt = draft.receipt
        return Replayed(
            draft=draft.id,
            outcome=outcome,
            as_of=receipt.as_of,
            engine_then=receipt.engine,
            engine_now=self._engine,
            verdict_then=receipt.verdicts.verdict,
            verdict_now=verdict_now,
            rules=rules,
            lost=lost,
            notes=notes,
        )


def _slot_of(draft: Draft, brief: Brief, library: ContentLibrary) -> SlotJob | None:
    """The draft's slot in a revision of its brief, where that has the facts and the moment of the receipt."""
    receipt = draft.receipt
    key = (draft.locale, library.brand.aliases.get(draft.segment, draft.segment), draft.kind)
    try:
        jobs = jobs_of(brief, library)
    except (ContentError, UsageError):
        return None
    for job in jobs:
        same_facts = facts_blob(job.facts).hash == receipt.hashes.facts
        same_brief = receipt.hashes.asked in ("", asked_blob(job).hash)
        if job.key == key and same_facts and same_brief and job.as_of == receipt.as_of:
            return job
    return None


def _reports(draft: Draft, job: SlotJob, library: ContentLibrary) -> Iterator[GuardReport]:
    """How the copy is judged now. A model's copy was judged where it was written, beside the approved copy
    that it must not repeat, and once more as the gate judges when a fact changed; the receipt has the last.
    """
    judged = judge_of(job, library)
    if draft.origin is Origin.GENERATED and not draft.block:
        context = replace(job.context, judgements=draft.receipt.judgements)
        local = library.localised(job.target.locale, job.target.market)
        written = [
            replace(piece, rivals=rivals_for(local, draft.kind, draft.locale, piece.name))
            for piece in pieces(SlotContent.of_draft(draft))
        ]
        waivers = judged.waivers(SlotContent.of_draft(draft), job.as_of)
        yield merge(
            [with_waivers(judge(item, context), item.text, waivers, kind=draft.kind) for item in written]
        )
    yield judged(content_of(draft, library), facts=job.facts, as_of=job.as_of)


def _report_without_brief(draft: Draft, facts: FactSheet, library: ContentLibrary) -> GuardReport:
    """How the copy is judged where nobody knows any more what the brief said besides its facts."""
    segment = library.brand.aliases.get(draft.segment, draft.segment)
    judged = LibraryJudge(library, draft.locale, draft.journey, segment=segment)
    return judged(content_of(draft, library), facts=facts, as_of=draft.receipt.as_of)


def _compared(then: GuardReport, now: GuardReport) -> tuple[RuleReplay, ...]:
    """Rule by rule."""
    before = {result.rule: result for result in then.results}
    after = {result.rule: result for result in now.results}
    return tuple(
        RuleReplay(
            rule=rule,
            then=before[rule].verdict if rule in before else None,
            now=after[rule].verdict if rule in after else None,
            same=before.get(rule) == after.get(rule),
            findings_then=_found(before.get(rule)),
            findings_now=_found(after.get(rule)),
        )
        for rule in dict.fromkeys((*before, *after))
    )


def _found(result: RuleResult | None) -> tuple[str, ...]:
    return () if result is None else tuple(finding.message for finding in result.findings)


def _read_otherwise(draft: Draft, library: ContentLibrary) -> Iterator[str]:
    """Where the same files mean something else to this engine than to the one of the receipt."""
    hashes = draft.receipt.hashes
    for what, then, now in (
        ("rules", hashes.rules, rules_blob(library).hash),
        ("contract", hashes.contract, contract_blob(library.brand.contract).hash),
    ):
        if then and then != now:
            yield f"{MEANING[what]} are written down otherwise by this engine: {now[:12]}, then {then[:12]}"


def _lines(found: Replayed) -> Iterator[str]:
    as_of = f"as of {found.as_of:%Y-%m-%d %H:%M %Z}"
    if found.outcome is Outcome.CANNOT:
        yield f"draft {found.draft} cannot be replayed {as_of}"
    else:
        changed = [rule for rule in found.rules if not rule.same]
        count = f"{len(found.rules)} rules"
        result = f"{len(changed)} of {count} judge otherwise" if changed else f"all {count} judge the same"
        now = found.verdict_now.value if found.verdict_now is not None else ""
        yield f"draft {found.draft} replayed {as_of}: {result}; {found.verdict_then.value} then, {now} now"
        for rule in changed:
            before, after = _answer(rule.then, rule.findings_then), _answer(rule.now, rule.findings_now)
            yield f"  {rule.rule}: {before} then, {after} now"
    if found.engine_then != found.engine_now:
        yield f"the engine has changed since: Copydesk {found.engine_then} then, {found.engine_now} now"
    yield from found.notes
    yield from (f"  {item.hash[:12]}  {item.what}: {item.words}" for item in found.lost)


def _answer(verdict: Verdict | None, findings: tuple[str, ...]) -> str:
    if verdict is None:
        return "did not take part"
    return f"{verdict.value} ({'; '.join(findings)})" if findings else verdict.value
