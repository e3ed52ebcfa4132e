"""GET and POST /v1/briefs/{id}/deck: all copy of a brief for people without an account, and their edits."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict

from app.api.body import read_body
from app.api.deps import AsksJudge, CallerDep, Repeatable
from app.api.etags import etag
from app.api.examples import DECK_ANSWER
from app.api.finding import BriefBrand, BriefPath, DeskDep, brief_for
from app.api.route import Route
from app.brand.roles import Scope
from app.copywriting.deck import build_deck
from app.copywriting.deck_csv import COLUMNS, deck_csv, read_deck
from app.copywriting.deck_edits import DeckAnswer, apply_deck
from app.copywriting.deck_page import deck_html
from app.errors import UsageError
from app.http.errors import FieldProblem, InvalidRequest, UnsupportedMedia

router = APIRouter(route_class=Route, prefix="/v1/briefs/{brief_id}/deck", tags=["briefs"])
CSV = "text/csv"
HTML = "text/html"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_FORMS: dict[str, Any] = {
    HTML: {"schema": {"type": "string"}},
    CSV: {"schema": {"type": "string", "description": f"Columns: {', '.join(COLUMNS)}"}},
}


class DeckAnswerView(DeckAnswer):
    """What became of a deck that came back, row by row. `line` counts the header as 1."""

    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra={"examples": [DECK_ANSWER]})


class Page(Response):
    """An HTML page in which nothing runs."""

    media_type = HTML


@router.get(
    "",
    operation_id="get_brief_deck",
    summary="All copy of a brief as a page or a spreadsheet",
    response_class=Page,
    responses={
        200: {"description": "The page, or the spreadsheet for `Accept: text/csv`", "content": _FORMS}
    },
)
def get_deck(
    *, brief_id: BriefPath, request: Request, caller: CallerDep, desk: DeskDep, brand: BriefBrand = None
) -> Response:
    """Target by segment by slot by field by variant, with values filled in, lengths, states and hashes. The
    page loads nothing and runs nothing; the spreadsheet comes back with POST.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.READ)
    deck = build_deck(desk, stored)
    headers = {"ETag": etag(stored.revision), "Vary": "Accept"}
    if _prefers_csv(request.headers.get("accept", "")):
        headers["Content-Disposition"] = f'attachment; filename="{stored.id}.csv"'
        return Response(deck_csv(deck), media_type=f"{CSV}; charset=utf-8", headers=headers)
    headers["Content-Security-Policy"] = POLICY
    return Response(deck_html(deck), media_type=f"{HTML}; charset=utf-8", headers=headers)


def _prefers_csv(accept: str) -> bool:
    """Whether CSV is named, and HTML is not named before it."""
    names = [entry.split(";")[0].strip().lower() for entry in accept.split(",")]
    return CSV in names and (HTML not in names or names.index(CSV) < names.index(HTML))


@router.post(
    "",
    operation_id="apply_brief_deck",
    summary="Take an edited spreadsheet back",
    dependencies=[Repeatable, AsksJudge],
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The spreadsheet as CSV in UTF-8, with the column `copy` edited",
            "content": {CSV: {"schema": {"type": "string"}}},
        }
    },
)
async def post_deck(
    *, brief_id: BriefPath, request: Request, caller: CallerDep, desk: DeskDep, brand: BriefBrand = None
) -> DeckAnswerView:
    """Store the edited rows as edits of their drafts. Values are found again and become tokens; where that
    is not certain, or the draft changed since the deck was made, the row is refused and the others are not
    touched by that. All rows that are accepted are stored at once, and each row is answered.
    """
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != CSV:
        raise UnsupportedMedia("an edited deck comes as CSV", f"send it with 'Content-Type: {CSV}'")
    raw = await read_body(request)

    def applied() -> DeckAnswer:
        stored = brief_for(desk, caller, brief_id, brand, Scope.WRITE)
        try:
            deck = read_deck(raw)
        except UsageError as error:
            fault = FieldProblem(message=error.message, expected=error.hint)
            raise InvalidRequest(error.message, error.hint, errors=[fault]) from error
        return apply_deck(desk, stored, deck, by=caller.email)

    return DeckAnswerView.model_validate((await asyncio.to_thread(applied)).model_dump())
