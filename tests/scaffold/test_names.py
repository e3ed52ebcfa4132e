"""What a new brand may be called: what is wrong is said together with what would be right."""

import pytest

from app.errors import UsageError
from app.scaffold.names import NewBrand, new_brand


def test_what_is_not_given_follows_from_the_name() -> None:
    assert new_brand("acme_tools") == NewBrand(
        "acme_tools", "Acme Tools", "en-US", "US", "www.acme-tools.example", "owner@acme-tools.example"
    )


@pytest.mark.parametrize(
    ("given", "locale", "market"),
    [
        ({"market": "GB"}, "en-GB", "GB"),
        ({"locale": "en-AU"}, "en-AU", "AU"),
        ({"locale": "en-GB", "market": "DE"}, "en-GB", "DE"),
    ],
)
def test_locale_and_market_follow_from_one_another(given: dict[str, str], locale: str, market: str) -> None:
    brand = new_brand("acme", **given)
    assert (brand.locale, brand.market) == (locale, market)


@pytest.mark.parametrize("name", ["Café Olé", "Smith & Sons", "Jo's", "ACME Inc.", "7 Hills", "Müller+Co"])
def test_names_of_shops(name: str) -> None:
    assert new_brand("acme", name=f"  {name} ").name == name


@pytest.mark.parametrize(
    ("given", "message", "hint"),
    [
        ({"brand_id": "Acme Tools!"}, "'Acme Tools!' cannot name a brand folder", "such as acme_tools"),
        ({"brand_id": "_acme"}, "'_acme' cannot name", "such as acme"),
        ({"brand_id": "7"}, "'7' cannot name", "such as acme_tools"),
        ({"brand_id": "../acme"}, "'../acme' cannot name", "such as acme"),
        ({"brand_id": "hero"}, "'hero' is a kind of block", "such as hero_brand"),
        ({"name": "{{ evil }}"}, "'{{ evil }}' cannot stand as a name", "letters, digits and spaces"),
        ({"name": 'The "Best"'}, "cannot stand as a name", "letters, digits and spaces"),
        ({"name": "x" * 61}, "cannot stand as a name", "2 to 60"),
        ({"locale": "english"}, "'english' is no locale", "such as en-US"),
        ({"locale": "de-DE"}, "are English, not 'de'", "add languages/de"),
        ({"locale": "en-QQ"}, "nobody knows how English is written in 'QQ'", "such as en-US"),
        ({"market": "QQ"}, "nobody knows how English is written in 'QQ'", "with --market QQ give a --locale"),
        ({"market": "usa"}, "'usa' is no market", "such as US"),
        ({"host": "https://acme.com/shop"}, "is no host name", "such as acme.com"),
        ({"host": "acme"}, "'acme' is no host name", "such as www.example.com"),
        ({"owner": "ann"}, "'ann' is no address", "such as owner@example.com"),
    ],
)
def test_what_is_wrong_and_what_would_be_right(given: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        new_brand(given.pop("brand_id", "acme"), **given)
    assert message in caught.value.message
    assert hint in caught.value.hint
