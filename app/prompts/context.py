"""What a prompt may be made of. There is no field for a recipient, so none can reach a model.

Every text that people wrote arrives in the templates as data: templates print it through `tojson`, so that
it cannot close its delimiter or pose as an instruction.
"""

from pydantic import BaseModel, ConfigDict


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldView(_Strict):
    """One field to be written, with its limits in characters and words."""

    name: str
    label: str
    rule: str
    min_chars: int
    max_chars: int


class TokenView(_Strict):
    """One token that the copy may use: `meaning` says what it stands for, `value` is its rendered fact.

    `value` is None for merge variables, whose values belong to recipients and are never shown.
    """

    name: str
    meaning: str
    value: str | None = None


class BrandView(_Strict):
    """The brand as a model is told about it."""

    name: str
    sells: str
    summary: str
    guide: str
    tone: tuple[str, ...]
    avoid: tuple[str, ...]
    never: tuple[str, ...]


class CampaignView(_Strict):
    """The brief and the segment as a model is told about them."""

    journey: str
    objective: str
    message: str
    must_say: tuple[str, ...]
    avoid: tuple[str, ...]
    notes: str
    audience: str
    purpose: str
    locale: str
    language: str
    language_code: str = "en"
    formality: str = ""
    """How the reader is addressed, `informal` or `formal`, in languages with two forms."""


class PromptContext(_Strict):
    """Everything that a template can see."""

    brand: BrandView
    campaign: CampaignView
    kind: str
    fields: tuple[FieldView, ...]
    tokens: tuple[TokenView, ...]
    products: str = ""
    """What the products are that stand below the copy, where only the sending platform knows them."""
    examples: tuple[dict[str, str], ...] = ()
    variants: int = 1
    refused: tuple[tuple[str, str], ...] = ()
    """For a re-ask: (copy as JSON, what was wrong in plain words)."""
    keep: tuple[str, ...] = ()
    """For a re-ask: copy that passed and must not be repeated."""
    draft: str = ""
    """For writing a draft anew: its copy as JSON."""
    wish: str = ""
    """For writing a draft anew: what the person wants changed."""


class TurnContext(_Strict):
    """What a small model is told: one clause about the brand, and the thought of one line."""

    brand: str
    sells: str
    summary: str
    label: str
    thought: str


class JudgeContext(_Strict):
    """What a model is told that judges copy: two texts by id, and the code that marks them."""

    nonce: str = ""
    texts: dict[str, str] = {}
