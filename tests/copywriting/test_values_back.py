"""From values back to tokens: what is certain comes back, and nothing is guessed."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.copywriting.values_back import Unclear, same_text, tokens_again
from app.tokens import fill

VALUES = {
    "product.name": "Corrie 28 Pack",
    "product.price": "$129",
    "offer.discount": "20%",
    "offer.ends": "December 6",
    "product.saving": "20\u202f%",
    "person.first_name": "friend",
    "person.city": "home",
    "product.other": "Corrie 28",
    "product.twin": "Corrie 28 Pack",
}


def back(edited: str, original: str) -> str:
    return tokens_again(edited, original, VALUES.__getitem__)


@pytest.mark.parametrize(
    ("original", "edited", "expected"),
    [
        ("Meet the {product.name}", "Say hello to the Corrie 28 Pack", "Say hello to the {product.name}"),
        ("{offer.discount} off", "Take 20% off today", "Take {offer.discount} off today"),
        ("Yours for {product.price}.", "For $129, yours.", "For {product.price}, yours."),
        ("{person.first_name}, hello", "Hello, friend!", "Hello, {person.first_name}!"),
        ("Close to {person.city}", "Close to home, homeland", "Close to {person.city}, homeland"),
        (
            "{product.name} by {product.other}",
            "Corrie 28 and Corrie 28 Pack",
            "{product.other} and {product.name}",
        ),
        ("Words alone", "Other words", "Other words"),
        ("{product.name}s", "Two Corrie 28 Packs", "Two {product.name}s"),
        ("{product.saving} less", "now 20 % less", "now {product.saving} less"),
        # Somebody who writes the token is taken at their word, whatever else the text holds.
        ("Close to {person.city}", "From home to {person.city}", "From home to {person.city}"),
        ("{product.name} now", "{product.name} for {product.price}", "{product.name} for {product.price}"),
        ("{product.name} {product.twin}", "{product.twin}: {product.name}", "{product.twin}: {product.name}"),
    ],
)
def test_values_become_tokens_again(original: str, edited: str, expected: str) -> None:
    assert back(edited, original) == expected


@pytest.mark.parametrize(
    ("original", "edited", "why"),
    [
        ("Meet the {product.name}", "Meet the Corrie 30 Pack", "was changed or dropped"),
        ("Meet the {product.name}", "Meet the corrie 28 pack", "was changed or dropped"),
        ("Meet the {product.name}", "Meet it", "was changed or dropped"),
        ("{product.name} it is", "Corrie 28 Packs it is", "was changed or dropped"),
        ("Close to {person.city}", "From home to home", "stands 2 times, and one of them is {person.city}"),
        ("{product.name} {product.twin}", "Corrie 28 Pack Corrie 28 Pack", "stands for several tokens"),
        ("{product.price} and {offer.discount}", "$119 and 20%", "'$129', the value of {product.price}"),
    ],
)
def test_what_is_not_certain_is_refused_with_the_way_out(original: str, edited: str, why: str) -> None:
    with pytest.raises(Unclear) as refused:
        back(edited, original)
    assert why in refused.value.message
    assert "{" in refused.value.hint


WORDS = st.text(alphabet="abc hom$29%,.- \u00a0", max_size=12)
TOKENS = st.sampled_from([f"{{{name}}}" for name in VALUES])
ORIGINALS = st.lists(st.one_of(WORDS, TOKENS), max_size=6).map("".join)
FREE_VALUES = st.dictionaries(
    st.sampled_from(list(VALUES)),
    st.text(alphabet="abc 129$", min_size=0, max_size=6),
    min_size=len(VALUES),
    max_size=len(VALUES),
)


@given(original=ORIGINALS, values=st.one_of(st.just(VALUES), FREE_VALUES))
def test_tokens_to_values_to_tokens_is_the_identity_or_a_refusal(
    original: str, values: dict[str, str]
) -> None:
    """Never another text: whatever the values are, and whatever stands around them."""
    try:
        found = tokens_again(fill(original, values), original, values.__getitem__)
    except Unclear:
        return
    assert found == original


@given(
    original=st.lists(st.one_of(st.sampled_from(["so ", "and ", "then "]), TOKENS), max_size=6).map("".join),
    values=st.permutations(["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta1", "theta", "iota"]),
)
def test_values_that_stand_for_one_token_and_for_nothing_else_always_come_back(
    original: str, values: list[str]
) -> None:
    named = dict(zip(VALUES, (f"<{value}>" for value in values), strict=True))
    assert tokens_again(fill(original, named), original, named.__getitem__) == original


@given(text=st.text(), tail=st.sampled_from(["", " ", "\u00a0", "\r\n"]))
def test_spaces_are_no_edit(text: str, tail: str) -> None:
    assume("\u0085" not in text)
    assert same_text(text) == same_text(f" {text}{tail}".replace(" ", "\u00a0"))
