"""What a changed brief keeps of the ends that were announced before."""

from app.brief.facts import DeadlineFact, Fact
from app.brief.models import Brief, Target


def with_history(before: Brief, after: Brief) -> Brief:
    """The brief `after`, its deadlines with every earlier end that `before` announced.

    An end counts as announced when it stood in a stored revision; one that was moved to an earlier moment is
    no extension. Targets are the same where their locale is.
    """
    known = {target.locale: target for target in before.targets}
    targets = tuple(_kept(known.get(target.locale), target) for target in after.targets)
    return after if targets == after.targets else after.model_copy(update={"targets": targets})


def _kept(before: Target | None, after: Target) -> Target:
    facts = {
        name: _fact(before.facts.get(name) if before else None, fact) for name, fact in after.facts.items()
    }
    return after if facts == after.facts else after.model_copy(update={"facts": facts})


def _fact(before: Fact | None, after: Fact) -> Fact:
    if not isinstance(before, DeadlineFact) or not isinstance(after, DeadlineFact):
        return after
    announced = {*before.previously, before.value, *after.previously}
    earlier = tuple(sorted(moment for moment in announced if moment < after.value))
    return after if earlier == after.previously else after.model_copy(update={"previously": earlier})
