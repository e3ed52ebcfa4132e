"""What a brand folder holds, apart from its segments and its decision contract."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from app.brand.base import Id, Line, LocaleTag, Strict
from app.brand.basis import Basis, check_consent
from app.brand.effects import Effect
from app.brand.lists import ProductList
from app.brand.scope import EVERYWHERE, Override, PackHead, Qualifier, Scope
from app.tokens import TokenName
from app.verdicts.reports import Family, Severity

Prose = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


def holds(effective_from: dt.date | None, as_of: dt.date, until: dt.date | None = None) -> bool:
    """Whether what begins on that day, and ends with `until`, holds when copy is judged or sent."""
    day = as_of.date() if isinstance(as_of, dt.datetime) else as_of
    return (effective_from is None or effective_from <= day) and (until is None or day <= until)


class Design(Strict):
    """Colours and fonts of the email layout. Fonts are stacks of installed families; nothing is fetched."""

    accent: Annotated[Colour, Effect.EMAIL]
    accent_text: Annotated[Colour, Effect.EMAIL]
    ink: Annotated[Colour, Effect.EMAIL]
    muted: Annotated[Colour, Effect.EMAIL]
    paper: Annotated[Colour, Effect.EMAIL]
    canvas: Annotated[Colour, Effect.EMAIL]
    heading_font: Annotated[Line, Effect.EMAIL]
    body_font: Annotated[Line, Effect.EMAIL]
    button_radius: Annotated[int, Field(ge=0, le=40), Effect.EMAIL]


class BrandIdentity(Strict):
    """brand.yaml: who sends, in which locales, under which hosts and packs."""

    id: Annotated[Id, Effect.LOADING]
    name: Annotated[Line, Effect.PROMPT]
    sells: Annotated[Line, Effect.PROMPT]
    """What the brand sells, in one clause, as the model is told it."""
    owner: Annotated[Line, Effect.REPORT]
    locales: Annotated[tuple[LocaleTag, ...], Field(min_length=1), Effect.ROUTING]
    link_hosts: Annotated[tuple[Host, ...], Field(min_length=1), Effect.ROUTING]
    """Hosts that a brief's links may lead to, subdomains included."""
    packs: Annotated[tuple[Id, ...], Effect.VERDICT] = ()
    postal_address: Annotated[Line, Effect.EMAIL]
    unsubscribe_label: Annotated[Line, Effect.EMAIL]
    preferences_label: Annotated[Line, Effect.EMAIL]
    why_received: Annotated[Line, Effect.EMAIL]
    """The sentence that tells readers why they get this email."""
    design: Design


class Person(StrEnum):
    """Grammatical person in which the brand speaks."""

    FIRST_PLURAL = "we"
    NEUTRAL = "neutral"


class Formality(StrEnum):
    """How the brand addresses the reader in languages with two forms: du or Sie, tu or vous."""

    INFORMAL = "informal"
    FORMAL = "formal"


class WordRule(Strict):
    """A word or phrase the voice avoids, what to say instead, and why."""

    word: Annotated[Line, Effect.VERDICT]
    instead: Annotated[str, Effect.VERDICT] = ""
    why: Annotated[Line, Effect.VERDICT]
    severity: Annotated[Severity, Effect.VERDICT] = Severity.BLOCK


class Punctuation(Strict):
    """Limits on marks, counted per field."""

    exclamation_marks: Annotated[int, Field(ge=0, le=3), Effect.VERDICT]
    question_marks: Annotated[int, Field(ge=0, le=3), Effect.VERDICT]
    ellipsis: Annotated[bool, Effect.VERDICT]
    emoji: Annotated[bool, Effect.VERDICT]
    capital_words: Annotated[int, Field(ge=0, le=5), Effect.VERDICT]
    """How many words of four or more letters may stand in capitals; the brand's own words do not count."""


class BadExample(Strict):
    """A line that the machine-checked parts must refuse, and the rule that refuses it."""

    text: Annotated[Line, Effect.LOADING]
    rule: Annotated[Line, Effect.LOADING]


class VoiceExamples(Strict):
    """Lines that sound like the brand, and lines that do not, each with the reason."""

    good: Annotated[tuple[Line, ...], Field(min_length=5), Effect.DECISION]
    bad: Annotated[tuple[BadExample, ...], Field(min_length=3)]


class VoiceGuide(Strict):
    """voice.yaml: prose for the model and the reader, and parts that a guardrail checks."""

    summary: Annotated[Line, Effect.PROMPT]
    """The voice in one sentence; small models get only this."""
    guide: Annotated[Prose, Effect.PROMPT]
    tone: Annotated[tuple[Line, ...], Field(min_length=2, max_length=6), Effect.PROMPT]
    person: Annotated[Person, Effect.VERDICT]
    formality: Annotated[Formality | None, Effect.VERDICT] = None
    """Needed in the voice of every language that has two forms of address."""
    avoid: tuple[WordRule, ...]
    spelling: Annotated[dict[LocaleTag, dict[str, str]], Effect.VERDICT]
    """Per locale: a spelling that is wrong there, and the right one."""
    punctuation: Punctuation
    reading_grade_max: Annotated[float, Field(ge=3, le=14), Effect.VERDICT]
    """Highest Flesch-Kincaid grade of a paragraph."""
    words: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    """The brand's own words, which the word check accepts."""
    examples: VoiceExamples


class Frame(Strict):
    """Words of several groups near one another in one sentence, such as an effect and a condition."""

    groups: Annotated[
        tuple[Annotated[tuple[Line, ...], Field(min_length=1)], ...], Field(min_length=2), Effect.VERDICT
    ]
    """One word or phrase of each has to be there; `heal*` stands for every word that begins so, and `$body`
    for the list `body` under `words` of the file."""
    within: Annotated[int, Field(ge=2, le=40), Effect.VERDICT] = 8
    """The most words from the first to the last of them."""
    ordered: Annotated[bool, Effect.VERDICT] = False
    """Whether the groups have to come in their order."""
    across: Annotated[bool, Effect.VERDICT] = False
    """Whether they may stand in sentences that follow one another: "Shut your wallet. It's all yours"."""
    negated: Annotated[bool, Effect.VERDICT] = False
    """Whether it counts as well after "not", "never" and the like."""


class ClaimRule(Strict):
    """One banned claim: what it catches, what it leaves alone, and copy that proves both.

    `phrases` match on word edges, `patterns` are RE2 expressions, and `frames` find words near one another;
    all run on folded text (lower case, look-alikes and invisible characters undone). A match inside an
    `exceptions` phrase does not count, and neither does one that has all of its `qualifiers` beside it.
    """

    id: Annotated[Id, Effect.VERDICT]
    category: Annotated[Id, Effect.VERDICT]
    family: Annotated[Family, Effect.VERDICT]
    severity: Annotated[Severity, Effect.VERDICT] = Severity.BLOCK
    languages: Annotated[tuple[str, ...], Field(min_length=1), Effect.VERDICT] = ("en",)
    phrases: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    patterns: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    frames: tuple[Frame, ...] = ()
    exceptions: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    qualifiers: tuple[Qualifier, ...] = ()
    """What the copy has to say beside the claim, all of it, for the claim to stand."""
    scope: Scope = EVERYWHERE
    message: Annotated[Line, Effect.VERDICT]
    suggestion: Annotated[Line, Effect.VERDICT]
    source: Annotated[Line, Effect.REPORT]
    effective_from: Annotated[dt.date | None, Effect.VERDICT] = None
    """The first day of sending on which the rule holds; from the beginning when missing."""
    effective_until: Annotated[dt.date | None, Effect.VERDICT] = None
    """The last day of sending on which the rule holds; for good when missing."""
    fails: Annotated[tuple[Line, ...], Field(min_length=1), Effect.LOADING]
    passes: Annotated[tuple[Line, ...], Field(min_length=1), Effect.LOADING]

    @model_validator(mode="after")
    def _detects_something(self) -> "ClaimRule":
        if not (self.phrases or self.patterns or self.frames):
            raise ValueError("needs 'phrases', 'patterns' or 'frames'")
        return self


class RuleFile(Strict):
    """A file of claim rules, as a pack has it for one language; claims.yaml and packs add to it."""

    words: Annotated[dict[Id, Annotated[tuple[Line, ...], Field(min_length=1)]], Effect.VERDICT] = Field(
        default_factory=dict
    )
    """Lists of words that the groups of frames take over by name: `$body` stands for the list `body`."""
    rules: Annotated[tuple[ClaimRule, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _write_lists_out(self) -> "RuleFile":
        rules = tuple(
            rule.model_copy(update={"frames": tuple(self._written_out(frame) for frame in rule.frames)})
            if rule.frames
            else rule
            for rule in self.rules
        )
        object.__setattr__(self, "rules", rules)
        return self

    def _written_out(self, frame: Frame) -> Frame:
        groups = tuple(
            tuple(word for entry in group for word in self._named(entry)) for group in frame.groups
        )
        return frame.model_copy(update={"groups": groups})

    def _named(self, entry: str) -> tuple[str, ...]:
        if not entry.startswith("$"):
            return (entry,)
        if entry[1:] not in self.words:
            raise ValueError(f"'{entry}' names no list under 'words'")
        return self.words[entry[1:]]


class ClaimRules(RuleFile):
    """claims.yaml of a brand: its own rules, and what it changes of those of its packs."""

    overrides: tuple[Override, ...] = ()


class PackRules(RuleFile):
    """The file of a pack that has no language in its name."""

    pack: PackHead


class Disclosure(Strict):
    """Language that must stand in an email or beside certain words.

    `place` layout: the layout prints it when the email has one of `kinds` in one of `journeys` (empty means
    any). `place` copy: a field that contains one of `triggers` (folded phrases or `{token.name}`) must also
    contain one of `wordings`.
    """

    id: Annotated[Id, Effect.LOADING]
    place: Annotated[Literal["layout", "copy"], Effect.EMAIL]
    text: Annotated[Line, Effect.EMAIL]
    kinds: Annotated[tuple[Id, ...], Effect.EMAIL] = ()
    journeys: Annotated[tuple[Id, ...], Effect.EMAIL] = ()
    triggers: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    wordings: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    source: Annotated[Line, Effect.REPORT]
    effective_from: Annotated[dt.date | None, Effect.VERDICT] = None
    """The first day of sending on which it has to be said or printed; from the beginning when missing."""

    @model_validator(mode="after")
    def _complete(self) -> "Disclosure":
        if self.place == "copy" and not (self.triggers and self.wordings):
            raise ValueError("a disclosure in copy needs 'triggers' and 'wordings'")
        return self


class Disclosures(Strict):
    """compliance.yaml."""

    disclosures: tuple[Disclosure, ...]


class Consent(Strict):
    """A consent that the brand asks people for; variables name it, and segments say whose members gave it."""

    id: Annotated[Id, Effect.LOADING]
    wording: Annotated[Line, Effect.REPORT]
    """What people agree to, in the words that they are shown."""
    collected: Annotated[Line, Effect.REPORT]
    """Where and how it is asked for, and where the proof is kept."""
    owner: Annotated[Line, Effect.REPORT]


class Variable(Strict):
    """An allowed merge variable with its fallback; `examples` hold the shortest and longest likely values.

    With the basis `consent` it is used only for segments that list this consent; other bases name none.
    """

    name: Annotated[TokenName, Effect.VERDICT]
    meaning: Annotated[Line, Effect.PROMPT]
    purpose: Annotated[Line, Effect.REPORT]
    """Why the brand uses it, in a sentence."""
    basis: Annotated[Basis, Effect.REPORT]
    consent: Annotated[Id | None, Effect.VERDICT] = None
    """The consent that its use rests on, by its id."""
    fallback: Annotated[Line, Effect.EMAIL]
    examples: Annotated[tuple[Line, ...], Field(min_length=2, max_length=6), Effect.VERDICT]
    kinds: Annotated[tuple[Id, ...], Field(min_length=1), Effect.VERDICT]

    @model_validator(mode="after")
    def _is_personal(self) -> "Variable":
        if not self.name.startswith("person."):
            raise ValueError("a merge variable is named 'person.<something>'")
        return self

    @model_validator(mode="after")
    def _names_its_consent(self) -> "Variable":
        check_consent(self.basis, self.consent)
        return self


class Variables(Strict):
    """variables.yaml: the consents that the brand asks for, what emails may say about their reader, and which
    lists of products of theirs they may show.
    """

    consents: tuple[Consent, ...] = ()
    variables: Annotated[tuple[Variable, ...], Field(min_length=1)]
    lists: tuple[ProductList, ...] = ()


class NeverInferRule(Strict):
    """A trait that copy may not tell the reader about, with words that give it away."""

    id: Annotated[Id, Effect.LOADING]
    trait: Annotated[Line, Effect.VERDICT]
    languages: Annotated[tuple[str, ...], Field(min_length=1), Effect.VERDICT] = ("en",)
    phrases: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    patterns: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    exceptions: Annotated[tuple[Line, ...], Effect.VERDICT] = ()
    context_words: Annotated[tuple[Line, ...], Effect.LOADING] = ()
    """Words that may not occur in the name or criteria of a segment or variable either."""
    effective_from: Annotated[dt.date | None, Effect.VERDICT] = None
    """The first day of sending on which the rule holds; from the beginning when missing."""
    fails: Annotated[tuple[Line, ...], Field(min_length=1), Effect.LOADING]
    passes: Annotated[tuple[Line, ...], Field(min_length=1), Effect.LOADING]


class NeverInferList(Strict):
    """never_infer.yaml."""

    rules: Annotated[tuple[NeverInferRule, ...], Field(min_length=1)]


_PICTURE = r"^[a-z0-9_-]+\.(png|jpg)$"


class Asset(Strict):
    """One image of the brand: where it lies, what it shows, where it is hosted once sent."""

    id: Annotated[Id, Effect.LOADING]
    """What briefs and approved blocks call the image by."""
    file: Annotated[str, StringConstraints(pattern=_PICTURE), Effect.EMAIL]
    dark: Annotated[Annotated[str, StringConstraints(pattern=_PICTURE)] | None, Effect.EMAIL] = None
    """A file of the same size that is shown instead where the mail program is dark and can tell."""
    alt: Annotated[str, StringConstraints(max_length=140), Effect.EMAIL]
    width: Annotated[int, Field(gt=0, le=2400), Effect.LOADING]
    height: Annotated[int, Field(gt=0, le=2400), Effect.LOADING]
    licence: Annotated[Line, Effect.REPORT]
    use: Annotated[tuple[Id, ...], Effect.EMAIL] = ()
    """Where the image is the default: block kinds ("hero") and journeys ("hero_winback"), or "logo"."""


class AssetManifest(Strict):
    """assets/manifest.yaml."""

    hosted_base: Annotated[str, StringConstraints(pattern=r"^https://\S+/$"), Effect.EMAIL]
    """Where an exported email loads its images from; previews show the files beside them."""
    assets: Annotated[tuple[Asset, ...], Field(min_length=1)]
