"""The email around a draft, for a frame: what people wrote, shown where it can do nothing.

The frame is sandboxed, and so is the page by its own header: no script runs, no form is sent, nothing is
loaded. Sandboxing alone would let a tracking pixel load; the policy does not. Pictures of the brand stand in
the page itself, since a sandboxed page has no session to ask for them with.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from starlette.responses import HTMLResponse

from app.copywriting.previews import Choice, preview_email
from app.emails.models import RenderedPreview
from app.emails.preview import LINKS_PAGE
from app.errors import CopydeskError, NotFound
from app.web.deps import BrandDep, VisitDep
from app.web.draft_page.email import as_seen
from app.web.draft_page.inbox import rows_of
from app.web.draft_page.views import VIEWS
from app.web.office import OfficeDep
from app.web.pages.drafts import PATH, DraftId, draft_of
from app.web.rendering import environment

router = APIRouter()
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src {images}; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


@router.get(PATH + "/email/{view}")
def email(
    *,
    visit: VisitDep,
    brand: BrandDep,
    draft_id: DraftId,
    view: Annotated[str, Path(max_length=20)],
    office: OfficeDep,
) -> Response:
    """One view of the email, or where the links lead that a sending platform fills in."""
    draft = draft_of(office, brand, draft_id)
    if view == LINKS_PAGE.name:
        return framed(LINKS_PAGE.read_text(encoding="utf-8"))
    if view not in VIEWS:
        raise NotFound(f"there is no view '{view}' of an email")
    try:
        stored = office.desk.brief(draft.brief_id, [brand], brand)
        choices = {draft.kind: Choice(draft=draft.id)}
        shown = preview_email(
            office.desk, stored, locale=draft.locale, segment=draft.segment, choices=choices
        ).rendered
    except CopydeskError as error:
        return framed(_own("frame_problem", words=error.message, hint=error.hint))
    return framed_view(shown, view, visit.brand_name(brand))


def framed_view(email: RenderedPreview, view: str, sender: str) -> Response:
    """An email as one of VIEWS shows it. `sender` is the name that a list of mails shows."""
    if view == "text":
        return framed(_own("frame_text", text=email.text))
    if view == "inbox":
        return framed(_own("frame_inbox", rows=rows_of(email.subject, email.preheader), sender=sender))
    return framed(as_seen(email, view), images="'none'" if view == "images_off" else "data:")


def framed(text: str, images: str = "'none'") -> Response:
    """A page that only our own pages may frame, and in which nothing happens."""
    headers = {"content-security-policy": POLICY.format(images=images)}
    return HTMLResponse(text, headers=headers)


def _own(template: str, **values: object) -> str:
    return environment().get_template(f"{template}.html.jinja").render(**values)
