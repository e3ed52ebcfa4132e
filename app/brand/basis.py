"""On which ground the brand uses what it knows of a reader, and how a consent goes with it."""

from enum import StrEnum


class Basis(StrEnum):
    """The lawful bases for using personal data in email: GDPR art. 6(1) without vital interests."""

    CONSENT = "consent"
    CONTRACT = "contract"
    LEGAL_OBLIGATION = "legal_obligation"
    LEGITIMATE_INTERESTS = "legitimate_interests"
    PUBLIC_TASK = "public_task"


def check_consent(basis: Basis, consent: str | None) -> None:
    """Raise ValueError where the basis is consent and none is named, or one is and the basis is another."""
    if basis is Basis.CONSENT and consent is None:
        raise ValueError("its basis is consent: name the consent, as in 'consent: personalisation'")
    if basis is not Basis.CONSENT and consent is not None:
        raise ValueError(f"names a consent, and its basis is {basis.value}: leave one of them out")
