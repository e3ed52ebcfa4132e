"""GET and POST /v1/briefs/{id}/choices: what can ship in each slot, and what a person chose."""

import datetime as dt
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.deps import CallerDep, NewIds
from app.api.examples import DRAFT_ID
from app.api.export_examples import CHOICE, CHOICES
from app.api.finding import BriefBrand, BriefPath, DeskDep, brief_for
from app.api.route import Route
from app.api.validation import invalid
from app.brand.roles import Scope
from app.copywriting.choosing import MOST_ARMS, Option, SlotOptions, choose, options_of
from app.db.exports import Exports
from app.db.release_tables import SINGLE, Arm, ChosenSlot
from app.http.errors import FieldProblem

router = APIRouter(route_class=Route, prefix="/v1/briefs/{brief_id}/choices", tags=["exports"])
Name = Annotated[str, Field(max_length=60)]


class ArmRequest(BaseModel):
    """What one arm shows: a draft, an approved block, or nothing. Without a test there is one arm."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern="^[a-z0-9_]{1,30}$", description="Needed in a test")] = SINGLE
    draft: Annotated[str, Field(max_length=32)] | None = Field(default=None, description="By its id")
    block: Name | None = Field(default=None, description="An approved block, by its id")
    leave_out: bool = Field(default=False, description="Nothing stands there; optional kinds only")
    control: bool = Field(default=False, description="The others are measured against it; a person wrote it")


class ChoiceRequest(BaseModel):
    """What ships in one slot."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "locale": "en-US",
                    "segment": "weekend_hikers",
                    "kind": "hero",
                    "arms": [{"draft": DRAFT_ID}],
                },
                {
                    "locale": "en-US",
                    "segment": "weekend_hikers",
                    "kind": "hero",
                    "test": "curiosity",
                    "arms": [
                        {"name": "as_before", "block": "hero_evergreen_outside", "control": True},
                        {"name": "curious", "draft": DRAFT_ID},
                    ],
                },
            ]
        },
    )

    locale: Annotated[str, Field(max_length=20)]
    segment: Name = Field(description="Id or alias")
    kind: Name
    test: Annotated[str, Field(max_length=60)] = Field(
        default="", description="The test's name; the emails of a brief's segment have one test"
    )
    arms: Annotated[tuple[ArmRequest, ...], Field(min_length=1, max_length=MOST_ARMS)] = Field(
        description="One, or with `test` two to five of which one is the control"
    )


class OptionView(BaseModel):
    """Something that could stand in a slot."""

    model_config = ConfigDict(frozen=True)

    draft: str | None
    block: str | None
    copy_fields: dict[str, str]
    can_ship: bool
    reasons: tuple[str, ...] = Field(description="What keeps it from being chosen")


class ChoiceView(BaseModel):
    """What a person chose for a slot. The newest choice counts."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [CHOICE]})

    id: str
    locale: str
    segment: str
    kind: str
    test: str
    arms: tuple[Arm, ...] = Field(description="An arm without draft and block leaves the slot out")
    chosen_by: str = Field(description="By email")
    chosen_at: dt.datetime


class SlotChoiceView(BaseModel):
    """One slot of a brief: what was chosen, and what could be."""

    model_config = ConfigDict(frozen=True)

    locale: str
    segment: str
    kind: str
    required: bool = Field(description="Whether an email has to have it")
    chosen: ChoiceView | None = Field(description="Null while nobody has chosen: then nothing is exported")
    options: tuple[OptionView, ...]


class Choices(BaseModel):
    """Every slot of a brief."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"examples": [CHOICES]})

    brief: str
    brand: str
    open: int = Field(description="Slots that nobody has chosen for")
    slots: tuple[SlotChoiceView, ...]


@router.get("", operation_id="list_choices", summary="What ships in each slot")
def list_choices(
    *, brief_id: BriefPath, caller: CallerDep, desk: DeskDep, brand: BriefBrand = None
) -> Choices:
    """For each slot and segment what was chosen, by whom and when, and every draft and approved block that
    could stand there, with what keeps it from being chosen.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.READ)
    slots = tuple(map(_slot, options_of(desk, Exports(desk.drafts.engine), stored)))
    waiting = sum(slot.chosen is None for slot in slots)
    return Choices(brief=stored.id, brand=stored.brand, open=waiting, slots=slots)


@router.post("", operation_id="make_choice", summary="Choose what ships in a slot", status_code=201)
def make_choice(
    *,
    brief_id: BriefPath,
    body: ChoiceRequest,
    caller: CallerDep,
    desk: DeskDep,
    ids: NewIds,
    brand: BriefBrand = None,
) -> ChoiceView:
    """Choose one variant for a slot, or a named test. Only what the gate would let pass as of the moment of
    sending can be chosen; each obstacle is answered at its arm. A choice is kept with its author, and never
    changed: the newest counts.
    """
    stored = brief_for(desk, caller, brief_id, brand, Scope.WRITE)
    _refuse_unclear(body)
    exports = Exports(desk.drafts.engine, caller.identity.person_id)
    row = choose(
        desk,
        exports,
        stored,
        (body.locale, body.segment, body.kind),
        [Arm(name=arm.name, draft=arm.draft, block=arm.block, control=arm.control) for arm in body.arms],
        by=caller.email,
        test=body.test,
        choice_id=ids.new(),
    )
    return _choice(row)


def _refuse_unclear(body: ChoiceRequest) -> None:
    """Raises InvalidRequest for arms that say nothing, or more than one thing."""
    faults = [
        FieldProblem(
            pointer=f"/arms/{number}",
            field=f"arms.{number}",
            message="says nothing" if not said else "says more than one thing",
            expected="one of draft, block and leave_out",
        )
        for number, arm in enumerate(body.arms)
        if (said := (arm.draft is not None) + (arm.block is not None) + arm.leave_out) != 1
    ]
    if faults:
        raise invalid(faults)


def _slot(slot: SlotOptions) -> SlotChoiceView:
    locale, segment, kind = slot.job.key
    return SlotChoiceView(
        locale=locale,
        segment=segment,
        kind=kind,
        required=slot.job.kind.required,
        chosen=_choice(slot.chosen) if slot.chosen is not None else None,
        options=tuple(map(_option, slot.options)),
    )


def _option(option: Option) -> OptionView:
    arm = option.arm
    return OptionView(
        draft=arm.draft,
        block=arm.block,
        copy_fields=dict(option.content.copy_fields),
        can_ship=not option.reasons,
        reasons=option.reasons,
    )


def _choice(row: ChosenSlot) -> ChoiceView:
    return ChoiceView(
        id=row.id,
        locale=row.locale,
        segment=row.segment,
        kind=row.kind,
        test=row.test,
        arms=row.arms,
        chosen_by=row.chosen_by,
        chosen_at=row.chosen_at,
    )
