"""The rules of one brand, compiled once: what guardrails match against."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from app.brand.brand import Brand
from app.brand.claims_library import Claim
from app.brand.models import ClaimRule, Disclosure, NeverInferRule, VoiceGuide
from app.brand.overlays import View
from app.guardrails.fold import fold
from app.guardrails.matcher import Matcher, Wording
from app.tokens import TOKEN

ClaimMatcher = Matcher[ClaimRule]
NeverInferMatcher = Matcher[NeverInferRule]
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


@dataclass(frozen=True)
class CopyDisclosure:
    """A disclosure that copy must carry itself: what calls for it, and what meets it."""

    disclosure: Disclosure
    triggers: Matcher[Wording]
    tokens: frozenset[str]
    wordings: Matcher[Wording]


@dataclass(frozen=True, eq=False)
class RuleBook:
    """The compiled rules of a brand, or of packs alone when copy is judged for no brand."""

    brand: Brand | None
    claims: ClaimMatcher
    never_infer: NeverInferMatcher
    own_words: frozenset[str]
    """Folded words of the brand's name and of its voice guide's list; other rules leave them alone."""
    allowed_company_names: frozenset[str]
    """Folded names, whole, that copy may mention: the brand's own."""
    voice_words: Matcher[Wording] = field(default_factory=lambda: Matcher[Wording](()))
    """The words that the voice guide avoids."""
    spelling: Mapping[str, Matcher[Wording]] = field(default_factory=dict)
    """Per locale, the spellings that are wrong there."""
    disclosures: tuple[CopyDisclosure, ...] = ()
    """The disclosures that belong into copy; those of the layout are not for guardrails."""
    library: tuple[Claim, ...] = ()
    """The claims library: restricted claims that copy may make as they were approved."""
    views: dict[View, "RuleBook"] = field(default_factory=dict, init=False, repr=False)
    """The rules of each view of the brand that was asked for."""

    def localised(self, locale: str, market: str | None = None) -> "RuleBook":
        """The rules as the language of `locale` and `market` have them; compiled once."""
        if self.brand is None:
            return self
        brand = self.brand.localised(locale, market)
        if brand is self.brand:
            return self
        if brand.view not in self.views:
            self.views.setdefault(brand.view, RuleBook.of(brand))
        return self.views[brand.view]

    @classmethod
    def of(cls, brand: Brand) -> Self:
        """The rules of a brand: those of its packs, its own, and what its contract says is never inferred."""
        enforced = set(brand.contract.never_infer)
        names = (brand.identity.name, *brand.voice.words)
        return cls(
            brand=brand,
            claims=Matcher(brand.claims),
            never_infer=Matcher([rule for rule in brand.never_infer if rule.id in enforced]),
            own_words=words_of(names),
            allowed_company_names=frozenset(fold(name).text.strip() for name in names),
            voice_words=Matcher(_avoided(brand.voice)),
            spelling={locale: Matcher(_misspelt(words)) for locale, words in brand.voice.spelling.items()},
            disclosures=tuple(_in_copy(item) for item in brand.disclosures if item.place == "copy"),
            library=brand.library,
        )

    @classmethod
    def of_packs(cls, rules: tuple[ClaimRule, ...]) -> Self:
        """The rules of packs alone."""
        return cls(None, Matcher(rules), Matcher(()), frozenset(), frozenset())


def words_of(texts: Iterable[str]) -> frozenset[str]:
    """The folded words of all `texts`."""
    return frozenset[str]().union(*map(_words, texts))


def has_any(text: str, words: frozenset[str]) -> bool:
    """Whether one of the folded words of `text` is among `words`."""
    return not _words(text).isdisjoint(words)


@lru_cache(maxsize=20_000)  # most texts are single words of copy
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(fold(text).text))


def _avoided(voice: VoiceGuide) -> list[Wording]:
    return [
        Wording(
            id=rule.word,
            phrases=(rule.word,),
            message=f"the voice guide avoids '{rule.word}': {rule.why}",
            suggestion=f"say '{rule.instead}'" if rule.instead else "leave it out",
            severity=rule.severity,
        )
        for rule in voice.avoid
    ]


def _misspelt(words: Mapping[str, str]) -> list[Wording]:
    return [
        Wording(id=wrong, phrases=(wrong,), message=f"'{wrong}' is spelt '{right}' here", suggestion=right)
        for wrong, right in words.items()
    ]


def _in_copy(disclosure: Disclosure) -> CopyDisclosure:
    tokens = [match[1] for trigger in disclosure.triggers if (match := TOKEN.fullmatch(trigger))]
    phrases = tuple(trigger for trigger in disclosure.triggers if not TOKEN.fullmatch(trigger))
    wordings = (*disclosure.wordings, disclosure.text)
    return CopyDisclosure(
        disclosure=disclosure,
        triggers=Matcher([Wording(id=disclosure.id, message="", phrases=phrases)]),
        tokens=frozenset(tokens),
        wordings=Matcher([Wording(id=disclosure.id, message="", phrases=wordings)]),
    )
