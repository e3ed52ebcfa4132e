"""What the copy pages work with: the brief of the path, the limit for asking a model."""

from typing import Annotated, cast

from fastapi import Depends, Path, Request

from app.caller import Caller
from app.db.run_answers import RunAnswers
from app.db.service_tables import StoredBrief
from app.errors import ContentError, NotFound
from app.http.rate import RateLimit
from app.web.deps import BrandDep, VisitDep
from app.web.office import DeskDep
from app.web.visit import Visit

BriefId = Annotated[str, Path(max_length=60)]


def brief_of(brand: BrandDep, brief_id: BriefId, desk: DeskDep) -> StoredBrief:
    """The brand's brief. Raises NotFound in the same words for none and for another brand's."""
    found = desk.briefs.find(brand, brief_id)
    if found is None:
        raise NotFound(f"there is no brief '{brief_id}'", "the page Copy lists those that there are")
    return found


BriefDep = Annotated[StoredBrief, Depends(brief_of)]


def answers_of(visit: VisitDep) -> RunAnswers:
    """What is stored of runs."""
    return RunAnswers(visit.service.store.engine)


AnswersDep = Annotated[RunAnswers, Depends(answers_of)]


def count_model(request: Request, caller: Caller) -> None:
    """Count one request that asks a model against the person's limit. Raises RateLimited."""
    cast(RateLimit, request.app.state.model_rate).take(caller.identity.person_id)


def count_judge(request: Request, visit: Visit, caller: Caller) -> None:
    """The same where a model judges copy as well."""
    if visit.service.generation.judge is not None:
        count_model(request, caller)


def said_of(error: ContentError) -> list[str]:
    """What is wrong, a sentence each, for people who look at the form."""
    return [item.message + (f" ({item.expected})" if item.expected else "") for item in error.problems]
