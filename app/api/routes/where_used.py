"""GET /v1/where-used: approved content, drafts and exports that use a text, a claim, a fact or a block."""

from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import BrandQuery, CallerDep
from app.api.export_examples import USES
from app.api.finding import DeskDep
from app.api.paging import Limit
from app.api.route import Route
from app.api.validation import invalid
from app.brand.roles import Scope
from app.copywriting.desk import Desk
from app.copywriting.where_used import Wanted, of_block, of_claim, of_fact, of_text, where_used
from app.db.exports import Exports
from app.errors import UsageError
from app.http.errors import FieldProblem

router = APIRouter(route_class=Route, prefix="/v1/where-used", tags=["exports"])
Id = Annotated[str | None, Query(max_length=100)]


class UseView(BaseModel):
    """One place where it is used."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    what: str = Field(description="`block`, `draft` or `export`")
    id: str
    brand: str
    where: str = Field(description="Where that stands, for people")
    state: str = Field(description="The state of a draft, or the day of an export")


class Uses(BaseModel):
    """Blocks first, then drafts, then exports, the newest first."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [USES]})

    items: tuple[UseView, ...]
    more: bool = Field(description="Whether there are more uses than `limit`")


@router.get("", operation_id="list_uses", summary="Where a text, claim, fact or block is used")
def list_uses(
    *,
    caller: CallerDep,
    desk: DeskDep,
    text: Annotated[str | None, Query(max_length=300, description="Words of the copy, in any case")] = None,
    claim: Annotated[Id, Query(description="An entry of the claims library, by its id")] = None,
    fact: Annotated[Id, Query(description="A fact or variable, such as offer.discount")] = None,
    block: Annotated[Id, Query(description="An approved block, by its id")] = None,
    brand: BrandQuery = None,
    limit: Limit = 50,
) -> Uses:
    """Give one of `text`, `claim`, `fact` and `block`. Drafts are found by what they say now, exports by what
    they were made of.
    """
    brands = [name for name in caller.wanted(brand, Scope.READ) if name in desk.serving.libraries.serving]
    given = {"text": text, "claim": claim, "fact": fact, "block": block}
    wanted = _wanted(desk, brands, {name: value for name, value in given.items() if value is not None})
    uses = list(islice(where_used(desk, Exports(desk.drafts.engine), brands, wanted), limit + 1))
    return Uses(items=tuple(map(UseView.model_validate, uses[:limit])), more=len(uses) > limit)


def _wanted(desk: Desk, brands: list[str], given: dict[str, str]) -> Wanted:
    if len(given) != 1:
        raise invalid([_fault(name, "stands beside another one", "only one") for name in given] or [_NONE])
    ((name, value),) = given.items()
    try:
        if name == "text":
            return of_text(value)
        if name == "fact":
            return of_fact(value, desk)
        return of_claim(value, desk, brands) if name == "claim" else of_block(value, desk, brands)
    except UsageError as error:
        raise invalid([_fault(name, error.message, error.hint)]) from error


def _fault(name: str, message: str, expected: str) -> FieldProblem:
    return FieldProblem(where="query", field=name, message=message, expected=expected)


_NONE = _fault("text", "nothing to look for", "one of text, claim, fact and block")
