"""What people and edits propose for a brand's rules and voice, with the lines that a person would add."""

import datetime as dt
import json
from dataclasses import dataclass

from pydantic import JsonValue
from sqlalchemy import Engine

from app.blocks.approved import digest
from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.copywriting.repeated_edits import RepeatedEdit, known, yaml_for
from app.db.proposal_tables import Proposal, ProposalSort, ProposalState
from app.db.proposals import Proposals
from app.db.tables import Draft
from app.errors import Conflict, NotFound, UsageError
from app.verdicts.reports import Finding

LONGEST_REASON = 500
"""Characters that somebody may say about a proposal."""
PAGE = 50
"""Stored proposals of one page."""


@dataclass(frozen=True)
class ShownProposal:
    """A proposal as people see it: what it is about in words, and the lines to add."""

    id: str
    """Empty for a repeated edit that nobody has decided on: it is found by its key."""
    key: str
    sort: ProposalSort
    state: ProposalState
    title: str
    detail: str
    lines: str
    by: str
    at: dt.datetime | None
    draft: str = ""
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    reason: str = ""


@dataclass(frozen=True)
class ProposalPage:
    """Proposals in one state, the newest first."""

    state: ProposalState
    count: int
    """On all pages."""
    items: list[ShownProposal]
    after: str
    """What the next page begins behind; empty on the last one."""


def propose_wrong_finding(
    engine: Engine, draft: Draft, finding: Finding, *, by: str, why: str, at: dt.datetime
) -> Proposal:
    """Keep "this finding is wrong" as a proposal for the corpus; the finding stands until the rules change.

    The same finding in the same copy is kept once: then the proposal that there is is answered. Raises
    UsageError for words that are missing or too long, Conflict for a finding in a field that the draft does
    not have any more.
    """
    words = " ".join(why.split())
    if not words or len(words) > LONGEST_REASON:
        raise UsageError("say why the finding is wrong", f"1 to {LONGEST_REASON} characters")
    text = draft.copy_fields.get(finding.field)
    if text is None:
        raise Conflict(f"draft {draft.id} has no field '{finding.field}'", "load the page again")
    data: dict[str, JsonValue] = {
        "draft": draft.id,
        "kind": draft.kind,
        "locale": draft.locale,
        "field": finding.field,
        "text": text,
        "rule": finding.rule,
        "category": finding.category,
        "message": finding.message,
        "words": text[finding.start : finding.end],
        "why": words,
    }
    key = digest([finding.rule, finding.field, text, finding.start, finding.end, draft.locale])
    made = Proposal(brand=draft.brand, sort=ProposalSort.WRONG_FINDING, key=key, data=data, by=by, at=at)
    return Proposals(engine).keep(made)


def proposals_of(
    engine: Engine, brand: Brand, edits: list[RepeatedEdit], state: ProposalState, after: str = ""
) -> ProposalPage:
    """A page of what was proposed for a brand. The first one of the open ones begins with the repeated edits
    among `edits`, those found by now, that nobody has decided on. Raises NotFound for an unknown `after`.
    """
    rows = Proposals(engine)
    stored = rows.of_brand(brand.id, state, after=after, limit=PAGE + 1)
    found = open_edits(engine, brand, edits) if state is ProposalState.OPEN else []
    count = rows.counts(brand.id).get(state, 0) + len(found)
    shown = [*([] if after else found), *(shown_proposal(item) for item in stored[:PAGE])]
    return ProposalPage(state, count, shown, stored[PAGE - 1].id if len(stored) > PAGE else "")


def open_edits(engine: Engine, brand: Brand, edits: list[RepeatedEdit]) -> list[ShownProposal]:
    """The repeated edits that nobody has decided on and the voice guide does not say."""
    decided = Proposals(engine).keys(brand.id, ProposalSort.REPEATED_EDIT)
    return [_found(edit, brand) for edit in edits if key_of(edit) not in decided and not known(edit, brand)]


def decide(
    engine: Engine,
    brand: Brand,
    edits: list[RepeatedEdit],
    *,
    key: str,
    state: ProposalState,
    by: str,
    at: dt.datetime,
    reason: str = "",
) -> ShownProposal:
    """Accept or decline the proposal with this key. Raises NotFound, Conflict where it is decided, and
    UsageError for declining without a reason.
    """
    words = " ".join(reason.split())
    if state is ProposalState.DECLINED and not words:
        raise UsageError("say why it is declined", f"1 to {LONGEST_REASON} characters")
    if len(words) > LONGEST_REASON:
        raise UsageError(f"the reason has {len(words)} characters", f"at most {LONGEST_REASON}")
    rows = Proposals(engine)
    stored = rows.with_key(brand.id, key)
    if stored is None:
        edit = next((item for item in edits if key_of(item) == key), None)
        if edit is None:
            raise NotFound("there is no such proposal", "load the page again")
        stored = rows.keep(_row(edit, brand, at))
    return shown_proposal(rows.decide(stored.id, brand.id, state, by=by, at=at, reason=words))


def key_of(edit: RepeatedEdit) -> str:
    """What makes it the same change, however often it is made meanwhile."""
    return digest([edit.language, edit.before, edit.after])


def corpus_line(brand: str, data: dict[str, JsonValue]) -> str:
    """A wrong finding as a line of copy that must pass, in the form that `scripts/score` reads."""
    line = {
        "id": f"{brand}-{digest([data['rule'], data['text']])[:12]}",
        "text": data["text"],
        "field": str(KINDS[str(data["kind"])].schema.specs()[str(data["field"])].field),
        "lang": str(data["locale"]).split("-", maxsplit=1)[0],
        "labels": [],
        "note": f"not {data['category']} ({data['rule']}): {data['why']}",
        "source": f"draft {data['draft']}",
    }
    return json.dumps(line, ensure_ascii=False)


def _found(edit: RepeatedEdit, brand: Brand) -> ShownProposal:
    return ShownProposal(
        id="",
        key=key_of(edit),
        sort=ProposalSort.REPEATED_EDIT,
        state=ProposalState.OPEN,
        title=_title(edit.before, edit.after),
        detail=f"in {len(edit.drafts)} drafts over {edit.weeks} weeks ({edit.language})",
        lines=yaml_for(edit, brand),
        by="",
        at=None,
    )


def _row(edit: RepeatedEdit, brand: Brand, at: dt.datetime) -> Proposal:
    shown = _found(edit, brand)
    data: dict[str, JsonValue] = {
        "before": edit.before,
        "after": edit.after,
        "language": edit.language,
        "drafts": list(edit.drafts),
        "weeks": edit.weeks,
        "lines": shown.lines,
    }
    return Proposal(brand=brand.id, sort=ProposalSort.REPEATED_EDIT, key=shown.key, data=data, by="", at=at)


def shown_proposal(row: Proposal) -> ShownProposal:
    """A stored proposal in words, with its lines."""
    data = row.data
    if row.sort is ProposalSort.WRONG_FINDING:
        title = f"“{data['words']}” is no {str(data['category']).replace('_', ' ')}"
        detail, lines = (
            f"{data['rule']} says: {data['message']} — {data['why']}",
            corpus_line(row.brand, data),
        )
    else:
        title = _title(str(data["before"]), str(data["after"]))
        drafts = data["drafts"]
        count = len(drafts) if isinstance(drafts, list) else 0
        detail, lines = (
            f"in {count} drafts over {data['weeks']} weeks ({data['language']})",
            str(data["lines"]),
        )
    return ShownProposal(
        id=row.id,
        key=row.key,
        sort=row.sort,
        state=row.state,
        title=title,
        detail=detail,
        lines=lines,
        by=row.by,
        at=row.at,
        draft=str(data.get("draft", "")),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )


def _title(before: str, after: str) -> str:
    return f"“{before}” becomes “{after}”" if after else f"“{before}” is left out"
