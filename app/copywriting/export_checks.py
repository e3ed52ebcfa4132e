"""The checks of finished emails on what is exported: the template filled with each synthetic reader."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.brand.brand import Brand
from app.brand.platforms import Account, Supplier
from app.copywriting.exporting import ReadyEmail
from app.dialects.filling import Person
from app.dialects.nodes import Page
from app.emails.package import filled
from app.emails.qa.email import EmailUnderTest
from app.emails.qa.models import QaFinding, Severity
from app.emails.qa.reader import for_brand, measured, stated
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
    identity = brand.identity
    home = f"https://{identity.link_hosts[0]}"
    # The platform's pages stand for the brand's own here: where they lead is not known before it is sent.
    reader = replace(person, pages={page: f"{home}/{page.value}" for page in Page})
    shown = filled(email.template, reader)
    found = EmailUnderTest(
        html=shown.html,
        subject=shown.subject,
        preheader=shown.preheader,
        text=shown.text,
        images={address: measured(data) for address, data in pictures.items()},
        facts=stated(email.released[0].facts),
    )
    found = for_brand(found, brand, email.locale)
    if account.footer is Supplier.PLATFORM:  # address and unsubscribe link come from its own footer
        found = replace(found, postal_address=None, unsubscribe_label=None, marketing=False)
    return found
