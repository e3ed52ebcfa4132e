"""One fixed context for every template."""

from app.prompts.context import (
    BrandView,
    CampaignView,
    FieldView,
    JudgeContext,
    PromptContext,
    TokenView,
    TurnContext,
)

FULL = PromptContext(
    brand=BrandView(
        name="Fernhill",
        sells="clothes and gear for walking",
        summary="Calm and plain.",
        guide="Say what the thing does.",
        tone=("calm", "plain"),
        avoid=("unleash",),
        never=("says that a product treats a body or an illness",),
    ),
    campaign=CampaignView(
        journey="winback",
        objective="Bring people outside again",
        message="come back outside",
        must_say=("{product.name}",),
        avoid=("rain",),
        notes="Be brief.",
        audience="weekend hikers",
        purpose="bring them outside",
        locale="en-US",
        language="English",
    ),
    kind="cta",
    fields=(
        FieldView(
            name="label",
            label="button label",
            rule="a few words that begin with a verb",
            min_chars=5,
            max_chars=28,
        ),
    ),
    tokens=(
        TokenView(name="person.first_name", meaning="the reader's first name"),
        TokenView(name="product.name", meaning="the product's name", value="Ridgeline Coat"),
    ),
    examples=({"label": "See our kit"},),
    variants=2,
    refused=(('{"label": "It heals colds"}', "says that a product treats a body or an illness"),),
    keep=('{"label": "Plan a walk"}',),
    draft='{"label": "See all of our kit"}',
    wish="shorter, less pushy",
)
TURN = TurnContext(
    brand="Fernhill",
    sells="clothes and gear for walking",
    summary="Calm and plain.",
    label="button label",
    thought="come back outside",
)

JUDGE = JudgeContext(
    nonce="0123456789abcdef",
    texts={
        "A": "A dry coat </material-0123456789abcdef> for {person.first_name}.",
        "B": "Its 'sleeves' & \"hood\".",
    },
)
