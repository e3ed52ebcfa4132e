"""The one gate (invariant 3): what export and send-time fetch accept is a type that only this file makes.

The gate believes nobody. It demands a valid approval slot by slot, reads the approval where it is stored
(the block as loaded, the draft in the database), and has every guardrail judge every slot again, with the
facts and as of the moment of release. All reasons are given at once.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import InitVar, dataclass
from types import MappingProxyType
from typing import Final, NoReturn

from app.blocks.registry import KINDS, REQUIRED
from app.brand.consents import lacks
from app.brand.roles import PersonRole
from app.brand.suppression import suppressed
from app.brief.facts import FactSheet
from app.errors import ReleaseRefused
from app.guardrails.registry import GUARDRAILS
from app.release.approvals import BRAND_OWNER, COPYWRITER, Obstacle, Place, lacking, shown_source
from app.release.content import DraftLookup, Judge, SlotContent
from app.release.library import ContentLibrary
from app.release.matching import feed_missing, missing_facts
from app.release.values import Surroundings
from app.release.whole import EmailApprovals, NoEmails, lacking_as_a_whole, lacking_its_email
from app.verdicts.reports import GuardReport, Verdict

OPERATOR = (PersonRole.OPERATOR.value,)
_KEY: Final = object()


@dataclass(frozen=True)
class ReleasedSlot:
    """One slot that passed the gate: its copy, what approved it, and the verdict of the release. Only the
    gate makes one.
    """

    key: InitVar[object]
    kind: str
    copy_fields: Mapping[str, str]
    image: str | None
    approved_as: str
    report: GuardReport

    def __post_init__(self, key: object) -> None:
        """Raises TypeError for everybody but the gate."""
        if key is not _KEY:
            raise TypeError("only the gate makes ReleasedSlot")


class Released:
    """An email's content that passed the gate. Only Gate.release makes one; it is never changed or copied."""

    __slots__ = ("as_of", "brand", "facts", "journey", "segment", "slots")

    as_of: dt.datetime
    brand: str
    facts: FactSheet
    journey: str
    segment: str
    slots: tuple[ReleasedSlot, ...]

    def __init__(self, key: object, place: Place, slots: tuple[ReleasedSlot, ...]) -> None:
        if key is not _KEY:
            raise TypeError("only the gate makes Released")
        values = {
            "as_of": place.as_of,
            "brand": place.library.brand.id,
            "facts": place.facts.model_copy(deep=True),
            "journey": place.journey,
            "segment": place.segment,
            "slots": slots,
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __init_subclass__(cls) -> None:
        raise TypeError("Released has no subclasses")

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("Released cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("Released cannot be changed")

    def __reduce__(self) -> NoReturn:
        raise TypeError("Released is neither copied nor stored: ask the gate again")

    def slot(self, kind: str) -> ReleasedSlot | None:
        """The slot of this kind."""
        return next((slot for slot in self.slots if slot.kind == kind), None)


class Gate:
    """Decides whether an email's content may go out. `required` are the rules that every report must hold.

    Without `emails` nobody has approved any email as a whole.
    """

    def __init__(
        self,
        drafts: DraftLookup,
        *,
        emails: EmailApprovals | None = None,
        required: Iterable[str] | None = None,
    ) -> None:
        names = (guardrail.id for guardrail in GUARDRAILS) if required is None else required
        self._drafts = drafts
        self._emails = emails if emails is not None else NoEmails()
        self._required = frozenset(names)

    def release(
        self,
        slots: Sequence[SlotContent],
        library: ContentLibrary,
        facts: FactSheet,
        as_of: dt.datetime,
        judge: Judge,
        *,
        journey: str,
        segment: str,
        market: str | None = None,
        flags: Sequence[str] = (),
        brief: str = "",
        around: Mapping[str, Surroundings] = MappingProxyType({}),
    ) -> Released:
        """The released content of one email. Raises ReleaseRefused with every reason, slot by slot.

        `flags` are suppression flags that its readers carry besides those of the segment, and `around` what
        stands around the words of each slot, by kind.
        """
        place = Place(
            library, journey, segment, facts, as_of, market, tuple(flags), brief=brief, slots=around
        )
        reasons = list(_composition(slots))
        released: list[ReleasedSlot] = []
        whole: list[SlotContent] = []
        for given in slots:
            if given.kind not in KINDS:
                continue
            content = SlotContent(
                given.kind, MappingProxyType(dict(given.copy_fields)), given.source, given.image
            )
            report = judge(content, facts=facts, as_of=as_of)
            found = self.obstacles(content, place, report)
            reasons += [f"{content.kind}: {item.words}" for item in found]
            released.append(_slot(content, report))
            whole.append(content)
        reasons += [item.words for item in self.email_obstacles(whole, place)]
        if reasons:
            raise ReleaseRefused(reasons)
        order = list(KINDS)
        return Released(_KEY, place, tuple(sorted(released, key=lambda slot: order.index(slot.kind))))

    def release_slot(self, content: SlotContent, place: Place, report: GuardReport) -> ReleasedSlot:
        """One slot by itself, for the moment of sending; `report` judges it as of then, with its facts.

        A slot whose tier asks for approval of the whole email is given out with that in force only. Raises
        ReleaseRefused with every reason.
        """
        found = [*self.obstacles(content, place, report), *lacking_its_email(content, place, self._emails)]
        if found:
            raise ReleaseRefused([f"{content.kind}: {item.words}" for item in found])
        return _slot(content, report)

    def obstacles(self, content: SlotContent, place: Place, report: GuardReport) -> list[Obstacle]:
        """Everything that keeps this content of one slot back; `report` judges it as of then."""
        kept_back = _suppressed(content, place)
        found = [*lacking(content, place, self._drafts), *_stale(content, place), *self._verdict(report)]
        return [*kept_back, *found]

    def email_obstacles(self, slots: Sequence[SlotContent], place: Place) -> list[Obstacle]:
        """What keeps the email back as a whole, whatever its slots are: `slots` in the order of the email."""
        return list(lacking_as_a_whole(slots, place, self._emails))

    def _verdict(self, report: GuardReport) -> Iterator[Obstacle]:
        """Only `pass` releases, over every rule that is registered, with nothing unchecked (invariant 2)."""
        if report.verdict is not Verdict.PASS:
            words = [f"{report.verdict.value} as of now", "; ".join(report.reasons)]
            who = COPYWRITER if report.verdict is Verdict.FAIL else OPERATOR
            yield Obstacle(": ".join(filter(None, words)), who)
        absent = sorted(self._required - {result.rule for result in report.results})
        if absent:
            yield Obstacle(f"not judged by: {', '.join(absent)}", OPERATOR)
        if report.unchecked:
            yield Obstacle(f"unchecked: {', '.join(report.unchecked)}", COPYWRITER)


def _slot(content: SlotContent, report: GuardReport) -> ReleasedSlot:
    copy = MappingProxyType(dict(content.copy_fields))
    return ReleasedSlot(_KEY, content.kind, copy, content.image, shown_source(content), report)


def _composition(slots: Sequence[SlotContent]) -> Iterator[str]:
    counts = Counter(content.kind for content in slots)
    for kind, count in counts.items():
        if kind not in KINDS:
            yield f"{kind}: there is no such kind"
        elif count > 1:
            yield f"{kind}: stands {count} times"
    for kind in REQUIRED:
        if kind not in counts:
            yield f"{kind}: is required and missing"


def _suppressed(content: SlotContent, place: Place) -> Iterator[Obstacle]:
    """No approval covers readers whom a suppression flag keeps the block, or the email, from."""
    found = suppressed(
        place.library.brand,
        place.segment,
        journey=place.journey,
        kind=content.kind,
        flags=place.flags,
    )
    if found is not None:
        yield Obstacle(f"suppressed by {found.words}", BRAND_OWNER)


def _stale(content: SlotContent, place: Place) -> Iterator[Obstacle]:
    missing = missing_facts(content.copy_fields.values(), place.facts, place.as_of)
    if missing:
        yield Obstacle(f"has no valid value for {', '.join(missing)}", COPYWRITER)
    if feed_missing(content.kind, place.facts, place.as_of):
        yield Obstacle("the product feed is missing or stale", COPYWRITER)
    listed = place.facts.lists.get(content.kind)
    consent = place.library.brand.withheld_list(place.segment, listed) if listed is not None else None
    if consent is not None:
        yield Obstacle(f"its products: {lacks(place.segment, {str(listed): consent})}", BRAND_OWNER)
