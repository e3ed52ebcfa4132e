"""Subjects that pose as another kind of message, and subjects that are merely odd."""

import pytest

from app.guardrails.deceptive_subject import GUARDRAIL, LANGUAGES
from app.guardrails.word_frames import frames
from tests.guardrails.people import blocked

PASSES = (
    "Regarding socks: a small manifesto",
    "A note from our workshop",
    "You won't believe this wool",
    "Your guide to parcels",
    "Rework, reuse, repair",
    "Winners and losers: our chess column",
    "Refund policy, in plain words",
    "Statement earrings are back",
    "Your wallet will thank you",
    "Account of a walk",
    "Notice boards in cork",
    "Delivery days for December",
    "Is this your next favorite mug?",
    "Where are you walking this summer?",
    "Messages in a bottle",
)
FAILS = (
    ("Re: your basket", "Re:"),
    ("Ｆｗｄ： your documents", "Ｆｗｄ："),
    ("Re[2]: the contract", "Re[2]:"),
    ("Your invoice is attached", None),
    ("Final notice", "Final notice"),
    ("Your parcel could not be delivered", None),
    ("You've won", None),
    ("Your account has been suspended", None),
    ("Your refund is ready", None),
    ("Security alert: new sign-in", None),
    ("I tried calling you", None),
    ("Verify your account", None),
    ("1 new voicemail", None),
    ("Our conversation on Tuesday", None),
    ("About the money we owe you", None),
    ("Hey, quick question", None),
)
ELSEWHERE = (
    ("de-DE", "WG: Ihre Bestellung", True),
    ("de-DE", "Ihre Rechnung im Anhang", True),
    ("de-DE", "Neue Farben im Herbst", False),
    ("fr-FR", "TR : votre colis", True),
    ("fr-FR", "Votre compte a été suspendu", True),
    ("es-ES", "Has ganado", True),
    ("it-IT", "I: la tua fattura non pagata", True),
    ("nl-NL", "FW: je pakket", True),
    ("pt-PT", "ENC: a sua fatura em atraso", True),
)


@pytest.mark.parametrize("text", PASSES)
def test_an_odd_subject_passes(text: str) -> None:
    assert blocked(GUARDRAIL, text, field="subject") == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_a_subject_that_poses_is_refused(text: str, words: str | None) -> None:
    found = blocked(GUARDRAIL, text, field="subject")
    assert found
    assert words is None or words in found


@pytest.mark.parametrize(("locale", "text", "refused"), ELSEWHERE)
def test_in_other_languages(locale: str, text: str, refused: bool) -> None:
    assert bool(blocked(GUARDRAIL, text, field="subject", locale=locale)) == refused


@pytest.mark.parametrize(("text", "_words"), FAILS)
def test_a_transactional_message_may_say_it(text: str, _words: str | None) -> None:
    assert blocked(GUARDRAIL, text, {"message_type": "transactional"}, field="subject") == []


def test_a_body_is_no_subject() -> None:
    assert blocked(GUARDRAIL, "Your invoice is attached") == []


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_files_of_all_languages_can_be_read(language: str) -> None:
    assert frames("deceptive_subject", language).rules
