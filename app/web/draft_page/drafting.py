"""Words as they are typed, judged in the draft's place without storing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from app.blocks.approved import digest
from app.brief.json_document import JsonDocument
from app.copywriting.desk import Desk
from app.copywriting.places import LONGEST_FIELD, judged, place_of_draft, whole_copy
from app.db.tables import Draft, Origin
from app.errors import ContentError
from app.verdicts.reports import Verdict
from app.web.draft_page.findings import FieldView, fields_of
from app.web.draft_page.look import Look
from app.web.labels import load_labels

PREFIX = "copy."
"""Before the name of a field of the copy in the form."""


class Words(BaseModel):
    """What the page's script sends: words by field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    copy_fields: dict[str, str]


def typed_in(draft: Draft, form: Mapping[str, str]) -> dict[str, str]:
    """The words of the form for the fields of the draft; what it does not have stays as it is."""
    found = {name: form.get(f"{PREFIX}{name}", text) for name, text in draft.copy_fields.items()}
    return {name: text.replace("\r\n", "\n").strip() for name, text in found.items()}


@dataclass(frozen=True)
class Typed:
    """Typed words with what the rules say of them. The model that judges is asked when they are saved."""

    verdict: Verdict
    fields: tuple[FieldView, ...]
    reasons: tuple[str, ...] = ()

    @classmethod
    def judged(cls, desk: Desk, look: Look, typed: Mapping[str, str]) -> Self:
        """Judge them as the gate will. Raises Conflict where the draft has no place any more, ContentError
        for a field that is empty or too long.
        """
        draft = look.draft
        place = place_of_draft(desk, draft)
        fields = whole_copy(draft.kind, _within(typed))
        changed = Draft(**{name: getattr(draft, name) for name in Draft.model_fields})
        if fields != draft.copy_fields:
            changed.copy_fields, changed.origin, changed.block = fields, Origin.EDITED, None
            changed.content_hash = digest([draft.kind, draft.locale, fields])
        report = judged(replace(desk, asking=None), place, changed)
        reasons = () if report.blocking or report.verdict is Verdict.PASS else report.reasons
        views = fields_of(draft.kind, fields, report, look.brand, look.value_of)
        return cls(report.verdict, views, reasons)

    def as_json(self) -> dict[str, Any]:
        """For the page's script: words for people, all of it text."""
        label = load_labels()
        return {
            "verdict": label("verdict_is", self.verdict),
            "passes": self.verdict is Verdict.PASS,
            "reasons": list(self.reasons),
            "fields": {
                field.name: {
                    "pieces": [
                        {
                            "text": piece.text,
                            "severity": piece.severity.value if piece.severity else "",
                            "ending": list(piece.ending),
                        }
                        for piece in field.pieces
                    ],
                    "findings": [
                        {
                            "number": item.number,
                            "severity": item.severity.value,
                            "words": label("severity", item.severity),
                            "message": item.message,
                            "passes": item.passes,
                        }
                        for item in field.findings
                    ],
                }
                for field in self.fields
            },
        }


def _within(typed: Mapping[str, str]) -> Mapping[str, str]:
    document = JsonDocument.of({})
    problems = [
        document.problem((name,), f"is longer than {LONGEST_FIELD} characters", "shorter copy")
        for name, text in typed.items()
        if len(text) > LONGEST_FIELD
    ]
    if problems:
        raise ContentError(problems)
    return typed
