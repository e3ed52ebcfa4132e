"""A whole email for a frame: what people wrote, shown where it can do nothing (draft_email.py says how)."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from app.copywriting.previews import Choice, preview_email
from app.errors import NotFound
from app.release.content import SlotContent
from app.release.whole import part_of
from app.web.deps import VisitDep
from app.web.draft_page.views import View
from app.web.email_links import NOBODY
from app.web.pages.draft_email import framed_view
from app.web.pages.emails import PATH, HereDep

router = APIRouter()


@router.get(PATH + "/preview/{arm}/{view}")
def email_preview(
    visit: VisitDep, here: HereDep, arm: Annotated[str, Path(max_length=30)], view: View
) -> Response:
    """The email as readers of the segment see it, for one arm of a test, in one view."""
    composed = next((item for item, _ in here.emails() if item.whole.arm == arm), None)
    if composed is None or here.segment == NOBODY:
        raise NotFound("there is no such email to show")
    choices = {kind: _choice(content) for kind, content in composed.contents.contents.items()}
    absent = {kind: Choice() for kind in composed.contents.jobs if kind not in choices}
    shown = preview_email(
        here.office.desk,
        here.stored,
        locale=here.locale,
        segment=composed.whole.segment,
        choices={**absent, **choices},
    )
    return framed_view(shown.rendered, view, visit.brand_name(here.stored.brand))


def _choice(content: SlotContent) -> Choice:
    sort, _, name = part_of(content).source.partition(" ")
    return Choice(draft=name) if sort == "draft" else Choice(block=name)
