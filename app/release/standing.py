"""What a version of the content makes of everything that is approved: which of it would fail, and why.

Every approved block in each locale, every example of every rule and every approved draft are judged as of one
moment. Rules that begin to hold later judge a second time as of that day, so that nobody is surprised.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from app.brand.brand import Brand
from app.brand.models import holds
from app.brief.facts import FactSheet
from app.db.tables import Draft
from app.errors import Problem
from app.manifest import collect
from app.processors import on_all_processors
from app.release.content import SlotContent
from app.release.coverage import REVIEW, UNJUDGED, shortfalls
from app.release.examples import example_problems
from app.release.judging import LibraryJudge
from app.release.library import ContentLibrary
from app.release.matching import fact_tokens
from app.release.remarks import remarks
from app.release.samples import sample_sheet
from app.release.serving import Serving
from app.verdicts.reports import Verdict
from app.yaml12 import read

NO_RULE = "loading"
SHOWN_COPY = 80
"""Characters of a draft's copy that are shown to recognise it by."""


class Sort(StrEnum):
    """What fails. Only the first must never serve; the gate refuses a draft that fails."""

    CONTENT = "content"
    """A brand, a prompt or a layout that cannot be used at all."""
    BLOCK = "block"
    """An approved block, or a required kind that no block covers."""
    EXAMPLE = "example"
    """An example that its own rule gets wrong."""
    DRAFT = "draft"
    """An approved draft."""


class Failing(BaseModel):
    """One thing that does not pass. `since` is the day from which it will fail; None means now."""

    model_config = ConfigDict(frozen=True)

    sort: Sort
    subject: str
    rule: str
    message: str
    suggestion: str = ""
    place: str = ""
    """File, line and column: of the block or example, and for a draft of the rule that refuses it."""
    since: dt.date | None = None

    @property
    def identity(self) -> tuple[Sort, str, str, str]:
        """What makes it the same failure in two versions: files may have moved, lines may have shifted."""
        return self.sort, self.subject, self.rule, self.message


class BrandStanding(BaseModel):
    """One brand as a version has it: who answers for it, what was judged, what fails now and later."""

    model_config = ConfigDict(frozen=True)

    brand: str
    owner: str = ""
    blocks: int = 0
    drafts: int = 0
    failing: tuple[Failing, ...] = ()
    later: tuple[Failing, ...] = ()
    remarks: tuple[str, ...] = ()
    state: str = ""
    """Hash of the brand's files and blocks: with the same ones the verdicts are the same."""


class Approved(Protocol):
    """Where the approved drafts of a brand are listed."""

    def approved_drafts(self, brand: str) -> Iterable[Draft]:
        """Every approved draft, oldest first."""
        ...


class NothingApproved:
    """No drafts, for content that is judged without a database."""

    def approved_drafts(self, brand: str) -> Iterable[Draft]:
        """There are none."""
        return ()


FactsOf = Callable[[Draft, Brand], FactSheet | None]
"""The facts that an approved draft would be sent with; None when nobody knows them."""
RenderingProblems = Callable[[ContentLibrary, Serving], Sequence[Problem]]
"""What keeps an email of a brand from being composed."""


def stand(
    serving: Serving,
    *,
    as_of: dt.datetime,
    approved: Approved,
    facts_of: FactsOf,
    rendering: RenderingProblems,
    known: Iterable[BrandStanding] = (),
) -> list[BrandStanding]:
    """How every brand of a version stands. A brand that is `known` in the same state is not judged again."""
    before = {item.state: item for item in known if item.state}
    layout = collect("blocks", serving.partials).hash
    found = [
        BrandStanding(
            brand=name,
            failing=tuple(_failing(Sort.CONTENT, f"brand {name}", NO_RULE, problem) for problem in problems),
        )
        for name, problems in serving.libraries.faults.items()
    ]
    for name, library in serving.libraries.serving.items():
        if name in serving.libraries.faults:
            continue
        state = f"{name}/{library.brand.hash}/{layout}/{serving.prompts.hash}"
        if state in before:
            found.append(before[state])
            continue
        judged = _Judged(library, as_of, approved, facts_of)
        content = [*serving.prompts.problems(), *rendering(library, serving)]
        found.append(judged.standing(state, content))
    return sorted(found, key=lambda item: item.brand)


class _Judged:
    """Judges one brand."""

    def __init__(
        self, library: ContentLibrary, as_of: dt.datetime, approved: Approved, facts_of: FactsOf
    ) -> None:
        self._library = library
        self._as_of = as_of
        drafts = approved.approved_drafts(library.brand.id)
        self._drafts = [(draft, facts_of(draft, library.brand)) for draft in drafts]
        self._places = dict(rule_places(library.brand))

    def standing(self, state: str, content: Sequence[Problem]) -> BrandStanding:
        brand = self._library.brand
        failing = [_failing(Sort.CONTENT, f"brand {brand.id}", NO_RULE, problem) for problem in content]
        now = self._judge(self._as_of)
        failing += now
        return BrandStanding(
            brand=brand.id,
            owner=brand.identity.owner,
            blocks=len(self._library.blocks),
            drafts=len(self._drafts),
            failing=tuple(failing),
            later=tuple(self._later(now)),
            remarks=tuple(remarks(self._library)),
            state=state,
        )

    def _judge(self, rules_as_of: dt.datetime) -> list[Failing]:
        """Examples, blocks and drafts under the rules of a day."""
        found = [
            _failing(Sort.EXAMPLE, "rule example", "examples", problem)
            for problem in example_problems(self._library.brand, rules_as_of)
        ]
        found += [
            _failing(Sort.BLOCK, item.subject, item.rule, item.problem)
            for item in shortfalls(self._library, as_of=self._as_of, rules_as_of=rules_as_of)
        ]
        judged = on_all_processors(lambda one: list(self._draft(*one, rules_as_of)), self._drafts)
        return found + [item for failing in judged for item in failing]

    def _later(self, now: Sequence[Failing]) -> Iterator[Failing]:
        """What begins to fail on the days on which rules begin to hold."""
        seen = {item.identity for item in now}
        for day in days_ahead(self._library.brand, self._as_of):
            start = dt.datetime.combine(day, dt.time(), self._as_of.tzinfo)
            for item in self._judge(start):
                if item.identity not in seen and item.rule != REVIEW:
                    seen.add(item.identity)
                    yield item.model_copy(update={"since": day})

    def _draft(self, draft: Draft, facts: FactSheet | None, rules_as_of: dt.datetime) -> Iterator[Failing]:
        """As the gate will judge it: with its facts, and as of its sending where that is still ahead."""
        if facts is None:
            facts = sample_sheet(fact_tokens(draft.copy_fields.values()), draft.locale, rules_as_of)
        market = draft.locale.rsplit("-", 1)[-1]
        judge = LibraryJudge(self._library, draft.locale, journey=draft.journey, market=market)
        report = judge(SlotContent.of_draft(draft), facts=facts, as_of=max(rules_as_of, draft.receipt.as_of))
        text = " | ".join(draft.copy_fields.values())
        copy = "".join(character if character.isprintable() else " " for character in text)
        shown = copy if len(copy) <= SHOWN_COPY else f"{copy[: SHOWN_COPY - 3]}..."
        subject = f"draft {draft.id} ({draft.kind} for {draft.segment} in {draft.locale}: '{shown}')"
        for finding in report.blocking:
            yield Failing(
                sort=Sort.DRAFT,
                subject=subject,
                rule=finding.rule,
                message=finding.message,
                suggestion=finding.suggestion,
                place=self._places.get(finding.rule, ""),
            )
        if report.verdict is not Verdict.PASS and not report.blocking:
            words = f"{report.verdict.value}: {'; '.join(report.reasons)}"
            yield Failing(sort=Sort.DRAFT, subject=subject, rule=UNJUDGED, message=words)


def days_ahead(brand: Brand, as_of: dt.datetime) -> list[dt.date]:
    """The days after `as_of` on which a rule of the brand begins to hold or an approved claim expires."""
    days = {
        day
        for view in brand.everywhere
        for day in (
            *(rule.effective_from for rule in view.claims),
            *(rule.effective_from for rule in view.never_infer),
            *(disclosure.effective_from for disclosure in view.disclosures),
            *(claim.expires + dt.timedelta(days=1) for claim in view.library),
        )
    }
    return sorted(day for day in days if day is not None and not holds(day, as_of))


def rule_places(brand: Brand) -> Iterator[tuple[str, str]]:
    """Where each rule of a brand and of its packs is written: its id, and file, line and column."""
    for path, file in brand.manifest.sources.items():
        if file.suffix != ".yaml":
            continue
        document = read(file, path)
        rules = document.data.get("rules") if isinstance(document.data, dict) else None
        for index, rule in enumerate(rules if isinstance(rules, list) else ()):
            if isinstance(rule, dict) and isinstance(rule.get("id"), str):
                line, column = document.position(("rules", index))
                yield rule["id"], f"{path}:{line}:{column}"


def _failing(sort: Sort, subject: str, rule: str, problem: Problem) -> Failing:
    where = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
    return Failing(
        sort=sort,
        subject=subject,
        rule=rule,
        message=problem.message,
        suggestion=problem.expected,
        place=where,
    )


class BrandChange(BaseModel):
    """What a version changes for one brand, against the one that serves."""

    model_config = ConfigDict(frozen=True)

    brand: str
    owner: str
    blocks: int
    drafts: int
    now_fails: tuple[Failing, ...] = ()
    still_fails: tuple[Failing, ...] = ()
    now_passes: tuple[Failing, ...] = ()
    later: tuple[Failing, ...] = ()
    remarks: tuple[str, ...] = ()
    """What does not fail and may still not be meant, such as words of the starter."""


def compare(new: Sequence[BrandStanding], old: Sequence[BrandStanding]) -> list[BrandChange]:
    """Per brand of the new version: what begins to fail, what failed before, what passes again."""
    before = {item.brand: {failing.identity: failing for failing in item.failing} for item in old}
    changes = []
    for standing in new:
        known = before.get(standing.brand, {})
        failing = {item.identity: item for item in standing.failing}
        changes.append(
            BrandChange(
                brand=standing.brand,
                owner=standing.owner,
                blocks=standing.blocks,
                drafts=standing.drafts,
                now_fails=tuple(item for key, item in failing.items() if key not in known),
                still_fails=tuple(item for key, item in failing.items() if key in known),
                now_passes=tuple(item for key, item in known.items() if key not in failing),
                later=standing.later,
                remarks=standing.remarks,
            )
        )
    return changes
