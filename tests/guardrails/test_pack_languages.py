"""The shared rules in other languages than English: what they find and what they leave alone."""

from dataclasses import replace

import pytest

from app.brand.packs import load_packs
from app.guardrails.frame import Piece
from app.guardrails.language import other_language
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.settings import content_root
from app.verdicts.reports import RuleResult, Verdict
from tests import factories

RULES = load_packs(content_root() / "brand")["core"].rules
LANGUAGES = ("de", "fr", "es", "it", "nl", "pt")


def answer(locale: str, text: str, rules: tuple[object, ...] = RULES) -> RuleResult:
    book = RuleBook.of_packs(rules)  # type: ignore[arg-type]
    report = judge(Piece(text), replace(factories.make_context(), rulebook=book, locale=locale))
    return next(result for result in report.results if result.rule == "banned_claims")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_category_of_the_english_rules_has_rules(language: str) -> None:
    def categories(code: str) -> set[str]:
        return {rule.category for rule in RULES if code in rule.languages}

    assert categories("en") <= categories(language)


@pytest.mark.parametrize(
    ("locale", "claim", "clean"),
    [
        ("de-DE", "Der Balsam vertreibt jede Migräne.", "Der Balsam vertreibt keine Migräne, er duftet nur."),
        ("de-DE", "Zwei Kilo verlieren, ohne Diät", "Der Koffer wiegt zwei Kilo."),
        ("fr-FR", "Ce baume soulage les migraines.", "Ce baume ne soulage aucune migraine."),
        ("es-ES", "Este bálsamo alivia la migraña.", "Este bálsamo no alivia la migraña."),
        ("es-MX", "Nunca más tendrás jaqueca", "Nunca decimos que cure la jaqueca."),
        ("it-IT", "Questo balsamo allevia l'emicrania.", "Questo balsamo non allevia l'emicrania."),
        ("nl-NL", "Deze balsem verzacht migraine.", "Deze balsem is geen middel dat migraine verzacht."),
        ("pt-BR", "Este bálsamo alivia a enxaqueca.", "Este bálsamo não alivia a enxaqueca."),
    ],
)
def test_a_claim_is_found_and_its_denial_is_not(locale: str, claim: str, clean: str) -> None:
    assert answer(locale, claim).verdict is Verdict.FAIL
    assert answer(locale, clean).verdict is Verdict.PASS


def test_a_category_without_spanish_rules_is_not_passed() -> None:
    fewer = tuple(r for r in RULES if "es" not in r.languages or r.category != "green_claim")
    result = answer("es-ES", "Una mañana tranquila en el monte.", fewer)
    assert result.verdict is Verdict.NOT_RUN
    assert "green_claim" in result.detail
    assert answer("es-ES", "Cura la gripe.", fewer).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("es", "Cuida la hoja con un poco de aceite."),
        ("it", "Una candela che dura quaranta ore."),
        ("pt", "Uma vela que dura quarenta horas."),
    ],
)
def test_neighbouring_languages_are_not_taken_for_one_another(language: str, text: str) -> None:
    assert other_language(text, language) == ""


def test_neighbouring_languages_are_told_apart_by_their_grammar_words() -> None:
    assert other_language("El nuevo sombrero es ligero y cómodo.", "it") == "es"
    assert other_language("Il nuovo cappello è leggero e comodo.", "es") == "it"
