"""German and French number words: what they count, and the words that only look like them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.guardrails.fold import fold
from app.guardrails.numbers import values_in
from app.guardrails.terms import numbers_de, numbers_fr
from app.guardrails.value_kinds import Bound, Kind, Use

ONES = ("", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun")
TEENS = (
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
)
TENS = ("", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")
FRENCH_ONES = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
    *("treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
FRENCH_TENS = ("", "", "vingt", "trente", "quarante", "cinquante", "soixante", "soixante", "quatre-vingt")


def german(number: int) -> str:
    """The number as German writes it, up to 999,999."""
    if number >= 1000:
        rest = german(number % 1000) if number % 1000 else ""
        return (german(number // 1000) if number >= 2000 else "ein") + "tausend" + rest
    if number >= 100:
        return ONES[number // 100] + "hundert" + (german(number % 100) if number % 100 else "")
    if number >= 20:
        return (ONES[number % 10] + "und" if number % 10 else "") + TENS[number // 10]
    return TEENS[number - 10] if number >= 10 else ONES[number]


def french(number: int) -> str:
    """The number as French writes it, up to 9,999."""
    if number >= 1000:
        rest = " " + french(number % 1000) if number % 1000 else ""
        return (french(number // 1000) + " " if number >= 2000 else "") + "mille" + rest
    if number >= 100:
        rest = " " + french(number % 100) if number % 100 else ""
        return (french(number // 100) + " " if number >= 200 else "") + "cent" + rest
    if number >= 20:
        ten = number // 10 - (number // 10 in (7, 9))
        left = number - 10 * ten
        joint = "-et-" if left in (1, 11) and ten < 8 else "-"
        return FRENCH_TENS[ten] + (joint + FRENCH_ONES[left] if left else "s" if ten == 8 else "")
    return FRENCH_ONES[number]


@given(st.integers(2, 999_999))
def test_every_german_number_word_reads_as_its_number(number: int) -> None:
    assert numbers_de.number_of(fold(german(number)).text) == number
    (value,) = values_in(f"mit {german(number)} Euro", "de-DE")
    assert (value.kind, value.amount, value.unit) == (Kind.MONEY, Decimal(number), "EUR")


@given(st.integers(2, 9_999))
def test_every_french_number_word_reads_as_its_number(number: int) -> None:
    assert numbers_fr.number_of(fold(french(number)).text) == number
    (value,) = values_in(f"avec {french(number)} euros", "fr-FR")
    assert (value.kind, value.amount, value.unit) == (Kind.MONEY, Decimal(number), "EUR")


READ = [
    ("de-DE", "zum halben Preis", Kind.PERCENT, "50", Use.SAVING),
    ("de-DE", "um die Hälfte reduziert", Kind.PERCENT, "50", Use.SAVING),
    ("de-DE", "ein Drittel günstiger", Kind.PERCENT, "33", Use.SAVING),
    ("de-DE", "20 Prozent Rabatt", Kind.PERCENT, "20", Use.SAVING),
    ("de-DE", "-20 % auf alles", Kind.PERCENT, "20", Use.SAVING),
    ("de-DE", "jetzt 1.299,00 €", Kind.MONEY, "1299", Use.PLAIN),
    ("de-DE", "statt 1.299 €", Kind.MONEY, "1299", Use.WAS),
    ("de-DE", "ab 50 € Bestellwert", Kind.MONEY, "50", Use.THRESHOLD),
    ("de-CH", "für CHF 1'299.00", Kind.MONEY, "1299", Use.PLAIN),
    ("de-DE", "anderthalb Stunden", Kind.QUANTITY, "90", Use.PLAIN),
    ("de-DE", "eine halbe Stunde", Kind.QUANTITY, "30", Use.PLAIN),
    ("de-DE", "eine Dreiviertelstunde", Kind.QUANTITY, "45", Use.PLAIN),
    ("de-DE", "zwei Kilogramm", Kind.QUANTITY, "2000", Use.PLAIN),
    ("de-DE", "am 6.12.2026", Kind.DATE, "1206", Use.PLAIN),
    ("de-DE", "bis Sonntag, 6. Dezember", Kind.DATE, "1206", Use.ENDS),
    ("de-DE", "um 18:30 Uhr", Kind.TIME, "1110", Use.PLAIN),
    ("de-DE", "bis Sonntag", Kind.WEEKDAY, "6", Use.ENDS),
    ("de-DE", "nimm drei, zahl zwei", Kind.MULTIBUY, "3", Use.SAVING),
    ("de-DE", "das zweite Paar gratis", Kind.MULTIBUY, "2", Use.SAVING),
    ("de-DE", "ein Dutzend Modelle", Kind.NUMBER, "12", Use.PLAIN),
    ("fr-FR", "à moitié prix", Kind.PERCENT, "50", Use.SAVING),
    ("fr-FR", "un tiers de moins", Kind.PERCENT, "33", Use.SAVING),
    ("fr-FR", "vingt pour cent de remise", Kind.PERCENT, "20", Use.SAVING),
    ("fr-FR", "-20 % sur tout", Kind.PERCENT, "20", Use.SAVING),
    ("fr-FR", "à 1\u202f299,00\u00a0€", Kind.MONEY, "1299", Use.PLAIN),
    ("fr-FR", "au lieu de 1 299 €", Kind.MONEY, "1299", Use.WAS),
    ("fr-FR", "dès 50 € d'achat", Kind.MONEY, "50", Use.THRESHOLD),
    ("fr-CA", "pour 129 $", Kind.MONEY, "129", Use.PLAIN),
    ("fr-FR", "une heure et demie", Kind.QUANTITY, "90", Use.PLAIN),
    ("fr-FR", "une demi-heure", Kind.QUANTITY, "30", Use.PLAIN),
    ("fr-FR", "trois quarts d'heure", Kind.QUANTITY, "45", Use.PLAIN),
    ("fr-FR", "neuf jours", Kind.QUANTITY, "9", Use.PLAIN),
    ("fr-FR", "le 1er décembre", Kind.DATE, "1201", Use.PLAIN),
    ("fr-FR", "dimanche 6 décembre 2026", Kind.DATE, "1206", Use.PLAIN),
    ("fr-FR", "à 18 h 30", Kind.TIME, "1110", Use.PLAIN),
    ("fr-FR", "jusqu'à dimanche", Kind.WEEKDAY, "6", Use.ENDS),
    ("fr-FR", "deux achetés, un offert : 2 achetés, 1 offert", Kind.MULTIBUY, "3", Use.SAVING),
    ("fr-FR", "le deuxième offert", Kind.MULTIBUY, "2", Use.SAVING),
    ("fr-FR", "une douzaine de modèles", Kind.NUMBER, "12", Use.PLAIN),
]


@pytest.mark.parametrize(("locale", "text", "kind", "amount", "use"), READ)
def test_what_a_value_is_and_what_it_is_used_for(
    locale: str, text: str, kind: Kind, amount: str, use: Use
) -> None:
    value = values_in(text, locale)[-1]
    assert (value.kind, value.amount, value.use) == (kind, Decimal(amount), use)


@pytest.mark.parametrize(
    ("locale", "text", "bound"),
    [
        ("de-DE", "bis zu 30 % Rabatt", Bound.UP_TO),
        ("de-DE", "über 30 Modelle", Bound.OVER),
        ("de-DE", "unter 30 €", Bound.UNDER),
        ("de-DE", "20 bis 30 % Rabatt", Bound.RANGE),
        ("fr-FR", "jusqu'à 30 % de remise", Bound.UP_TO),
        ("fr-FR", "plus de 30 modèles", Bound.OVER),
        ("fr-FR", "moins de 30 €", Bound.UNDER),
        ("fr-FR", "20 à 30 % de remise", Bound.RANGE),
    ],
)
def test_how_exactly_a_value_is_meant(locale: str, text: str, bound: Bound) -> None:
    assert values_in(text, locale)[-1].bound is bound


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("de-DE", "Ein Weg, eine Jacke und einer von uns"),
        ("de-DE", "Ein Gespräch unter vier Augen"),
        ("de-DE", "Gib acht auf die Wurzeln"),
        ("de-DE", "Die Hälfte des Weges liegt hinter uns"),
        ("de-DE", "Die zweite Jacke für alle Fälle"),
        ("fr-FR", "Un chemin, une veste et l'un de nous"),
        ("fr-FR", "Tous les deux, à quatre pattes"),
        ("fr-FR", "Un sac neuf, tout neuf, quoi de neuf"),
        ("fr-FR", "La moitié du chemin"),
        ("fr-FR", "La deuxième veste pour la pluie"),
    ],
)
def test_words_that_count_nothing(locale: str, text: str) -> None:
    assert values_in(text, locale) == ()


@given(st.text(alphabet="zweidrehundftasx cquinmlo-' ", max_size=60), st.sampled_from(["de-DE", "fr-FR"]))
def test_spans_stay_inside_any_text(text: str, locale: str) -> None:
    for value in values_in(text, locale):
        assert 0 <= value.start < value.end <= len(text)
        assert value.shown == text[value.start : value.end]
