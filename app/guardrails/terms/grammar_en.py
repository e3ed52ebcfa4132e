"""English faults of small models, and the words that sentences may not end with."""

import re

from app.guardrails.lexicon import word_list
from app.guardrails.terms.grammar import BEGINS_WITH_MARK, TOKENS_IN_A_ROW, TWO_MARKS, Grammar, fault

_FUNCTION_WORDS = word_list("function_words_en.txt")
"""Words that may be repeated in a line without a loop: grammar words and the commonest verbs of copy."""

_STRANDED = frozenset({"with", "for", "to", "from", "at", "by", "of", "about", "without", "towards", "upon"})
"""Prepositions that end a sentence only when an earlier word asks for them."""
_STRANDED_AFTER = re.compile(
    r"^(?=(?:[^ ]*+ )++\w+$).*\b(?:what|what's|who|whom|which|where|that|whatever|wherever|everything"
    r"|anything|something|nothing|all"
    r"|one|places?|people|things?|stories|somewhere|someone)\b.* "
    r"|\b(?:look|looks|looking|looked|wait|waits|waiting|waited|ask|asked|asking|hop(?:e|ed|ing)"
    r"|long(?:ed|ing)?"
    r"|reach|reaching|search|searching|made|built|car(?:e|ed|ing)|allowed|paid|called) for$"
    r"|\b(?:want|wants|used|need|love|like|how|have|going|able|ready|come|goes|go|listen|talk|belong|up"
    r"|next) to$"
    r"|\b(?:you|we|they)(?: \w+){2}$"
    r"|\b(?:heard|hear|think|thinking|talk|talking|dream|dreaming|dreamt) (?:of|about|from)$"
    r"|\b(?:come|comes|came|start|go|work|play|live|fall asleep|deal) (?:from|with|by)$"
)
_ENDS_OPEN = re.compile(
    r"(?:^|[\s,])(?:a|an|the|your|our|my|its|their|and|or|but|because|if|than|nor|into|onto|during|among"
    r"|between"
    r"|per|via|while|whose|it's|you're|we're|they're|i'm|let's|there's|every|whether|although|unless"
    r"|(?:a|an|the|your|our|my|this) (?:new|next|whole|great|very|small|big|little|own|best|same)"
    r"(?<!your own)(?<!our own)(?<!the same)(?<!a little)(?<!the best)(?<!the whole))$"
)


_DETERMINER = r"(?:a|an|the|your|our|my|its|their|every)"
_PRONOUN = r"(?:you|we|they|it)"
_MODAL = r"(?:can|could|will|would|should|must|might|can't|won't|couldn't|shouldn't|don't|didn't)"
_BASE = r"(?:find|see|take|get|make|go|come|look|choose|keep|bring|give|use|need|want|enjoy|try)"
_OPENERS = (
    r"(?:when|whenever|if|while|as|once|after|before|since|because|although|though|until|till|unless"
    r"|wherever"
    r"|whatever|however|whichever|whoever|whether|with|without|for|in|on|at|from|by|to|and|but|so|even"
    r"|now|then"
    r"|today|tonight|tomorrow|here|no|yes|like|every|this|next|last|over|under|between|during|what|where"
    r"|that"
    r"|hi|hello|hey|dear|come|given|thanks|wet|rain|day|week|mile|through|across|just|still|instead|above"
    r"|below"
    r"|whilst|among|along|despite|except|unlike|rather|first|soon|sometimes|together|outside|inside)"
)

_FAULTS = (
    fault(
        r"\b([a-z']{1,40}+) \1\b(?![-'])",
        "'{}' is doubled",
        "say it once",
        *(
            "had had",
            "that that",
            "bye bye",
            "hear hear",
            "so so",
            "no no",
            "very very",
            "choo choo",
            "ha ha",
        ),
        *("there there", "knock knock", "yum yum", "tick tock", "new new", "long long"),
    ),
    TOKENS_IN_A_ROW,
    fault(
        rf"\b{_DETERMINER} (?:a|an|the|your|our|my|their|his|its|this|these|those)\b(?!-)",
        "'{}': one of the two is too many",
        "keep one",
    ),
    fault(
        r"\b(?:this|these|those) (?:the|your|our|my|an?)\b(?!-)",
        "'{}': one of the two is too many",
        "keep one",
    ),
    fault(
        rf"\b{_DETERMINER} (?:of|with|and|or|but|to|from|by|at|is|are|was|you|we|they|can|will|if|that|for"
        rf"|in"
        r"|because|who|which)\b(?![-'])",
        "after '{}' a noun is missing",
        "finish the phrase",
        "a to",
        "every which",
    ),
    fault(rf"\b{_DETERMINER}(?=\s*[.,!?:;](?:\s|$))", "after '{}' a noun is missing", "finish the phrase"),
    fault(
        r"\b(?:of (?:on|to|for|with|at|by|from|of|in)|(?:at|from|with) (?:of|to|for|at|with)|to (?:of|for"
        r"|with|from|by|at))\b(?!-)",
        "'{}' are two prepositions in a row",
        "keep one",
        "from to",
    ),
    fault(
        r"(?<!of )\b(?:you|we|they) (?:is|was|has|does|isn't|wasn't|hasn't|doesn't)\b",
        "'{}' does not agree",
        "let verb and pronoun agree",
    ),
    fault(
        r"(?<!of )(?<!and )(?<!let )(?<!make )(?<!as )\b(?:it|he|she) (?:are|have|do|were|aren't|haven't"
        r"|don't)\b",
        "'{}' does not agree",
        "let verb and pronoun agree",
    ),
    fault(
        rf"\b{_PRONOUN} {_MODAL} (?:the|a|an|your|our|of|to|for|with|is|are)\b(?!-)",
        "after '{}' a verb is missing",
        "finish the phrase",
    ),
    fault(
        rf"(?<!do )(?<!step )(?<!thing )(?<!need )(?<!way )(?<!plan )\b(?:is|are|was) {_BASE}\b",
        "'{}' are two verbs in a row",
        "keep one",
    ),
    fault(
        r"\b(?:the|your|our|an?) (?:get|see|choose|bring|explore|enjoy|are|have)\b(?![-'])",
        "after the article in '{}' a noun is missing",
        "finish the phrase",
    ),
    fault(
        r"\ba (?:new|good|great|nice|small|light|warm|big|long|short) (?!(?:lens|canvas|compass|series|news"
        r"|bus|gas|plus|status|focus|bonus|campus|atlas|basis|process|tennis|christmas)\b)[a-z]+[^s\W]s"
        r"(?=[.,!?]|$| (?:for|to|in|on|with|of|and|that)\b)",
        "'{}' mixes one and many",
        "leave the article out",
    ),
    fault(
        r"\b(?:to|for|on|in|of|with) (?:first (?!aid|time|light|class|principles|place|things|snow|frost)"
        r"|next (?!week|month|year|time|door|season|spring|summer|autumn|fall|winter))[a-z]+",
        "'{}' lacks 'your' or 'the'",
        "put it in",
    ),
    fault(
        r"\byour (?:going to|welcome to|the|invited|in for|all set|ready)\b",
        "'{}' should be 'you're'",
        "you're",
    ),
    fault(
        r"\byou're (?:own|next|new|first|feet|home|family|team|pack"
        r"|order)\b",
        "'{}' should be 'your'",
        "your",
    ),
    fault(r"\bits (?:a|an|the|time|been|not|here|back)\b", "'{}' should be 'it's'", "it's"),
    fault(r"\bit's own\b", "'{}' should be 'its own'", "its own"),
    fault(r"\b(?:could|should|would|must) of\b", "'{}' should be 'have'", "have"),
    fault(
        r"\b(?:more|most) (?:better|best|easier|faster|lighter|warmer|happier)\b",
        "'{}' is doubled",
        "keep one",
    ),
    fault(
        r"\b(?:sorry|apologi[sz]e[sd]?|apologies|unfortunately|we regret|our mistake|i regret)\b",
        "'{}' is an apology that nobody asked for",
        "leave it out",
    ),
    fault(r"[a-z0-9}] +[,.!?;](?=\s|$)", "'{}' has a space before the mark", "leave the space out"),
    TWO_MARKS,
    BEGINS_WITH_MARK,
    fault(
        rf"(?:^|[.!?] )(?!{_OPENERS}\b)[a-z'-]+(?: [a-z'-]+){{3,}},"
        r" (?:you|it|it's|we|they|you'll|we'll|you're|we're|make sure)(?= (?!know\b|see\b|name\b"
        r"|say\b)[a-z])"
        r"[^.!?,:;]*(?=[.!?,]|$)",
        "a comma joins two sentences",
        "make it two sentences, or add 'and'",
    ),
)

GRAMMAR = Grammar(
    faults=_FAULTS,
    function_words=_FUNCTION_WORDS,
    endings=("'s", "ing", "es", "s"),
    paired=re.compile(r"\b(\w+),? (?:by|to|after|for|and|or|on|in|upon|with|is) \1\b"),
    ends_open=_ENDS_OPEN,
    greeting=re.compile(
        r"(?:^|[\s,])(?:hi|hello|hey|dear|welcome|welcome back|thanks|thank you|for you|bye|goodbye)\s*$"
    ),
    stranded=_STRANDED,
    stranded_after=_STRANDED_AFTER,
    articles=True,
)
