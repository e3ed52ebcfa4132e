"""Judging once what many fetches need: the same copy under the same rules with the same facts, for a minute.

A report depends on the segment only through the variables that its members gave no consent for, so that
blocks which many segments share are judged once. Nothing here reads the clock: a report is used again for
moments near the one that it was made for, on the same day.
"""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Hashable
from zoneinfo import ZoneInfo

from app.brief.facts import FactSheet, Role
from app.release.content import SlotContent
from app.release.judging import LibraryJudge
from app.tokens import token_names
from app.verdicts.reports import GuardReport, Verdict

NEAR = dt.timedelta(seconds=60)
"""How far from its own moment a report is used: what may be said of an hour ("tonight") changes slowly."""
MOST_KEPT = 20_000


class Reports:
    """The reports of one process. Several threads may ask at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[GuardReport, dt.datetime, object]] = OrderedDict()

    def judge(
        self, judge: LibraryJudge, content: SlotContent, facts: FactSheet, as_of: dt.datetime
    ) -> GuardReport:
        """The report that `judge` gives, or gave a moment ago.

        Copy that states no stock and passes where none is known passes whatever the stock is: a stock only
        ever supports a statement. So a tick of it costs nothing where it changes nothing (invariant 5).
        """
        plain = _without_stock(facts)
        stated = {name for text in content.copy_fields.values() for name in token_names(text)}
        if plain is not facts and not stated & (facts.facts.keys() - plain.facts.keys()):
            report = self._remembered(judge, content, plain, as_of)
            if report.verdict is Verdict.PASS:
                return report
        return self._remembered(judge, content, facts, as_of)

    def _remembered(
        self, judge: LibraryJudge, content: SlotContent, facts: FactSheet, as_of: dt.datetime
    ) -> GuardReport:
        key = _key(judge, content, facts, as_of)
        with self._lock:
            found = self._kept.get(key)
            if found is not None and abs(as_of - found[1]) < NEAR:
                self._kept.move_to_end(key)
                return found[0]
        report = judge(content, facts=facts, as_of=as_of)
        with self._lock:
            # With the library, whose identity is part of the key, so that no other one takes its place.
            self._kept[key] = (report, as_of, judge.library)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return report


def _without_stock(facts: FactSheet) -> FactSheet:
    """The same sheet where it holds no stock, or where prose was supplied that may speak of one."""
    kept = {name: fact for name, fact in facts.facts.items() if fact.role is not Role.STOCK}
    if facts.statements or len(kept) == len(facts.facts):
        return facts
    return facts.model_copy(update={"facts": kept})


def _key(judge: LibraryJudge, content: SlotContent, facts: FactSheet, as_of: dt.datetime) -> Hashable:
    missing = judge.library.brand.withheld(judge.segment) if judge.segment is not None else {}
    valid = frozenset(name for name, fact in facts.facts.items() if fact.valid_at(as_of))
    judgements = content.judgements.model_dump_json() if content.judgements is not None else ""
    copy = (content.kind, tuple(content.copy_fields.items()), content.evergreen, content.by_a_person)
    return (
        id(judge.library),
        (judge.locale, judge.market, judge.journey, judge.avoid),
        (*copy, judgements, judge.waivers(content, as_of)),
        (frozenset(missing), judge.segment) if missing else None,
        facts.model_dump_json(),
        valid,
        (as_of.astimezone(dt.UTC).date(), as_of.astimezone(ZoneInfo(facts.time_zone)).date()),
    )


class RememberingJudge:
    """A Judge that asks the reports of the process first."""

    def __init__(self, judge: LibraryJudge, reports: Reports) -> None:
        self._judge = judge
        self._reports = reports

    def __call__(self, content: SlotContent, *, facts: FactSheet, as_of: dt.datetime) -> GuardReport:
        """The merged report over all fields of the copy."""
        return self._reports.judge(self._judge, content, facts, as_of)
