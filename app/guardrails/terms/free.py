"""What judging "free" needs to know of a language, as patterns over folded text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.guardrails.lexicon import word_list

_BEFORE = 24
"""Characters before "free" that say what it means: "feel free", "sugar-free"."""


@dataclass(frozen=True, eq=False)
class FreeTerms:
    """The words of one language around something that costs nothing."""

    free: re.Pattern[str]
    other_before: re.Pattern[str]
    """Ends where a "free" begins that means something else: "feel free", "sugar-free"."""
    other_after: re.Pattern[str]
    """Begins where such a "free" ends: "free-range", "free from"."""
    delivery: re.Pattern[str]
    """Begins at a "free" of delivery or returns, which rules of the packs judge where no terms are known."""
    carried: re.Pattern[str]
    """The same before a "free" at the end: "returns are free"."""
    qualified: re.Pattern[str]
    """What a sentence has that names a condition, whatever it is: "with every order", "when you spend"."""
    condition: re.Pattern[str]
    """Where the condition begins: "with orders over £50"."""
    always: frozenset[str]
    """Words that deny every condition."""
    each: frozenset[str]
    """Those of them that a figure makes fair again: "every order over £50"."""
    common: frozenset[str]
    """Words that say nothing about a condition."""

    def of_delivery(self, text: str, start: int) -> bool:
        """Whether the "free" at `start` of a folded text is that of delivery or returns."""
        return bool(self.delivery.match(text, start) or self.carried.search(text, 0, start))

    def is_qualified(self, text: str, start: int) -> bool:
        """Whether the sentence around `start` of a folded text names a condition."""
        begin = max(text.rfind(sign, 0, start) for sign in ".!?") + 1
        ends = [at for at in (text.find(sign, start) for sign in ".!?") if at >= 0]
        return self.qualified.search(text, begin, min(ends, default=len(text))) is not None

    def offers(self, text: str) -> Iterator[tuple[int, int]]:
        """Where a folded text says that something costs nothing."""
        for match in self.free.finditer(text):
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            if not self.other_before.search(before) and not self.other_after.match(text, match.end()):
                yield match.span()


FREE = {
    "en": FreeTerms(
        free=re.compile(
            r"\b(?:costs? (?:you )?nothing|at no (?:extra |additional )?(?:cost|charge)|for free"
            r"|(?:won't|doesn't|will not|does not) cost (?:you )?(?:a|one|a single) (?:penny|cent|bean)"
            r"|(?:get|have|take|keep|yours|here's|pick up) (?:an?|the|one|it) ?[a-z]{0,16} for nothing"
            r"|free of charge|free|complimentary|on the house|(?<=, )on us|(?<=is )on us|(?<=are )on us"
            r"|gratis)\b"
        ),
        other_before=re.compile(
            r"(?:\w-|\b(?:feel|set|break|breathe|breaks|run|runs|roam|be|stay|keep|leave|rub|move|moves"
            r"|hang|hands?"
            r"|gluten|sugar|dairy|fat|cruelty|interest|stress|hassle|risk|worry|fuss|tax|duty|ad|rust|bpa"
            r"|scot"
            r"|walk|fancy|plastic|crumb|so|you|we|they|i|are|wild and|nut|caffeine|alcohol|guilt|pain|not"
            r"|no|never|isn't|ain't|without|yourself|myself|themselves|ourselves|them|us) |\bwhat's "
            r"|\b(?:hook|peg|seat|table|bench|spot|chair|hand|evening|weekend|diary|hall|room|studio|court|pitch"
            r"|slot|lane|space)s? (?:is|are) (?:always |still )?"
            r"|\b(?:a|the|one|your|my|our) (?:table|seat|slot|space|court|weekend|evening|afternoon|day) "
            r"|\bnothing (?:[a-z]+ )?is |\bthing as a "
            r"|\b(?:blame|burden|onus|joke|job|responsibility|pressure|fault|mistake)(?: is| are|'s) )$"
        ),
        other_after=re.compile(
            r"-(?!gift)|'| (?:your|my|our|the|yourself|range|rein|reign|spirit|spirits|spirited|will|hand"
            r"|hands|time|verse|form|fall|flow"
            r"|flowing|standing|wheel|wheeling|style|from|of|to|up|as|and easy|thinking|speech|press|trade"
            r"|radicals?"
            r"|kicks?|agents?|weights?|diving|divers?|climb\w*|solo|ports?|electrons?|market|roaming|spirits?"
            r"|day|afternoon|morning|evening|weekend|hour|moment|minute|people|world|kick|space|movement"
            r"|hour|jazz|newsletters?)\b|(?<=on us) to\b"
        ),
        delivery=re.compile(r"free (?:\w+ ){0,2}(?:shipping|delivery|returns?|postage|exchanges?|p&p)\b"),
        carried=re.compile(
            r"\b(?:deliver\w*|ships?|shipping|post(?:age|ed)?|returns?|exchang\w+)\b[^.!?]{0,40}$"
        ),
        qualified=re.compile(
            r"\b(?:with (?:every|any|your(?! name)|all|orders?|each|an?|the|purchases?)|when|whenever|if|over"
            r"|above|on orders?|until|once|after|gets? you|earns? you|buy|spend|order|join|subscribe"
            r"|for (?:members?|new|subscribers?|under|over|[a-z]+ cardholders?))\b"
        ),
        condition=re.compile(
            r"\b(?:with|over|above|within|when|for|on|from|until|if|only|to|in|after|per)\b"
        ),
        always=frozenset(
            {"always", "every", "any", "all", "forever", "everyone", "everything", "unlimited", "anything"}
        ),
        each=frozenset({"every", "any", "all"}),
        common=word_list("function_words_en.txt") | {"free", "complimentary", "gratis"},
    ),
    "de": FreeTerms(
        free=re.compile(r"\b(?:kostenlos|kostenfrei|gratis|umsonst|geschenkt)(?:e[nrms]?)?\b"),
        other_before=re.compile(r"\b(?:nicht|nichts|wird|werden) $"),
        other_after=re.compile(r" wird\b"),
        delivery=re.compile(r"\w+ (?:liefer|versand|ruckgabe|retoure|rucksendung)\w*"),
        carried=re.compile(r"(?!)"),
        qualified=re.compile(r"\b(?:ab|bei|zu (?:jed|dein|ihr)\w*|wenn|sobald|bis|nur|bestell\w+|kauf\w*)\b"),
        condition=re.compile(r"\b(?:ab|bei|zu|zum|zur|mit|uber|innerhalb|fur|auf|wenn|bis|nur|in|im)\b"),
        always=frozenset({"immer", "jede", "jeder", "jedes", "alle", "alles", "unbegrenzt"}),
        each=frozenset({"jede", "jeder", "jedes", "alle"}),
        common=word_list("function_words_de.txt") | {"kostenlos", "kostenlose", "gratis", "geschenkt"},
    ),
    "fr": FreeTerms(
        free=re.compile(r"\b(?:gratuit(?:e|s|es|ement)?|offerte?s?|en cadeau|sans frais)\b"),
        other_before=re.compile(r"\b(?:nous a|vous a|rien n'est|vue) $"),
        other_after=re.compile(r" (?:la vue|par)\b"),
        delivery=re.compile(r"(?!)"),
        carried=re.compile(r"(?!)"),
        qualified=re.compile(
            r"\b(?:des|avec|pour (?:tout|toute|chaque)|si|jusqu|a partir|lors|command\w+|achat\w*)\b"
        ),
        condition=re.compile(r"\b(?:des|avec|pour|sous|si|jusqu|a partir|dans|en|au-dela|sur|uniquement)\b"),
        always=frozenset({"toujours", "tous", "toutes", "tout", "chaque", "illimite", "illimitee", "vie"}),
        each=frozenset({"tous", "toutes", "tout", "chaque"}),
        common=word_list("function_words_fr.txt")
        | {"gratuit", "gratuite", "gratuitement", "offert", "offerte"},
    ),
}
