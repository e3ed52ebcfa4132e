"""The checks of finished emails on what is exported: the template filled with each synthetic reader."""

from collections.abc import Iterator, Mapping

from app.brand.brand import Brand
from app.brand.platforms import Account
from app.copywriting.exporting import ReadyEmail
from app.dialects.filling import Person
from app.emails.package import filled
from app.emails.qa.email import EmailUnderTest
from app.emails.qa.models import QaFinding, Severity
from app.emails.qa.reader import for_account, for_brand, measured, stated
from app.emails.qa.report import check_email


def findings_of(
    email: ReadyEmail,
    people: Mapping[str, Person],
    pictures: Mapping[str, bytes],
    brand: Brand,
    account: Account,
) -> Iterator[QaFinding]:
    """Errors and warnings, each once for all readers. `pictures` are the files by their address."""
    seen: set[tuple[str, str]] = set()
    for person in people.values():
        report = check_email(_under_test(email, person, pictures, brand, account))
        for finding in report.findings:
            key = (finding.rule, finding.message)
            if finding.severity is not Severity.INFO and key not in seen:
                seen.add(key)
                yield finding


def _under_test(
    email: ReadyEmail, person: Person, pictures: Mapping[str, bytes], brand: Brand, account: Account
) -> EmailUnderTest:
    shown = filled(email.template, person)
    theirs = (released.facts for released in email.released if released.segment in person.segments)
    found = EmailUnderTest(
        html=shown.html,
        subject=shown.subject,
        preheader=shown.preheader,
        text=shown.text,
        images={address: measured(data) for address, data in pictures.items()},
        facts=stated(next(theirs, email.released[0].facts)),
    )
    return for_account(for_brand(found, brand, email.locale), account)
