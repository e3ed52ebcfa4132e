"""The decision where a suppression flag keeps a slot, or the whole email, from its readers."""

from app.brand.suppression import Suppressed
from app.verdicts.decisions import Decision, Outcome, Reason, Step, TraceStep


def kept_back(found: Suppressed) -> Decision:
    """The answer for such a slot: nothing, and nobody is asked. Its trace names the flag and who answers."""
    reason = Reason.EMAIL_SUPPRESSED if found.whole_email else Reason.BLOCK_SUPPRESSED
    step = TraceStep(step=Step.LEFT_OUT, answered=True, reason=reason, detail=found.words)
    return Decision(outcome=Outcome.LEFT_OUT, reason=reason, trace=(step,))
