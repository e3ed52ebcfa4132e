"""Judging a text by itself with the facts of a stored brief, as copy that a person wrote is judged."""

from dataclasses import replace

from app.generation.judging import Asking
from app.generation.kept_answers import judge_of
from app.generation.plan import SlotJob
from app.guardrails.frame import Piece
from app.guardrails.suite import add_judgement, judge
from app.release.content import SlotContent
from app.release.library import ContentLibrary
from app.verdicts.reports import GuardReport, Verdict


def check_text(
    text: str, field: str, job: SlotJob, library: ContentLibrary, asking: Asking | None = None
) -> GuardReport:
    """The report on one text for the email that the slot belongs to, as of its moment of sending. Values may
    be written out: they are compared with the facts.
    """
    content = SlotContent(job.kind.id, {}, None)
    context = judge_of(job, library).context(content, job.facts, job.as_of)
    context = replace(context, tokens_only=False)
    piece = Piece(text, field=field)
    report = judge(piece, context)
    if asking is not None and report.verdict is Verdict.PASS:
        report = add_judgement(report, [piece], replace(context, judgements=asking([text])))
    return report
