"""The checks of what is exported: each synthetic reader is held against the facts of their own segment."""

from dataclasses import replace

from app.copywriting.export_checks import findings_of
from app.copywriting.exporting import ReadyEmail, ready_emails
from app.db.exports import Exports
from app.dialects.filling import Person, fill
from app.dialects.nodes import Literal
from tests.commands.exporting import BRIEF, OWN, account, run
from tests.copywriting.office import BY, Office
from tests.generation.desk import answering
from tests.release.content import SEGMENT
from tests.suppressing import OFFERED, suppressing


def two_offers(office: Office) -> ReadyEmail:
    """One email for campers, who get 20 %, and weekend hikers, who get 10 %."""
    suppressing(office.desk)
    campers = {**SEGMENT, "id": "campers", "aliases": [], "value_tier": "loyal"}
    office.desk.content.files["segments.yaml"] = {"segments": [SEGMENT, campers]}
    account(office, OWN.replace("trail_runners", "campers"))
    office.brief["segments"] = ["campers", "weekend_hikers"]
    office.generate(answering(OFFERED))
    for (locale, segment, kind), slot in office.slots().items():
        assert slot.chosen is not None
        draft = slot.chosen.draft
        what = ("--block", draft.block) if draft.block else ("--draft", office.approve(draft).id)
        run("choose", BRIEF, "--locale", locale, "--segment", segment, "--slot", kind, *what)
    desk = office.copydesk
    own = desk.library("fernhill").brand.accounts["own"]
    (email,) = ready_emails(desk, Exports(office.store.engine), office.stored(), own, by=BY, together=True)
    return email


def rules_found(office: Office, email: ReadyEmail, person: Person) -> set[str]:
    brand = office.copydesk.library("fernhill").brand
    found = findings_of(email, {"somebody": person}, {}, brand, brand.accounts["own"])
    return {finding.rule for finding in found}


def test_the_text_is_held_against_the_facts_of_the_readers_own_segment(office: Office) -> None:
    email = two_offers(office)
    for segment, percent in (("campers", "20%"), ("weekend_hikers", "10%")):
        person = Person({}, frozenset({segment}))
        whole = fill(email.template.text, person)
        assert percent in whole
        assert "text_part.facts_differ" not in rules_found(office, email, person)
        lacking = replace(email.template, text=(Literal(whole.replace(percent, "a part")),))
        assert "text_part.facts_differ" in rules_found(office, replace(email, template=lacking), person)
