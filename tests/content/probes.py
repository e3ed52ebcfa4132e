"""What each effect of a field looks like: a text that a change of the field must change.

Apart from `loading`, a probe lets a folder that does not load fail the test: an effect has to show in what
the brand does, and a refusal is not it.
"""

import datetime as dt
import json
import shutil
from collections.abc import Callable, Iterator
from typing import Any

from app.blocks.registry import KINDS
from app.brand.describe import describe
from app.brand.effects import Effect
from app.brand.tiers import Tier, Tiering
from app.brief.models import Journey
from app.db.receipts import DraftApproval
from app.db.tables import Draft, DraftState
from app.dialects.filling import Person
from app.emails.models import FilledSlot
from app.emails.package import filled
from app.emails.preview import compose_preview, render_preview
from app.emails.template import compile_template
from app.errors import ContentError
from app.generation.asking import Budget, BudgetSpent
from app.generation.material import prompt_context
from app.generation.plan import SlotJob
from app.llm.protocol import Choice, Completion
from app.llm.scripted import ScriptedModel
from app.prompts.context import TurnContext
from app.prompts.library import PromptLibrary
from app.release.approvals import Place, lacking, may_go_unread
from app.release.content import SlotContent
from app.release.coverage import check_brand
from app.release.judging import LibraryJudge
from app.release.kept_back import kept_back
from app.release.library import ContentLibrary
from app.review.deadlines import due
from app.review.opening import Ground
from app.review.situation import Actor, Situation
from app.settings import content_root
from app.verdicts.decisions import Confidence
from tests import factories
from tests.content.small_brand import BRAND, LISTED, NEAR_BY, STACKED, SmallBrand
from tests.db.factories import make_draft, make_receipt
from tests.generation.desk import Desk, answering
from tests.release.content import COPY, query

Probe = Callable[[SmallBrand], str]
AS_OF = factories.AS_OF

JUDGED: tuple[tuple[str, str, str], ...] = (
    ("hero", "body", "Unleash the hills, and call it a game-changer if you like."),
    ("hero", "body", "I will help you to get ready, and we will walk with you to the end."),
    ("hero", "body", "The colour of the hills in autumn is a good reason to walk."),
    ("hero", "headline", "Come and walk! Come and see! Ready? Packed already?"),
    ("hero", "headline", "Something is coming... \U0001f97e"),
    ("hero", "headline", "Walk the LONG WAY HOME"),
    (
        "hero",
        "body",
        "Comprehensive preparation necessitates extraordinarily conscientious consideration of every "
        "conceivable meteorological possibility before undertaking a considerable expedition.",
    ),
    ("hero", "body", "Take your time on Ridgeline and come back when you like."),
    ("hero", "body", "It cures colds, and fun is guaranteed for everybody who walks."),
    ("hero", "body", "A long walk cures selected colds."),
    ("hero", "body", "A long walk cures colds."),
    ("hero", "body", "A stroll cures selected colds."),
    ("hero", "body", "It is all guaranteed, and we promise that fun is."),
    ("hero", "body", "Take the best boots for the day."),
    ("hero", "body", "Take the best boots by our test."),
    ("hero", "body", "Take the best boots by test 7."),
    ("hero", "body", "Take the best boots. That is so by our test."),
    ("cta", "label", "See the best boots"),
    ("hero", "body", "Rub it in well and it cures the leather of your boots."),
    ("hero", "body", "Banish your back pain with a walk in the hills."),
    ("hero", "body", "Say goodbye to sore knees on these walks."),
    ("hero", "body", "Your knees and your hips need an easy walk, which eases them both into autumn."),
    ("hero", "body", "Your hips like a walk that eases them."),
    ("hero", "body", "A walk eases much. Your hips know."),
    ("hero", "body", "A walk does not ease your hips."),
    ("hero", "body", "There is a free gift for you in the shop, and a clearance too."),
    ("hero", "body", "There is a free gift for you, as long as our own rules are met."),
    ("hero", "body", "With your asthma you should walk slowly and stop when you like."),
    ("hero", "body", "Write your anxiety-free packing list, and think of your arthritis."),
    ("hero", "body", "As a Christian you know these hills and the walks on them."),
    ("hero", "headline", "Good to see you again on the hills, {person.first_name}"),
    ("subject", "subject", "A walk for {person.first_name}"),
    ("hero", "headline", "A quiet walk close to {person.city}"),
)
JUDGED_IN_GERMAN: tuple[tuple[str, str, str], ...] = (
    ("hero", "body", "Hier finden Sie alles, was der Weg verlangt."),
)
"""Kind, field and text: together they meet every machine-checked part of the small brand."""


def prompt(small: SmallBrand) -> str:
    """What a capable and a small model are told."""
    job = small.plan()[1]
    prompts = PromptLibrary(content_root() / "prompts")
    context = prompt_context(job, [], 2)
    brand = job.brand
    turn = TurnContext(
        brand=brand.identity.name,
        sells=brand.identity.sells,
        summary=brand.voice.summary,
        label="headline",
        thought=job.message,
    )
    told = [prompts.render(name, context) for name in ("capable/system", "capable/request")]
    listed = prompt_context(small.plan(**LISTED)[1], [], 2)
    told += [prompts.render("capable/request", listed), prompts.render("small/system", turn)]
    return "\n".join(told)


def verdict(small: SmallBrand) -> str:
    """Every report over the fixed copy."""
    library = small.load()
    reports = (
        LibraryJudge(library, locale, journey="winback", market=locale[-2:], segment="weekend_hikers")(
            SlotContent(kind, {field: text}, None),
            facts=query().facts.model_copy(update={"locale": locale}),
            as_of=AS_OF,
        )
        for locale, judged in (("en-US", JUDGED), ("de-DE", JUDGED_IN_GERMAN))
        for kind, field, text in judged
    )
    return "\n".join(report.model_dump_json() for report in reports)


def _slots(job: SlotJob) -> Iterator[FilledSlot]:
    copies = {**COPY, "hero": {**COPY["hero"], "headline": "Good to see you, {person.first_name}"}}
    for kind in ("subject", "hero", "offer", "cta", "footer"):
        link = job.target.links["home"] if KINDS[kind].links else None
        yield FilledSlot(kind=kind, copy_fields=copies[kind], link=link)
    kind = "recommendations"
    yield FilledSlot(kind=kind, copy_fields=copies[kind], products_from="left_behind")


def email(small: SmallBrand) -> str:
    """MJML and plain text of the email and the page that is exported, for each target."""
    mails = []
    for job in small.plan():
        if job.kind.id == "hero":
            journey, slots, partials = job.brief.journey.value, list(_slots(job)), content_root() / "blocks"
            preview = compose_preview(
                job.brand, journey, "Walkers", job.target, job.facts, slots, partials=partials
            )
            mail = render_preview(preview)
            template = compile_template(
                job.brand,
                journey,
                job.target,
                job.facts,
                {slot.kind: slot for slot in slots},
                partials=partials,
                images=job.brand.assets.hosted_base,
            )
            mails += [mail.mjml, mail.text, filled(template, Person()).html]
    return "\n".join(mails)


def routing(small: SmallBrand) -> str:
    """The jobs with their tiers and values, or why the brief cannot be planned, with one offer and two, and
    with lists of the readers' own.
    """
    brand = small.load().brand
    assert brand.id == BRAND
    return "\n".join(_routed(small, changes) for changes in ({}, STACKED, LISTED, NEAR_BY))


def _routed(small: SmallBrand, changes: dict[str, Any]) -> str:
    try:
        jobs = small.plan(**changes)
    except ContentError as error:
        return str(error)
    return "\n".join(
        f"{job.key} {job.tier(list(COPY[job.kind.id].values()))} "
        f"{sorted((name, job.facts.render(name)) for name in job.facts.facts)}"
        for job in jobs
    )


def report(small: SmallBrand) -> str:
    """What people are told about the brand."""
    return "\n".join(describe(small.load().brand))


def loading(small: SmallBrand) -> str:
    """What `copydesk brand check` finds."""
    found = check_brand(small.root / "brand", small.root / "blocks", BRAND, as_of=AS_OF)
    return "\n".join(map(str, found))


def decision(small: SmallBrand) -> str:
    """How slots are answered by a slow model that repeats itself, what the gate lacks, what is spent."""
    library = small.load()
    return "\n".join(
        [*_answers(small), *_gate(library), *_review(library), _spending(library), *_kept_back(small)]
    )


def _kept_back(small: SmallBrand) -> Iterator[str]:
    """What suppression flags keep from the readers of the small brand's own brief."""
    for job in small.plan():
        if job.suppressed is not None:
            yield f"{job.key} {kept_back(job.suppressed).model_dump_json()}"


def _answers(small: SmallBrand) -> Iterator[str]:
    desk = Desk.at(small.root / "desk").only("hero", "cta")
    desk.content.files = small.files
    shutil.copytree(small.folder / "assets", desk.content.brands / BRAND / "assets")
    lines = {
        "hero": [{"headline": "Buy buy buy", "body": "Unleash it."}, COPY["hero"]],
        "cta": [{"label": "Plan a walk"}, {"label": "Find a quiet path"}],
    }
    generated = desk.run(ScriptedModel(answering(lines), seconds=0.02))
    for settled in generated.settled:
        answer = settled.answer
        scores = [item.confidence.model_dump() for item in answer.kept if item.confidence]
        outcome = (answer.decision.outcome.value, answer.decision.reason.value)
        yield f"{settled.job.kind.id} {outcome} {answer.asked} asked, {scores}"


class _Stored:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def find_draft(self, draft_id: str) -> Draft | None:
        return self.draft if draft_id == self.draft.id else None


def _gate(library: ContentLibrary) -> Iterator[str]:
    place = Place(library, Journey.WINBACK.value, "weekend_hikers", query().facts, AS_OF)
    for state in (DraftState.DRAFT, DraftState.APPROVED):
        draft = make_draft(state=state)
        seen = DraftApproval(
            by="Rae Reviewer", role="brand reviewer", at=AS_OF, content_hash=draft.content_hash, values={}
        )
        draft.receipt = make_receipt(seen)
        yield f"{state} lacks {lacking(SlotContent.of_draft(draft), place, _Stored(draft))}".replace(
            draft.id, ""
        )


def _review(library: ContentLibrary) -> Iterator[str]:
    """Whose turn it is in the tier `elevated`, its terms and deadlines, and what may go out unread."""
    contract, send_at = library.brand.contract, AS_OF + dt.timedelta(hours=100)
    draft = make_draft(state=DraftState.IN_REVIEW)
    ground = Ground(contract, Tiering(Tier.ELEVATED), draft.receipt.verdicts, "US", send_at, {})
    nobody = Actor("rae@fernhill.example", "rae", frozenset())
    seen = Situation(draft, ground, {}, None, (), {}, nobody, AS_OF)
    yield f"turn of {seen.next_roles}, {seen.people_missing} more people, {seen.terms}"
    review = ground.review(draft, by="cal@fernhill.example", at=AS_OF)
    review.held_since = AS_OF
    asked = due(review, contract.review, AS_OF + dt.timedelta(hours=40))
    yield f"due {review.due_at}, {asked} with a question, {review.latest_at} at the latest"
    yield f"findings are waived by {contract.review.may_waive}"
    for number, score in enumerate((0.6, 0.95)):
        sure = Confidence(score=score, parts={}, threshold=0.1)
        draft = make_draft(id=f"{number:032}", confidence=sure)
        yield f"with {score} it goes unread: {may_go_unread(draft, Tier.STANDARD, contract)}"


def _spending(library: ContentLibrary) -> str:
    spent = []
    for tokens, usd in ((2000, 0.0), (1, 0.5)):
        budget = Budget(library.brand.contract.budgets)
        choice = Choice(text="x")
        budget.add(
            Completion(
                choices=(choice,),
                model="m",
                prompt_tokens=tokens,
                completion_tokens=0,
                seconds=0.1,
                cost_usd=usd,
            )
        )
        try:
            budget.check()
        except BudgetSpent as error:
            spent.append(error.message)
    return json.dumps(spent)


PROBES: dict[Effect, Probe] = {
    Effect.PROMPT: prompt,
    Effect.VERDICT: verdict,
    Effect.DECISION: decision,
    Effect.EMAIL: email,
    Effect.ROUTING: routing,
    Effect.REPORT: report,
    Effect.LOADING: loading,
}
