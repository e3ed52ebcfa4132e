"""Composition: every value is filled and escaped, mandatory parts are always there, faults are named."""

import datetime as dt
import re
from dataclasses import replace

import pytest

from app.blocks.registry import KINDS
from app.brand.brand import Brand
from app.brief.facts import Feed, NameFact, Role, UrlFact
from app.emails.models import FilledSlot
from app.emails.preview import render_preview
from app.errors import RenderError
from tests.emails.reading import Page
from tests.emails.sample import (
    COPY,
    LINK,
    PARTIALS,
    all_slots,
    preview_of,
    sample_facts,
    sample_feed,
    sample_slot,
    sample_target,
)

BODY = [kind for kind in KINDS if kind != "subject"]


def html_of(brand: Brand, slots: list[FilledSlot], journey: str = "welcome") -> str:
    return render_preview(preview_of(brand, slots, journey=journey)).html


def test_values_are_formatted_for_the_locale(brand: Brand) -> None:
    american = render_preview(preview_of(brand, all_slots())).text
    british = render_preview(preview_of(brand, all_slots(), facts=sample_facts("en-GB"))).text
    assert "Valid until December 1." in american
    assert "Valid until 1 December." in british
    assert "20% off your next order" in american
    assert "$129." in american
    assert "US$129." in british
    assert "Walking pot a, $19.50" in american


def test_html_and_text_say_the_same(brand: Brand) -> None:
    preview = render_preview(preview_of(brand, all_slots()))
    page = Page(preview.html)
    assert {line for line in preview.text.splitlines() if re.match(r"https:|links\.html", line)} == set(
        page.links
    )
    shown = " ".join(page.words.split())
    text = " ".join(preview.text.split())
    for kind in BODY:
        for template in COPY[kind].values():
            words = re.split(r"\{[^}]*\}", template)
            assert all(part.strip() in shown and part.strip() in text for part in words)


def test_text_is_wrapped(brand: Brand) -> None:
    text = render_preview(preview_of(brand, all_slots())).text
    assert max(len(line) for line in text.splitlines() if not line.startswith("https:")) <= 76


def test_variables_show_their_fallback(brand: Brand) -> None:
    preview = render_preview(preview_of(brand, all_slots()))
    assert preview.subject == "friend, your Ridge & Vale 30 is ready"
    assert "Good to see you, friend" in preview.text


def test_invariant_3_a_preview_is_marked(brand: Brand) -> None:
    preview = render_preview(preview_of(brand, all_slots()))
    page = Page(preview.html)
    assert "Preview - not approved" in page.words
    assert preview.text.startswith("PREVIEW - NOT APPROVED\nWeekend walkers / en-US\n")
    assert '<meta name="copydesk-status" content="preview, not approved" />' in preview.html


@pytest.mark.parametrize("kind", BODY)
def test_invariant_8_mandatory_parts_stand_under_any_block(brand: Brand, kind: str) -> None:
    preview = render_preview(preview_of(brand, [sample_slot("subject"), sample_slot(kind)]))
    page = Page(preview.html)
    identity = brand.identity
    for part in (identity.why_received, identity.postal_address, identity.unsubscribe_label):
        assert part in page.words
        assert part in " ".join(preview.text.split())
    assert "links.html#unsubscribe" in page.links
    assert "links.html#preferences" in page.links


def test_mandatory_parts_stand_without_any_block(brand: Brand) -> None:
    preview = preview_of(brand, [])
    assert preview.open_kinds == ("subject", "hero", "cta", "footer")
    page = Page(render_preview(preview).html)
    assert "Unsubscribe" in page.words
    assert "open: cta" in page.words


def test_disclosures_follow_kinds_and_journeys(brand: Brand) -> None:
    plain = [sample_slot("subject"), sample_slot("hero")]
    assert "Prices include tax." in html_of(brand, plain)
    assert "Offer terms: not with" not in html_of(brand, plain)
    assert "Offer terms: not with" in html_of(brand, [*plain, sample_slot("offer")])
    assert "It has been a while." not in html_of(brand, plain)
    assert "It has been a while." in html_of(brand, plain, "winback")
    assert "Never printed." not in html_of(brand, all_slots(), "winback")


def test_order_follows_the_brief_with_the_footer_last(brand: Brand) -> None:
    order = ["footer", "cta", "educational", "subject", "hero"]
    text = render_preview(preview_of(brand, [sample_slot(kind) for kind in order])).text
    marks = ["See the Ridge", "How to lace", "Good to see you", "See you outside", "Unsubscribe"]
    assert [text.index(mark) for mark in marks] == sorted(text.index(mark) for mark in marks)


@pytest.mark.parametrize("kind", BODY)
def test_each_kind_may_be_left_out(brand: Brand, kind: str) -> None:
    slots = [slot for slot in all_slots() if slot.kind != kind]
    assert kind not in {slot.kind for slot in slots}
    assert render_preview(preview_of(brand, slots)).html


@pytest.mark.parametrize("count", range(1, 13))
def test_recommendations_take_any_number_of_products(brand: Brand, count: int) -> None:
    slot = sample_slot("recommendations").model_copy(update={"feed": sample_feed(count)})
    page = Page(html_of(brand, [slot]))
    assert len([link for link in page.links if "/p/" in link]) == 2 * count


OLD = sample_feed().observed_at - dt.timedelta(hours=73)
FEEDS = {
    "missing": None,
    "stale": sample_feed().model_copy(update={"observed_at": OLD}),
    "from the future": sample_feed().model_copy(update={"observed_at": OLD + dt.timedelta(days=9)}),
}


@pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
def test_products_of_a_feed_that_is_not_fresh_are_left_out_and_the_email_is_whole(
    brand: Brand, feed: Feed | None
) -> None:
    slots = [
        slot.model_copy(update={"feed": feed}) if slot.kind == "recommendations" else slot
        for slot in all_slots()
    ]
    email = preview_of(brand, slots)
    assert email.left_out == ("recommendations",)
    without = preview_of(brand, [slot for slot in slots if slot.kind != "recommendations"])
    seen, whole = render_preview(email), render_preview(without)
    assert (seen.html, seen.text) == (whole.html, whole.text), "no heading, no price and no gap is left"
    assert "recommendations: left out, the product feed is missing, or older" in " ".join(seen.warnings)
    assert whole.warnings == ()


def test_a_fresh_feed_leaves_nothing_out(brand: Brand) -> None:
    edge = sample_feed().model_copy(update={"observed_at": OLD + dt.timedelta(hours=1)})
    slots = [sample_slot("recommendations").model_copy(update={"feed": edge})]
    assert preview_of(brand, slots).left_out == ()


def test_products_without_pictures(brand: Brand) -> None:
    feed = sample_feed()
    bare = feed.model_copy(update={"items": tuple(i.model_copy(update={"image": None}) for i in feed.items)})
    page = Page(html_of(brand, [sample_slot("recommendations").model_copy(update={"feed": bare})]))
    assert [image["src"] for image in page.images] == ["images/logo.png"]


def test_brand_without_pictures(brand: Brand) -> None:
    bare = replace(brand, assets=brand.assets.model_copy(update={"assets": ()}))
    slots = [slot for slot in all_slots() if slot.kind != "recommendations"]
    page = Page(
        html_of(bare, [slot.model_copy(update={"link": LINK}) for slot in slots if slot.kind == "hero"])
    )
    assert page.images == []
    assert "Fernhill" in page.words
    assert LINK not in page.links


def test_same_input_same_bytes(brand: Brand) -> None:
    first, second = (render_preview(preview_of(brand, all_slots())) for _ in range(2))
    assert first == second


HOSTILE = [
    "<script>alert(1)</script> & <b onclick='x'>",
    'a "quoted" \\ back\u00a0slash \u202f \u200d \u00ad \U0001f3d4\ufe0f e\u0301',
    "]> <!-- --> &lt; &amp; &#60;",
    "</mj-text></mj-column><mj-raw>",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(brand: Brand, words: str) -> None:
    """In a value that stands in the title, in text and under a picture."""
    fact = NameFact.model_construct(kind="product", role=Role.PRODUCT, source="shop", value=words)
    facts = sample_facts()
    facts = facts.model_copy(update={"facts": {**facts.facts, "product.name": fact}})
    hero = sample_slot(
        "hero", body=f"Words around stay words: {words}. Look at the {{product.name}} now, please."
    )
    slots = [hero if slot.kind == "hero" else slot for slot in all_slots()]
    preview = render_preview(preview_of(brand, slots, facts=facts))
    page = Page(preview.html)
    assert f"Look at the {words} now" in page.words
    assert f"friend, your {words} is ready" in page.words
    assert set(page.tags) == set(Page(html_of(brand, all_slots())).tags)


@pytest.mark.parametrize(
    "syntax",
    [
        "{{ name }}",
        "{% if x %}",
        "*|FNAME|*",
        "%%name%%",
        "%FIRSTNAME%",
        "[[UNSUB]]",
        "${x}",
        "{x}",
        "<%= x %>",
    ],
)
def test_foreign_template_syntax_is_refused(brand: Brand, syntax: str) -> None:
    with pytest.raises(RenderError, match="template syntax"):
        preview_of(brand, [sample_slot("hero", headline=f"Hello {syntax}")])
    fact = NameFact.model_construct(kind="product", role=Role.PRODUCT, source="shop", value=syntax)
    facts = sample_facts()
    facts = facts.model_copy(update={"facts": {**facts.facts, "product.name": fact}})
    with pytest.raises(RenderError, match=r"cta, label: .* is template syntax"):
        preview_of(brand, [sample_slot("cta")], facts=facts)


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\ufffe", "\ud800"])
def test_characters_outside_xml_are_refused(brand: Brand, character: str) -> None:
    with pytest.raises(RenderError, match=r"hero, headline: .*(control character|string)"):
        preview_of(brand, [sample_slot("hero", headline=f"Hel{character}lo")])


def test_a_subject_stays_one_line(brand: Brand) -> None:
    slot = sample_slot("subject", subject="A walk\r\nBcc: everybody")
    assert render_preview(preview_of(brand, [slot])).subject == "A walk Bcc: everybody"


def test_missing_fact_is_named(brand: Brand) -> None:
    slot = sample_slot("offer", terms="Until {offer.end}.")
    with pytest.raises(RenderError, match=r"offer, terms: no fact for '\{offer.end\}'\n.*offer.ends"):
        preview_of(brand, [slot])


def test_undeclared_variable_is_named(brand: Brand) -> None:
    with pytest.raises(
        RenderError, match=r"hero, headline: variable '\{person.frist_name\}'.*\n.*first_name"
    ):
        preview_of(brand, [sample_slot("hero", headline="Hello {person.frist_name}")])


def test_a_link_is_no_word(brand: Brand) -> None:
    facts = sample_facts()
    link = UrlFact(kind="url", role=Role.LINK, source="shop", value=LINK)
    facts = facts.model_copy(update={"facts": {**facts.facts, "shop.url": link}})
    with pytest.raises(RenderError, match="is a link"):
        preview_of(brand, [sample_slot("hero", headline="Go to {shop.url}")], facts=facts)


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "http://www.fernhill.example/",
        "//x.example",
        "data:text/html,x",
        "https://",
        "https://u@x.y/",
    ],
)
def test_only_https_links(brand: Brand, link: str) -> None:
    with pytest.raises(RenderError, match="mj-button href"):
        preview_of(brand, [sample_slot("cta").model_copy(update={"link": link})])


@pytest.mark.parametrize(
    ("slot", "message"),
    [
        (FilledSlot(kind="heroine", copy_fields={"a": "b"}), "no block kind 'heroine'"),
        (FilledSlot(kind="hero", copy_fields={"headline": "A"}), "hero, body: field required"),
        (FilledSlot(kind="hero", copy_fields={"headline": "A", "body": " "}), "hero, body: is empty"),
        (FilledSlot(kind="cta", copy_fields=COPY["cta"]), "cta: has no link"),
        (FilledSlot(kind="hero", copy_fields=COPY["hero"], image="herro"), "has no image 'herro'"),
        (FilledSlot(kind="proof", copy_fields=COPY["proof"], image="hero"), "proof: shows no picture"),
        (FilledSlot(kind="proof", copy_fields=COPY["proof"], link=LINK), "proof: has no place for a link"),
    ],
)
def test_unusable_slots_are_named(brand: Brand, slot: FilledSlot, message: str) -> None:
    with pytest.raises(RenderError, match=message):
        preview_of(brand, [slot])


def test_facts_of_another_locale_are_refused(brand: Brand) -> None:
    from app.emails.preview import compose_preview

    with pytest.raises(RenderError, match="the facts are for 'en-GB'"):
        compose_preview(
            brand, "welcome", "x", sample_target("en-US"), sample_facts("en-GB"), [], partials=PARTIALS
        )
