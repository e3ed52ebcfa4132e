"""A denial takes a claim back; a wink, a question or "not just" does not."""

import pytest

from app.brand.packs import load_packs
from app.guardrails.denials import denied
from app.guardrails.frame import Piece
from app.guardrails.matcher import Matcher
from app.settings import content_root


def _span(text: str, claim: str) -> tuple[int, int]:
    start = text.index(claim)
    return start, start + len(claim)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("There is no good evidence that magnets ease pain.", "ease pain"),
        ("It isn't the fastest printer on the market, just a quiet one.", "fastest printer"),
        ("We don't call this packaging sustainable: the lid goes in the bin.", "sustainable"),
        ("Not every applicant will be accepted.", "every applicant will be accepted"),
        ("Offsetting doesn't make a flight carbon neutral.", "Offsetting doesn't make"),
        ("Not all of our packaging is recyclable anywhere yet.", "recyclable anywhere"),
        ("We're not going to call a jet flight good for the planet.", "good for the planet"),
        ("No cream can promise to cure eczema.", "cure eczema"),
        ("No app will double your money.", "double your money"),
        ("We don't do miracle cures.", "cures"),
        ("We make no promises about weight loss.", "weight loss"),
        ("There is no guaranteed income here, just a decent rate.", "guaranteed income"),
        ("We don't think this will make you rich.", "make you rich"),
        ("We never promise guaranteed returns.", "guaranteed returns"),
        ("A course, honestly, that won't make you rich.", "make you rich"),
        ("This balm does not heal psoriasis.", "This balm does not heal psoriasis"),
        ("It is not clinically proven to lower blood pressure.", "lower blood pressure"),
    ],
)
def test_an_honest_denial_is_no_claim(text: str, claim: str) -> None:
    assert denied(Piece(text=text), _span(text, claim), "guarantee", "en")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("We can't call it a cure, but you will.", "cure"),
        ("It's not just the fastest printer in the world.", "the fastest printer"),
        ("Not sleeping? This tea cures insomnia.", "cures insomnia"),
        ("We can't stop saying it: the world's best marmalade.", "best marmalade"),
        ("Fold it. It eases pain.", "eases pain"),
        # no negation, although it looks like one
        ("It not only cures eczema, it smells nice.", "cures eczema"),
        ("Never fails to cure eczema.", "cure eczema"),
        ("No other cream cures eczema like this.", "cures eczema"),
        ("Why not cure your eczema tonight?", "cure your eczema"),
        ("No risk guaranteed returns.", "guaranteed returns"),
        ("Don't miss our guaranteed returns.", "guaranteed returns"),
        ("There's no better cure for eczema.", "cure for eczema"),
        # two of them
        ("It isn't false that this cures eczema.", "cures eczema"),
        ("Nobody can say this doesn't cure eczema.", "cure eczema"),
        ("There is nothing this balm won't heal.", "heal"),
        ("It never stops curing eczema.", "curing eczema"),
        # in another clause, or another sentence
        ("Don't wait, cure your eczema now.", "cure your eczema"),
        ("We can't promise it's pretty but it cures eczema.", "cures eczema"),
        ("We can't promise it's pretty, it cures eczema.", "cures eczema"),
        ("We're not a bank, and we offer guaranteed returns.", "guaranteed returns"),
        ("People who don't exercise still get guaranteed results.", "guaranteed results"),
        ("If you can't sleep this tea cures insomnia.", "cures insomnia"),
        # of something else, somebody else's, or on a condition
        ("Other creams don't heal psoriasis.", "heal psoriasis"),
        ("Not all creams heal psoriasis. Ours does.", "heal psoriasis"),
        ("They said it couldn't cure eczema.", "cure eczema"),
        ("Legally we can't say it cures eczema.", "cures eczema"),
        ("If it doesn't cure your eczema, we pay you back.", "cure your eczema"),
        ("You won't get rich without our guaranteed returns.", "guaranteed returns"),
        # taken back itself
        ("We don't call it the miracle cure for nothing.", "miracle cure"),
        ("It doesn't treat eczema. It cures it.", "treat eczema"),
        ("Isn't it time for a miracle cure?", "miracle cure"),
    ],
)
def test_a_wink_or_another_sentence_denies_nothing(text: str, claim: str) -> None:
    assert not denied(Piece(text=text), _span(text, claim), "health_claim", "en")


def test_nobody_and_nothing_make_a_rank_and_deny_none() -> None:
    text, claim = "No shoe could be the best any longer than ours.", "the best"
    assert not denied(Piece(text=text), _span(text, claim), "superlative_unsubstantiated", "en")
    text = "We wouldn't say it's the best in the world."
    assert denied(Piece(text=text), _span(text, claim), "superlative_unsubstantiated", "en")


def test_nothing_that_a_rule_has_to_catch_is_taken_for_a_denial() -> None:
    packs = load_packs(content_root() / "brand")
    for rule in (rule for pack in packs.values() for rule in pack.rules if "en" in rule.languages):
        matcher = Matcher([rule])
        for text in rule.fails:
            piece = Piece(text=text)
            hits = matcher.hits(piece.shadows)
            assert not hits or not all(denied(piece, hit.span, rule.category, "en") for hit in hits), text


def test_not_overpriced_like_theirs_runs_somebody_down_all_the_same() -> None:
    text = "Ours is not overpriced."
    assert not denied(Piece(text=text), _span(text, "overpriced"), "competitor_disparagement", "en")


def test_a_language_without_denials_denies_nothing() -> None:
    text = "It isn't the fastest."
    assert not denied(Piece(text=text), _span(text, "fastest"), "guarantee", "xx")
