"""POST /v1/emails: a preview of one email, composed and rendered. Nothing is stored or approved by it."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import BriefRef
from app.api.deps import CallerDep
from app.api.examples import DRAFT_ID, EMAIL
from app.api.finding import DeskDep, brief_for
from app.api.route import Route
from app.brand.roles import Scope
from app.copywriting.previews import Choice, UsedSlot, preview_email
from app.emails.product_list import ShownItems
from app.emails.qa.models import QaFinding

router = APIRouter(route_class=Route, prefix="/v1/emails", tags=["emails"])
Name = Annotated[str, Field(max_length=60)]


class EmailRequest(BaseModel):
    """Which email of a stored brief, and what stands in its slots where it is not the best that is stored."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "brief": "corrie_viewed",
                    "locale": "en-US",
                    "segment": "weekend_hikers",
                    "slots": {"hero": {"draft": DRAFT_ID}},
                }
            ]
        },
    )

    brief: Name = Field(description="Id of a stored brief")
    brand: Name | None = Field(default=None, description="Where several brands have a brief of this id")
    locale: Annotated[str, Field(max_length=20)]
    segment: Name = Field(description="Id or alias")
    items: ShownItems = Field(
        default=ShownItems.FULL,
        description="How many sample items stand for a list that the sending platform keeps of each reader; "
        "with none its block is left out",
    )
    slots: Annotated[dict[Name, Choice], Field(max_length=20)] = Field(
        default_factory=dict,
        description="By kind: a draft or an approved block by its id; neither leaves the slot out. Slots "
        "that are not named show approved copy where there is some, else what was worked on last",
    )


class EmailView(BaseModel):
    """A rendered preview. It is marked as not approved, and no export accepts it."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [EMAIL]})

    preview: Literal[True] = True
    brief: BriefRef
    locale: str
    segment: str
    subject: str
    preheader: str
    html: str = Field(description="Pictures are named relative to it, as images/<name>")
    text: str
    mjml: str
    images: tuple[str, ...] = Field(description="Files of the brand's assets that the HTML shows")
    warnings: tuple[str, ...]
    slots: tuple[UsedSlot, ...] = Field(description="What stands in each slot")
    open_kinds: tuple[str, ...] = Field(description="Required kinds that nothing fills yet")
    qa: tuple[QaFinding, ...] = Field(
        description="What is to mend before it is sent, errors first; docs/email_checks.md lists the rules"
    )


@router.post("", operation_id="preview_email", summary="Preview an email")
def create_preview(body: EmailRequest, caller: CallerDep, desk: DeskDep) -> EmailView:
    """Compose one email of a stored brief and render it as MJML, HTML and text, with values filled in and
    fallbacks for variables; `qa` says what mail programs and readers would stumble over.
    """
    stored = brief_for(desk, caller, body.brief, body.brand, Scope.READ)
    shown = preview_email(
        desk, stored, locale=body.locale, segment=body.segment, choices=body.slots, items=body.items
    )
    rendered = shown.rendered
    return EmailView(
        brief=BriefRef(brand=stored.brand, id=stored.id, revision=stored.revision),
        locale=body.locale,
        segment=body.segment,
        subject=rendered.subject,
        preheader=rendered.preheader,
        html=rendered.html,
        text=rendered.text,
        mjml=rendered.mjml,
        images=tuple(image.name for image in rendered.images),
        warnings=rendered.warnings,
        slots=shown.used,
        open_kinds=shown.open_kinds,
        qa=shown.qa.findings,
    )
