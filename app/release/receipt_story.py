"""A receipt in words: why a sentence exists, and what became of everything that it came from."""

import json
from collections import Counter
from collections.abc import Collection, Iterator

from pydantic import BaseModel, ConfigDict

from app.db.blobs import BlobStore, Resolution, Resolved
from app.db.receipts import DraftApproval, Receipt
from app.db.tables import Draft, Origin
from app.errors import NotFound
from app.release.values import Around
from app.verdicts.judgements import Judgements
from app.verdicts.reports import Severity

LISTINGS = ("brand", "prompt", "blocks", "content", "judge")
"""Hashes behind which stands a listing of files, each with a hash of its own."""
MEANING = {
    "brand": "the brand's files",
    "rules": "the rules that judged",
    "prompt": "the prompt templates",
    "contract": "the decision contract",
    "facts": "the facts and values",
    "asked": "the market, and what the brief avoids",
    "blocks": "the brand's approved blocks",
    "content": "the published version that served",
    "judge": "the prompt templates of the model that judged",
    "copy": "the copy as it stands",
    "request": "what was sent to the model",
    "answer": "what the model answered",
    "before": "the copy before an edit",
    "approved": "the copy as it was approved",
}
AROUND = {
    Around.LINK.value: "link",
    Around.IMAGE.value: "picture",
    Around.PRODUCTS.value: "list of products",
    Around.MARKET.value: "market",
}
"""What stands around the words of a slot, as people call it."""
SHORTEST = 6


class NamedHash(BaseModel):
    """One hash on a receipt: what it stands for, and what became of its bytes.

    `files` counts the files of a listing, and `files_lost` those of them whose bytes are not there any more.
    """

    model_config = ConfigDict(frozen=True)

    what: str
    meaning: str
    hash: str
    state: Resolution
    size: int
    words: str
    files: int = 0
    files_lost: int = 0


class ReceiptStory(BaseModel):
    """Everything about one draft that a lawyer asks for. `lines` say it in words."""

    model_config = ConfigDict(frozen=True)

    draft: str
    brand: str
    lines: tuple[str, ...]
    hashes: tuple[NamedHash, ...]


class ReceiptReader:
    """Reads receipts with the bytes behind them."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def story(self, draft: Draft, unrecorded: Collection[int] = ()) -> ReceiptStory:
        """The receipt of a draft, every hash looked up and verified. `unrecorded` are the approvals, by their
        place on it, that the audit was found to have no record of.
        """
        named = list(hashes_on(draft))
        found = self._blobs.find_all(digest for _, digest in named)
        files = {digest: _listed(found[digest]) for what, digest in named if what in LISTINGS}
        kept = self._blobs.states(path_hash for listing in files.values() for path_hash in listing)
        hashes = []
        for what, digest in named:
            resolved = found[digest]
            listing = files.get(digest, []) if what in LISTINGS else []
            lost = sum(kept[item] is not Resolution.KEPT for item in listing)
            hashes.append(
                NamedHash(
                    what=what,
                    meaning=MEANING[what],
                    hash=digest,
                    state=resolved.resolution,
                    size=resolved.size,
                    words=resolved.words,
                    files=len(listing),
                    files_lost=lost,
                )
            )
        return ReceiptStory(
            draft=draft.id, brand=draft.brand, lines=tuple(_lines(draft, unrecorded)), hashes=tuple(hashes)
        )

    def show(self, draft: Draft, shortened: str, *, whole_version: bool = True) -> Resolved:
        """The bytes behind a hash on the receipt, or behind that of a file in one of its listings.

        Without `whole_version` the listing of the published version is no way in: it names files of other
        brands. Raises NotFound for every other hash.
        """
        begin = shortened.lower()
        known = {what: digest for what, digest in hashes_on(draft) if what in LISTINGS}
        if not whole_version:
            known.pop("content", None)
        direct = {digest for what, digest in hashes_on(draft) if whole_version or what != "content"}
        listings = self._blobs.find_all(known.values())
        reachable = direct | {item for found in listings.values() for item in _listed(found)}
        matching = [digest for digest in sorted(reachable) if digest.startswith(begin)]
        if len(matching) != 1 or len(begin) < SHORTEST:
            words = "is on this receipt more than once" if len(matching) > 1 else "is not on this receipt"
            raise NotFound(f"the hash '{shortened}' {words}", f"give at least {SHORTEST} of its digits")
        return self._blobs.find(matching[0])


def hashes_on(draft: Draft) -> Iterator[tuple[str, str]]:
    """Every hash that a draft and its receipt name, with what it stands for; none twice."""
    receipt = draft.receipt
    given = [(name, digest) for name, digest in receipt.hashes.model_dump().items() if digest]
    if receipt.judgements is not None:
        given.append(("judge", receipt.judgements.prompt))
    given.append(("copy", draft.content_hash))
    for call in receipt.calls:
        given += [("request", call.request), ("answer", call.answer)]
    given += [("before", edit.before) for edit in receipt.edits]
    given += [("approved", approval.content_hash) for approval in receipt.approvers]
    seen: set[str] = set()
    for what, digest in given:
        if digest and digest not in seen:
            seen.add(digest)
            yield what, digest


def _listed(found: Resolved) -> list[str]:
    """The hashes in a listing."""
    if found.data is None:
        return []
    listing = json.loads(found.data)
    return [str(item) for item in listing.values()] if isinstance(listing, dict) else []


def _lines(draft: Draft, unrecorded: Collection[int]) -> Iterator[str]:
    receipt = draft.receipt
    yield f"draft {draft.id}: {draft.kind} for {draft.segment} in {draft.locale}"
    yield f"brand {draft.brand}, brief {draft.brief_id}, journey {draft.journey}, state {draft.state.value}"
    for name, text in draft.copy_fields.items():
        yield f"  {name}: {text}"
    yield from _origin(draft)
    for edit in receipt.edits:
        became = f"{edit.before[:12]} became {edit.after[:12]}"
        yield f"edited by {edit.by} on {edit.at:%Y-%m-%d %H:%M} UTC: {became}"
    report = receipt.verdicts
    warnings = [item.message for item in report.findings if item.severity is Severity.WARN]
    as_of = f"as of {receipt.as_of:%Y-%m-%d %H:%M %Z}"
    yield f"judged by Copydesk {receipt.engine} {as_of}: {report.verdict.value}, {len(report.results)} rules"
    yield from (f"  warned: {message}" for message in warnings)
    yield from (f"  {reason}" for reason in report.reasons)
    yield from _waived(receipt)
    if receipt.judgements is not None:
        yield _second_opinion(receipt.judgements)
    for number, approval in enumerate(receipt.approvers):
        yield _approved(approval) + ("; no record of this approval" if number in unrecorded else "")
    if not receipt.approvers:
        yield "nobody has approved it"


def _approved(approval: DraftApproval) -> str:
    """Who approved what with which values, and what ended it."""
    values = ", ".join(f"{name} = {value}" for name, value in read_with(approval).items())
    ended = approval.ended
    by = ended.by or "the clock" if ended else ""
    return (
        f"approved by {approval.by} as {approval.role} on {approval.at:%Y-%m-%d %H:%M} UTC"
        + (f", with {values}" if values else "")
        + (f"; ended by {by} on {ended.at:%Y-%m-%d %H:%M} UTC: {ended.why}" if ended else "")
    )


def _waived(receipt: Receipt) -> Iterator[str]:
    """What people let pass, where it counts."""
    roles = {item.id: f" as {item.role}" for item in receipt.waivers}
    for item in receipt.verdicts.findings:
        if item.waived is not None:
            by = f"{item.waived.by}{roles.get(item.waived.waiver, '')}"
            until = f"{item.waived.until:%Y-%m-%d %H:%M %Z}"
            yield f"  waived by {by} until {until}: {item.message} ({item.waived.reason})"


def read_with(approval: DraftApproval) -> dict[str, str]:
    """What an approver read with the copy: values of facts by their token, as in `{offer.discount}`, and what
    stood around the words. Of approvals from before that was kept there are only hashes.
    """
    return {
        f"{{{name}}}" if "." in name else AROUND.get(name, name): approval.shown.get(
            name, f"kept as a hash alone, {approval.values.get(name)}"
        )
        for name in approval.shown or approval.values
    }


def _second_opinion(given: Judgements) -> str:
    """Which model judged besides the rules, by which prompt, and how it answered."""
    answers = Counter(answer.verdict.value for answer in given.answers.values())
    found = ", ".join(f"{count} {verdict}" for verdict, count in sorted(answers.items()))
    about = f"{found} (one answer a text)" if found else "not asked, since rules refused the copy"
    return f"judged besides by the model {given.judge} with the prompt {given.prompt[:12]}: {about}"


def _origin(draft: Draft) -> Iterator[str]:
    receipt = draft.receipt
    asked = f", asked for by {draft.requested_by}" if draft.requested_by else ""
    when = f"{draft.created_at:%Y-%m-%d %H:%M} UTC"
    if receipt.model:
        settings = ", ".join(f"{name} {value}" for name, value in receipt.parameters.items())
        yield f"written by the model {receipt.model} on {when}{asked}"
        calls = "1 recorded call" if len(receipt.calls) == 1 else f"{len(receipt.calls)} recorded calls"
        yield f"  in {calls}" + (f", with {settings}" if settings else "")
    elif draft.block:
        yield f"taken from the approved block {draft.block} on {when}{asked}"
    else:
        how = "edited" if draft.origin is Origin.EDITED else "written"
        yield f"{how} by {draft.author} on {when}{asked}"
    if draft.parent_id:
        wish = f" with the wish '{draft.note}'" if draft.note else ""
        yield f"  anew from draft {draft.parent_id}{wish}"
