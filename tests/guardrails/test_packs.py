"""The shipped packs: each is judged in its markets, from its day on, and in its place."""

import datetime as dt
from dataclasses import replace

import pytest

from app.brand.markets import groups
from app.brand.packs import load_packs
from app.brand.scope import Scope
from app.guardrails.frame import Context, Piece
from app.guardrails.rule_scope import applies
from app.guardrails.rulebook import RuleBook
from app.guardrails.suite import judge
from app.settings import content_root
from app.verdicts.reports import Finding
from tests import factories

PACKS = load_packs(content_root() / "brand")
RULES = tuple(rule for pack in PACKS.values() for rule in pack.rules)
BOOK = RuleBook.of_packs(RULES)
LAWS = [pack for pack in PACKS.values() if pack.head.markets]
DAY = dt.datetime(2026, 11, 27, 9, tzinfo=dt.UTC)


def context(**given: object) -> Context:
    return replace(factories.make_context(), rulebook=BOOK, as_of=DAY, **given)  # type: ignore[arg-type]


def findings(text: str, piece: Piece | None = None, **given: object) -> dict[str, Finding]:
    report = judge(replace(piece or Piece(""), text=text), context(**given))
    return {finding.rule: finding for finding in report.findings}


def found(text: str, piece: Piece | None = None, **given: object) -> set[str]:
    return set(findings(text, piece, **given))


IN_ONE_MARKET: list[tuple[str, ...]] = [
    ("us_can_spam", "en-US", "body", "To unsubscribe, call our desk", "us_opt_out", "GB"),
    ("us_cema", "en-US", "subject", "Last day to save on jars", "us_cema_end", "CA"),
    ("us_ftc_health", "en-US", "body", "A capsule that blocks carbs", "us_health_gut_check", "DE"),
    ("us_ftc_earnings", "en-US", "body", "A business in a box", "us_earnings_easy", "GB"),
    ("us_ftc_free", "en-US", "body", "Just pay shipping", "us_free_bonus", "GB"),
    ("us_ftc_pricing", "en-US", "body", "The sale has been extended", "us_sale_extended", "FR"),
    ("us_ftc_endorsements", "en-US", "body", "Influencers love the lid", "us_review_paid_voice", "GB"),
    ("us_ftc_green", "en-US", "body", "A recyclable choice", "us_green_recyclable", "GB"),
    ("us_fda", "en-US", "body", "An FDA-approved jar of oats", "us_fda_approval", "GB"),
    ("eu_ucpd", "en-IE", "body", "Approved by the EU", "eu_approved_by_body", "GB"),
    ("eu_ucpd", "de-DE", "body", "Alles raus, Geschäftsaufgabe", "eu_de_moving_out", "CH"),
    ("eu_price_reductions", "de-DE", "body", "Statt 80 €, jetzt 60 €", "eu_de_was_now", "CH"),
    ("eu_price_reductions", "fr-FR", "body", "60 € au lieu de 80 €", "eu_fr_was_now", "CA"),
    ("eu_price_reductions", "es-ES", "body", "Antes 80 €, ahora 60 €", "eu_es_was_now", "MX"),
    ("eu_green", "fr-FR", "body", "Livraison compensée", "eu_fr_green_offset", "CH"),
    ("eu_health_claims", "de-DE", "body", "Ein gesunder Snack", "eu_de_health_general", "US"),
    ("uk_cap", "en-GB", "body", "A gin that gives you courage", "uk_alcohol_effect", "IE"),
    ("ca_casl", "en-CA", "body", "Your consent is on file", "ca_consent_claimed", "US"),
]


@pytest.mark.parametrize("case", IN_ONE_MARKET)
def test_a_pack_applies_in_its_markets_and_nowhere_else(case: tuple[str, ...]) -> None:
    pack, locale, field, text, rule, elsewhere = case
    assert rule in {item.id for item in PACKS[pack].rules}
    piece = Piece("", field=field)
    assert rule in found(text, piece, locale=locale, market=locale[-2:])
    assert rule not in found(text, piece, locale=locale, market=elsewhere)


def test_there_is_a_case_for_every_pack_of_a_law() -> None:
    assert {case[0] for case in IN_ONE_MARKET} == {pack.id for pack in LAWS}


def test_the_market_counts_and_not_the_language() -> None:
    text = "We plant a tree for every order"
    assert "eu_green_offset" in found(text, locale="en-US", market="DE")
    assert "eu_green_offset" not in found(text, locale="en-US", market="US")
    assert "eu_green_offset" in found(text, locale="en-GB", market="EU")


def test_without_a_market_it_is_that_of_the_locale() -> None:
    assert "uk_rrp" in found("Far below RRP", locale="en-GB")
    assert "uk_rrp" not in found("Far below RRP", locale="en-US")


def test_britain_is_known_by_both_of_its_names() -> None:
    assert Scope(markets=("UK",)).in_market("GB")
    assert PACKS["uk_cap"].head.markets == ("GB",)


def test_every_member_of_the_union_is_under_its_law() -> None:
    scope = Scope(markets=("EU",))
    members = groups()["EU"]
    assert len(members) == 27
    assert all(scope.in_market(member) for member in members)
    assert not any(scope.in_market(other) for other in ("GB", "CH", "NO", "US"))


@pytest.mark.parametrize(
    ("pack", "text", "rule", "locale"),
    [
        ("eu_green", "We plant a tree for every order", "eu_green_offset", "en-IE"),
        ("us_ftc_endorsements", "Influencers love the lid", "us_review_paid_voice", "en-US"),
        ("eu_price_reductions", "A third off the usual price", "eu_reduced_from", "en-IE"),
    ],
)
def test_a_pack_applies_from_its_day_on(pack: str, text: str, rule: str, locale: str) -> None:
    first = PACKS[pack].head.applies_from
    assert first is not None
    start = dt.datetime.combine(first, dt.time(), dt.UTC)
    book = replace(context(locale=locale), as_of=start - dt.timedelta(seconds=1))
    before = {finding.rule for finding in judge(Piece(text), book).findings}
    assert rule not in before
    assert rule in {f.rule for f in judge(Piece(text), replace(book, as_of=start)).findings}


def test_the_green_directive_begins_on_its_day() -> None:
    assert PACKS["eu_green"].head.applies_from == dt.date(2026, 9, 27)


def test_subject_rules_look_at_subjects_only() -> None:
    for field in ("preheader", "headline", "body", "cta"):
        assert "us_cema_end" not in found("Last day to save on jars", Piece("", field=field))
    assert "us_cema_end" in found("Last day to save on jars", Piece("", field="subject"))


@pytest.mark.parametrize(
    ("scope", "inside", "outside"),
    [
        ({"fields": ["cta"]}, {"field": "cta"}, {"field": "body"}),
        ({"kinds": ["offer"]}, {"kind": "offer"}, {"kind": "hero"}),
        ({"locales": ["en-GB"]}, {"locale": "en-GB"}, {"locale": "en-US"}),
        ({"journeys": ["winback"]}, {"journey": "winback"}, {"journey": "welcome"}),
        ({"journeys": ["winback"]}, {"journey": "winback"}, {"journey": "transactional"}),
        ({"markets": ["EU"]}, {"market": "FR"}, {"market": "US"}),
    ],
)
def test_a_rule_looks_only_where_its_scope_says(
    scope: dict[str, list[str]], inside: dict[str, str], outside: dict[str, str]
) -> None:
    (plain, *_) = factories.make_brand().claims
    rule = plain.model_copy(update={"scope": Scope.model_validate(scope)})
    book = RuleBook.of(factories.make_brand(claims=(rule,)))

    def refused(given: dict[str, str]) -> bool:
        piece = Piece("It cures colds.", **{k: v for k, v in given.items() if k in ("field", "kind")})  # type: ignore[arg-type]
        rest = {key: value for key, value in given.items() if key not in ("field", "kind")}
        report = judge(piece, replace(factories.make_context(), rulebook=book, **rest))  # type: ignore[arg-type]
        return any(finding.rule == "cures" for finding in report.findings)

    assert refused(inside)
    assert not refused(outside)


def test_what_is_not_known_of_copy_takes_no_rule_away() -> None:
    (plain, *_) = factories.make_brand().claims
    rule = plain.model_copy(update={"scope": Scope(kinds=("offer",), journeys=("winback",))})
    assert applies(rule, Piece("x"), factories.make_context())


QUALIFIED = [
    ("en-US", "us_fda_structure_function", "Calcium supports bones.", [
        "this statement has not been evaluated by the food and drug administration",
        "this product is not intended to diagnose, treat, cure, or prevent any disease",
    ]),
    ("en-US", "us_green_recyclable", "A choice that is recyclable", ["which part", "where"]),
    ("en-US", "us_up_to", "Save up to a third", ["on what"]),
    ("en-GB", "uk_investment", "Invest in whisky casks.", ["value can go down"]),
    ("de-DE", "eu_de_was_now", "Statt 80 €, jetzt 60 €", ["lowest of the last 30 days"]),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "rule", "text", "missing"), QUALIFIED)
def test_the_finding_says_what_is_missing_beside_the_claim(
    locale: str, rule: str, text: str, missing: list[str]
) -> None:
    suggestion = findings(text, locale=locale)[rule].suggestion.lower()
    assert "missing here: " in suggestion
    assert all(words in suggestion for words in missing)


def test_only_what_is_missing_is_named() -> None:
    half = (
        "Calcium supports bones. This statement has not been evaluated by the Food and Drug Administration."
    )
    suggestion = findings(half)["us_fda_structure_function"].suggestion
    assert "not intended to diagnose" in suggestion
    assert "has not been evaluated" not in suggestion


def test_the_whole_disclaimer_lets_the_statement_stand() -> None:
    whole = (
        "Calcium supports bones. This statement has not been evaluated by the Food and Drug Administration. "
        "This product is not intended to diagnose, treat, cure, or prevent any disease."
    )
    assert "us_fda_structure_function" not in found(whole)


def test_a_qualifier_of_a_sentence_does_not_count_in_another() -> None:
    assert "us_green_recyclable" not in found("The jar is recyclable in most towns.")
    assert "us_green_recyclable" in found(
        "Choose what is recyclable. We wash the jar, in most towns by hand."
    )


def test_a_disguised_qualifier_is_none() -> None:
    clean = "Invest in whisky casks. The value can go down as well as up."
    assert "uk_investment" not in found(clean, locale="en-GB")
    assert "uk_investment" in found(clean.replace("down", "d.o.w.n"), locale="en-GB")


def test_facts_do_not_stand_for_what_has_to_be_read() -> None:
    from app.generation.check_door import CheckDoor

    door = CheckDoor(BOOK, "de-DE", None, DAY)
    facts = {"price": "60 €", "was_price": "80 €"}
    bare = door.check_item({"text": "Jetzt 60 €, statt 80 €", "facts": facts})
    assert "eu_de_was_now" in {finding.rule for finding in bare.findings}
    said = "Jetzt 60 €, statt 80 €, niedrigster Preis der letzten 30 Tage"
    assert "eu_de_was_now" not in {f.rule for f in door.check_item({"text": said, "facts": facts}).findings}


@pytest.mark.parametrize("pack", LAWS, ids=lambda pack: pack.id)
def test_a_pack_names_its_law_and_its_rules_are_its_own(pack: object) -> None:
    assert isinstance(pack, type(LAWS[0]))
    assert 3 <= sum("en" in rule.languages for rule in pack.rules) <= 10
    assert pack.head.source_date <= DAY.date()
    core = {p.casefold() for rule in PACKS["core"].rules for p in rule.phrases}
    assert core & {phrase.casefold() for rule in pack.rules for phrase in rule.phrases} == set()


def test_ids_are_unique_over_all_packs() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("pack", [pack for pack in LAWS if pack.head.markets == ("EU",)], ids=lambda p: p.id)
def test_the_packs_of_the_union_read_its_languages(pack: object) -> None:
    assert isinstance(pack, type(LAWS[0]))
    assert {"en", "de", "fr"} <= set(pack.languages)
