"""A second opinion by a language model, for paraphrase that no rule names. Off unless it is set up.

The model is asked before copy is judged, by whoever wires a Judge in; here its stored answer becomes
findings. It can only add a refusal: it is asked about copy that every other guardrail passes, and a clean
answer lifts nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from app.guardrails.frame import CannotJudge, Context, Guardrail, NotJudged, Piece
from app.verdicts.judgements import Judged, Judgements
from app.verdicts.reports import Family, Finding

CATEGORIES = {
    "health_claim": Family.LEGAL,
    "earnings_claim": Family.LEGAL,
    "guarantee": Family.LEGAL,
    "superlative_unsubstantiated": Family.LEGAL,
    "false_scarcity": Family.FACT,
    "free_without_terms": Family.LEGAL,
    "deceptive_subject": Family.LEGAL,
    "green_claim": Family.LEGAL,
    "testimonial_fabricated": Family.FACT,
    "sensitive_inference": Family.LEGAL,
    "competitor_disparagement": Family.LEGAL,
    "ungrounded_statement": Family.FACT,
}
"""What the judge may name, with the family of each. Values are compared with the facts by rules, not here."""


class Judge(Protocol):
    """Whoever gets a model's answers about texts. It never raises for what the model did: such a text's
    answer is `failed`. Without texts it says only who would judge.
    """

    async def ask(self, texts: Sequence[str]) -> Judgements:
        """An answer for each of the texts."""
        ...


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """The finding that the judge's answer about this very text holds. Nothing where no judge is set up."""
    if context.judgements is None:
        return
    answer = context.judgements.about(piece.text)
    if answer is None:
        raise NotJudged("the judge was not asked about this text, or other rules refused it first")
    if answer.verdict is Judged.FAILED:
        raise CannotJudge(answer.detail)
    if answer.verdict is Judged.CLEAN:
        return
    start = piece.text.find(answer.quote) if answer.quote else -1
    if start < 0 or answer.category not in CATEGORIES:
        raise CannotJudge("the answer names words that the copy does not have, or no known category")
    finding = GUARDRAIL.finding(
        piece,
        (start, start + len(answer.quote)),
        f"the judge {context.judgements.judge} reads this as {answer.category}",
        "say it so that it cannot be read in that way",
        category=answer.category,
    )
    yield finding.model_copy(update={"family": CATEGORIES[answer.category]})


GUARDRAIL = Guardrail(
    id="model_judge",
    family=Family.LEGAL,
    categories=tuple(CATEGORIES),
    summary="Nothing that a language model, asked as a judge, reads as a claim in other words",
    source="COPYDESK_JUDGE_MODEL",
    check=check,
)
