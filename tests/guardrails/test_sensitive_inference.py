"""Copy that tells readers a trait about themselves, and the same topics offered to everybody."""

import pytest

from app.guardrails.sensitive_inference import GUARDRAIL, LANGUAGES
from app.guardrails.suite import run_one
from app.guardrails.word_frames import frames, general
from app.verdicts.reports import Verdict
from tests.factories import make_context, make_piece
from tests.guardrails.people import blocked

PASSES = (
    "Your new baby blanket is hand-washed in Wales.",
    "You can borrow a wheelchair at the door.",
    "Your cat is not as young as it was.",
    "If you live with arthritis, the wide grip helps.",
    "Everyone over 18 is welcome.",
    "Passover, Easter and Eid boxes are on one page.",
    "As a member, you get early access.",
    "As a cyclist, you know the hills.",
    "You can't afford to miss it.",
    "Because you bought a saddle, here is oil.",
    "Now you're ready for winter.",
    "Diabetic-friendly biscuits, for anyone",
    "Gifts for new parents",
    "Students, nurses and teachers get a discount.",
    "Whatever your age, size or faith, come along.",
    "After your walk, put your feet up.",
    "The pregnant pause, and other stage tricks",
    "We know you love tea.",
    "Whether you observe Ramadan or not, our dates are for everyone.",
    "You asked us for wheelchair-friendly routes, so here they are.",
    "You can join the church fair on Sunday.",
    "Your back will thank you for lifting with your knees.",
    "You'll find the pregnancy pillows on the second floor.",
    "Do you have asthma? Ask your nurse before using a diffuser.",
)
FAILS = (
    ("The dialysis days are long, so we picked you three short novels.", None),
    ("You're not as quick on the stairs as you were.", None),
    ("The doctor told you to cut down on salt.", None),
    ("Six weeks sober, and it shows.", None),
    ("As a diabetic, you know sugar matters.", "As a diabetic, you"),
    ("Because you're Jewish, here is our range.", "Because you're Jewish"),
    ("Now that you're pregnant, comfort counts.", None),
    ("Since your divorce, you cook for one.", "Since your divorce"),
    ("Fellow Muslims like you love this.", None),
    ("For someone your age, this chair is kind.", "someone your age"),
    ("We saw that you searched for rehab clinics.", None),
    ("Your postcode suggests you spend little.", "Your postcode suggests"),
    ("Sorry to hear about your late husband.", None),
    ("As a nurse, you're on your feet all day.", None),
    ("People with dyslexia like yours prefer it.", None),
    ("Newly divorced? Start here.", None),
    ("You must be lonely this winter.", None),
    ("We know you're struggling to pay the bills.", None),
    ("Your chemo sessions start soon, so here is a soft hat.", "Your chemo"),
    ("You've been through IVF twice. This weekend is for you.", None),
    ("Now that the bailiffs have gone, you can breathe.", None),
    ("Skint until payday?", "Skint until payday"),
    ("Your last three orders were all non-alcoholic. Well done.", None),
    ("Our records show you are a wheelchair user.", None),
    ("Struggling with your weight since lockdown?", None),
    ("Divorce is hard, and yours was long.", None),
)
ELSEWHERE = (
    ("de-DE", "Als Diabetiker wissen Sie, wie wichtig Zucker ist.", True),
    ("de-DE", "Weil du schwanger bist, gibt es Tee.", True),
    ("de-DE", "Wenn Sie schwanger sind, fragen Sie Ihren Arzt.", False),
    ("de-DE", "Du bist allein im Wald, und das ist schön.", False),
    ("fr-FR", "Vous qui êtes enceinte, pensez à nos tisanes.", True),
    ("fr-FR", "Les femmes de votre âge l'adorent.", True),
    ("fr-FR", "Si vous êtes enceinte, demandez conseil.", False),
    ("es-ES", "Como mujer divorciada, mereces un capricho.", True),
    ("es-ES", "Como siempre, café recién hecho.", False),
)


@pytest.mark.parametrize("text", PASSES)
def test_a_topic_that_is_offered_to_everybody_passes(text: str) -> None:
    assert blocked(GUARDRAIL, text) == []


@pytest.mark.parametrize(("text", "words"), FAILS)
def test_a_trait_of_the_reader_is_refused(text: str, words: str | None) -> None:
    found = blocked(GUARDRAIL, text)
    assert found
    assert words is None or words in found


@pytest.mark.parametrize(("locale", "text", "refused"), ELSEWHERE)
def test_in_other_languages(locale: str, text: str, refused: bool) -> None:
    assert bool(blocked(GUARDRAIL, text, locale=locale)) == refused


@pytest.mark.parametrize(
    ("profile", "refused"), [({"access": "wheelchair user"}, False), ({"drinks": "tea"}, True)]
)
def test_what_the_reader_has_set_may_be_said(profile: dict[str, str], refused: bool) -> None:
    text = "Since you're a wheelchair user, the routes are step-free."
    assert bool(blocked(GUARDRAIL, text, {"profile": profile})) == refused


def test_a_language_without_words_is_not_judged() -> None:
    result = run_one(GUARDRAIL, make_piece("Bo jesteś muzułmanką."), make_context(locale="pl-PL"))
    assert result.verdict is Verdict.NOT_RUN


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_the_files_of_all_languages_can_be_read(language: str) -> None:
    assert frames("sensitive_inference", language).rules
    assert general("sensitive_inference", language).pattern
