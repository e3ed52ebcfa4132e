"""What pages of copy work with: the desk of this request, and the person as actions see them."""

import asyncio
from typing import Annotated

from fastapi import Depends

from app.copywriting.desk import Desk
from app.copywriting.reviewing import ReviewDesk
from app.copywriting.whole_emails import EmailOffice
from app.generation.judging import from_threads
from app.web.deps import VisitDep


async def desk_of(visit: VisitDep) -> Desk:
    """Briefs and drafts with the content that serves, and the model that judges, where one is set up."""
    service, serving = visit.service, visit.serving
    judge, asking = service.generation.judge, None
    if judge is not None:
        seconds = service.settings.request_seconds
        asking = from_threads(judge, serving.prompts, asyncio.get_running_loop(), seconds)
    return Desk(service.briefs, service.drafts, serving, asking)


DeskDep = Annotated[Desk, Depends(desk_of)]


async def office_of(desk: DeskDep) -> ReviewDesk:
    """The desk with reviews and people."""
    return ReviewDesk.over(desk)


async def email_office_of(desk: DeskDep) -> EmailOffice:
    """The desk with reviews of whole emails, and people."""
    return EmailOffice.over(desk)


OfficeDep = Annotated[ReviewDesk, Depends(office_of)]
EmailOfficeDep = Annotated[EmailOffice, Depends(email_office_of)]
