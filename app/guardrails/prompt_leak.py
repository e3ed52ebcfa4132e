"""Prompt leakage: words of the model about its work, or of its instructions, that ended up in the copy.

The wordings come from what models of all sizes were seen to write around an answer; each has a near miss
among the tests that ordinary copy uses. Open wordings are frames in data/prompt_leak_en.yaml; they are read
in every language, because models and briefs fall back into English.
"""

import re
from collections.abc import Iterator
from functools import cache

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.matcher import Matcher, Wording
from app.guardrails.word_frames import frames
from app.verdicts.reports import Family, Finding

KIND = "prompt_leak"
_TODO_LANGUAGES = frozenset({"es", "pt", "gl"})
_TODO = re.compile(r"[Tt]odo\b")
"""In these languages an everyday word ("todo el taller"); in capitals it is a note all the same."""
_NEAR = 60
_TO_WRITE = re.compile(r"(?:write|draft|craft|compose|create|rewrite)\b", re.IGNORECASE)
_LEARNS = re.compile(
    r"\b(?:learn(?:ing)?|how|teach(?:es|ing)? you|shows? you|taught) (?:how )?to $", re.IGNORECASE
)
_TAUGHT = re.compile(
    r"[^.!?:–—-]{0,40}[:–—-] ?(?:an?|our|the|one|your)? ?(?:[\w-]+ ){0,3}(?:class|classes|course"
    r"|workshop|lesson|seminar|webinar|talk|book|guide|evening|masterclass|lecture)\b",
    re.IGNORECASE,
)
"""What follows words about writing where a class teaches it: "A better subject line: an evening class"."""
_LABEL = (
    r"(?:subject(?: line)?|preheader|pre-header|preview(?: text)?|headline|header|title|body(?: copy)?|copy"
    r"|cta|button(?: label)?|call to action|hero|tone|target audience|audience|output|answer|response|email"
    r"|rewrite)"
)
_PART = (
    r"(?:subject lines?|headlines?|taglines?|preheaders?|ctas?|variants?|variations?|options for|rewrites?"
    r"|(?:hero|subject|email|cta|body|ad|marketing|hero block) (?:copy|text|lines?)|revised versions?)"
)
_NUMBER = r"(?:\d{1,2}|[a-e]|one|two|three)"
_LABEL_DE = (
    r"(?:betreff(?:zeile)?|preheader|vorschautext|uberschrift|titel|text|fliesstext|button"
    r"|zielgruppe|ausgabe)"
)
_PART_DE = r"(?:betreffzeilen?|uberschriften?|preheader|varianten?|versionen|vorschlage?|formulierungen)"
_LABEL_FR = r"(?:objet|ligne d'objet|pre-?en-tete|preheader|titre|texte|corps|bouton|cible|reponse)"
_PART_FR = r"(?:lignes? d'objet|objets|titres|variantes?|versions|propositions?|formulations)"
_WORDINGS = (
    Wording(
        id="opening",
        message="is the model's answer to its prompt",
        patterns=(
            r"^\W{0,3}(?:sure|certainly|of course|absolutely|great|okay|ok|got it|no problem)(?: thing)?"
            r"[,!.:;-]+ ?(?:here(?:'s| is| are)|below|i(?:'ll| can| have|'ve)\b|let me)",
            rf"\b(?:here(?:'s| is| are)|below (?:is|are))\b.{{0,30}}\b{_PART}\b",
            r"\b(?:here(?:'s| is| are)|below (?:is|are)) (?:an?|the|your|my|some|\d+|two|three|four|five|ten"
            r"|another) "
            r"(?:[\w',-]+ ){0,6}?(?:email|newsletter|draft|rewrite|rewording|copy|blurb|post|paragraph"
            r"|announcement|translation"
            r"|message|attempt|suggestions?|options?|ideas|alternatives?|version|take|rework|edit)\b"
            r"(?: (?:for|that|based|in|with|about|of|to|using|you|as|under|announcing|promoting"
            r"|tailored)\b[^:]{0,60})?:",
            r"\b(?:certainly|absolutely|of course|sure|understood|got it|great question|no problem"
            r"|happy to help|noted)[!,.]* "
            r"(?:i'd be happy|i'll (?:write|draft|create|keep|make|use|avoid|rewrite)|let me (?:write|draft"
            r"|create|rewrite|try|think)"
            r"|let's (?:write|draft|create|craft|think step)|here(?:'s| is| are) (?:a|an|the|your|some|my"
            r"|\d)|as requested|below)",
            r"\b(?:let me think (?:through|about|step)|let's think step by step|step by step:|thinking:"
            r"|first, i (?:need|should|will)"
            r"|i need to (?:write|create|generate|make sure|keep|avoid)|the user (?:wants|asked|has"
            r"|is asking|requested|needs)"
            r"|the (?:brief|prompt|client|brand guide|style guide|instructions?) (?:says?|asks?|wants?"
            r"|mentions?|requires?"
            r"|specif(?:y|ies)|states?|calls? for))\b",
            rf"\b{_PART}\b.{{0,20}}\b(?:you (?:requested|asked for)|as requested|you wanted)\b",
        ),
    ),
    Wording(
        id="self",
        message="is the model speaking about itself",
        patterns=(
            r"\bas an? (?:large )?(?:ai|language model|artificial intelligence|chatbot|virtual assistant)\b",
            r"\bi(?: can(?:no|')t|(?:'m| am) (?:unable|not able) to|'m sorry, but i)"
            r" (?:create|write|generate|provide|produce|help with|assist|fulfil+|comply|access)",
            r"\bi(?:'ve| have)? (?:also |tried to |aimed to |made sure to |chose to |chosen to "
            r"|attempted to )?(?:avoid(?:ed)?"
            r"|(?:re)?written|(?:re)?wrote|includ(?:ed|e)|draft(?:ed)?|craft(?:ed)?|remov(?:ed|e)|kept|keep"
            r"|used|left out"
            r"|leave out|omit(?:ted)?|shorten(?:ed)?|replac(?:ed|e)|emphasi[sz]ed?|focus(?:ed)?"
            r"|highlight(?:ed)?|incorporat(?:ed|e)"
            r"|follow(?:ed)?|adher(?:ed|e)|maintain(?:ed)?|assum(?:ed|e)|generat(?:ed|e)|tailored|adjusted"
            r"|ensured|structured)"
            r"\b[^.!?]{0,60}\b(?:tone|copy|brief|claims?|superlatives?|guidelines?|words?|characters?|limit"
            r"|cta|call to action"
            r"|subject|headline|line|urgency|discount|price|placeholder|emojis?|instructions?|version|email"
            r"|draft|request"
            r"|provided|asked|audience|voice|exclamation|jargon|details?|length|count|short|variants?"
            r"|segment|paragraphs?"
            r"|message|as (?:you )?(?:requested|instructed))\b",
            r"\bi (?:do not|don't|did not|didn't) (?:have|know|see|find) (?:access to|personal|real-?time"
            r"|taste|feelings|opinions"
            r"|enough (?:information|context|detail)|information (?:about|on)|the (?:price|details|date"
            r"|product|brand|ability)"
            r"|any (?:information|details|context|data))\b",
            r"\bi(?:'m| am) (?:just |only )?(?:an? (?:ai|language model|machine|bot|chatbot|assistant"
            r"|large language)"
            r"|(?:claude|chatgpt|gpt|gemini|llama|copilot|bard)\b)|\b(?:chatgpt|openai|anthropic"
            r"|gpt-?\d\S*)\b",
            r"\b(?:i'm|i am) (?:sorry|afraid),? (?:but )?(?:i|that|this)[^.!?]{0,20}\b(?:can't|cannot|unable"
            r"|won't|not able|against"
            r"|violates?)\b[^.!?]{0,40}\b(?:write|create|generate|provide|help|assist|copy|claims?|content"
            r"|request|comply|do that"
            r"|discount|policy|guidelines?|that|include|make up|invent)\b",
            r"\bi (?:cannot|can't|can not|won't|am unable to|'m unable to|couldn't|could not) (?:write"
            r"|create|generate|provide|fulfil\w*"
            r"|comply|assist|verify|confirm the|browse|access|claim|make (?:medical|health|that|this|such"
            r"|claims)|include (?:a|the|any)"
            r"|invent|help with (?:that|this|your))\b",
            r"\bi(?:'ve| have) (?:avoided|(?:re)?written|included|drafted|crafted|removed|kept|used)\b",
            r"\b(?:this|the|each) (?:version|draft|copy|headline|subject line|email|variant|option|rewrite"
            r"|response|cta|preheader"
            r"|paragraph|tone|line) (?:uses?|keeps?|emphasi[sz]es|highlights|focuses|aims|avoids|leans|stays"
            r"|creates (?:a sense|urgency"
            r"|curiosity)|meets the|follows the|adheres|is (?:under|within|designed to|written|intended"
            r"|optimi[sz]ed|\d+ char)"
            r"|should (?:be|resonate|stay|include|not)|conveys|targets|speaks to|evokes|balances|sounds"
            r"|works because)\b",
            r"\bi don't have access to\b",
            r"\bmy (?:training data|knowledge cutoff|instructions)\b",
        ),
    ),
    Wording(
        id="label",
        message="is a label of the answer",
        patterns=(
            rf"^[\W_]{{0,6}}(?:(?:draft|final|revised|updated|suggested|proposed|new|alternative|first"
            rf"|second|third|main"
            rf"|improved|rewritten|shorter|example) )?{_LABEL}(?: ?\(.{{0,40}}\)| {_NUMBER}| option| draft"
            rf"| copy| version"
            rf"| text| line){{0,2}}[*_]{{0,3}} ?:",
            r"^[\W_]{0,6}(?:rationale|explanation|reasoning|key changes|changes made|why (?:this|it) works"
            r"|notes? to (?:the )?"
            r"(?:client|team|reviewer|designer|dev)|word limit|character limit|brand voice|tone of voice"
            r"|voice|persona|key message"
            r"|task|prompt|input|context|instructions?|constraints|requirements|guidelines|objective"
            r"|deliverables?"
            r"|segment|system prompt|user prompt|few-?shot|end of (?:email|copy|draft)|draft(?: copy)?"
            r"|revised(?: copy)?"
            r"|final(?: version| copy| draft)?|translation|summary)[*_]{0,3} ?:",
            rf"\*\*{_LABEL}[*_]{{0,3}} ?:",
            r"(?:^|[/|] ?)\W{0,3}(?:option|variant|version|variation|alternative|draft|example|line)"
            rf" {_NUMBER}\*{{0,2}}(?: \(.{{0,30}}\))? ?(?:[:)]|\.(?: |$)|-(?: |$))",
            r"\((?:about |approx\.? |~)?\d{1,4} (?:characters?|chars|words?|tokens?)\)",
            r"\((?:under|max|within|limit:?|count:?|length:?)[^)]{0,20}\d+ ?(?:characters?|chars|words?"
            r"|tokens?)\)",
            r"\b(?:characters?|chars|words?|tokens?)(?: count)? ?[:=] ?\d+|\b\d+ ?/ ?\d+ (?:characters"
            r"|chars)\b",
            r"\bword count ?:|\bcharacter count ?:",
        ),
    ),
    Wording(
        id="offer_to_change",
        message="is the model offering to change its answer",
        patterns=(
            r"\bwould you like me to\b|\blet me know if (?:you(?:'d| would) (?:like|prefer) (?:me|it|this"
            r"|them|changes|more|another|any|different|to (?:change|adjust|tweak|see)|(?:a |an )?(?:[\w-]+ )?"
            r"(?:shorter|longer|version|tone"
            r"|variation|option|headline|draft|edits?|revisions?))|this|these|any)\b",
            r"\bfeel free to (?:adjust|edit|modify|customi[sz]e|tweak|replace)\b",
            r"\b(?:i(?:'d| would|'m| am) (?:be )?(?:happy|glad) to|happy to) (?:revise|tweak|adjust|shorten"
            r"|rewrite|refine"
            r"|provide (?:more|another|other|additional)|make (?:changes|it|any)|generate|draft|create"
            r"|try again|offer more)",
            r"\b(?:want|need|like) (?:me to|another (?:version|option|variation|draft|take)|more (?:options"
            r"|variations|versions))\b"
            r"[^.!?]{0,60}\?",
            r"\bi can (?:also )?(?:rewrite|revise|shorten|adjust|tweak|provide|generate|draft|create"
            r"|make (?:it|this))\b",
            r"\blet me know (?:how|which|what) (?:you(?:'d| would)? (?:like|want|prefer|think)|this|version"
            r"|one)\b[^.!?]{0,30}"
            r"\b(?:version|option|draft|tone|change|edit|revis\w+|adjust\w*|prefer)\b",
            r"\b(?:would|do) you (?:prefer|want|like) (?:a|an|the|another|something) (?:[\w-]+ )?(?:shorter"
            r"|longer|version|tone"
            r"|variation|option|headline|draft|punchier|formal)",
            r"\bi hope (?:this helps|these help)\b",
        ),
    ),
    Wording(
        id="instruction",
        message="repeats an instruction or a working note",
        exceptions=("as requested by",),
        patterns=(
            r"\b(?:per|as per|following|based on|according to|in line with) (?:the|your) "
            r"(?:brief|guidelines|instructions?|prompt|request|style guide)\b",
            r"\b(?:your|the|these) (?:brand )?(?:guidelines|instructions?|prompt|style guide) "
            r"(?:ask|say|require|state)s?\b",
            r"\byou are an? .{0,40}\b(?:copywriter|assistant|language model|chatbot)\b",
            rf"\b(?:write|generate|create|return|output) (?:an?|one|the|exactly|only|\d) .{{0,20}}"
            rf"\b(?:{_PART}|hero block|json)\b",
            r"^(?:please )?(?:write|draft|compose|generate|create|produce|craft|rewrite|summari[sz]e"
            r"|translate) (?:in|an?|the|this|it"
            r"|copy|something|short|for|\d+|two|three|five)\b[^.!?]{0,60}\b(?:tone|voice|subject|emails?"
            r"|headlines?|copy|words"
            r"|characters|audience|mention|persona|paragraphs?|sentences|cta|call to action|newsletter|style"
            r"|english|segment)\b",
            r"\b(?:keep|stay|limit|aim|stick)(?: (?:it|this|the \w+|copy|text|each|everything))? (?:under"
            r"|below|to|within|for|between"
            r"|at|around) (?:\w+ )?(?:\d+|one|two|three|five|ten|forty|fifty|sixty) ?(?:-|to"
            r"|and)? ?\d* ?(?:characters?|chars|words?"
            r"|sentences?|lines?)\b",
            r"\b(?:in|with|use|using|keep|maintain|adopt) (?:an?|the|your) (?:[\w,-]+ ){1,5}?(?:tone"
            r"|voice)\b(?: of voice)?"
            r"(?:[.,;:]|$| and\b| throughout| that| for)",
            r"\b(?:no|avoid|without|don't use|do not use|never use|use no) (?:any )?(?:emojis?"
            r"|exclamation (?:marks?|points?)|superlatives"
            r"|jargon|cliches|all caps|hashtags|markdown|bullet points|health claims|urgency|clickbait"
            r"|buzzwords|passive voice)\b",
            r"\b(?:mention|reference|work in) (?:the |our |a |an |your )?[^.!?]{0,40}\b(?:once|twice"
            r"|three times|at least once|at least twice|naturally|in the (?:first|second|last|opening"
            r"|closing) (?:line|sentence"
            r"|paragraph)|exactly once|where possible|if relevant|verbatim)\b",
            r"\b(?:include|add|end with|finish with|close with|start with|open with|insert) (?:a|an|one"
            r"|the) (?:[\w-]+ ){0,3}?(?:cta"
            r"|call to action|call-to-action|hook|sign-off|placeholder|disclaimer|merge tag|unsubscribe link"
            r"|question hook)\b",
            r"\b(?:make sure|be sure|remember|do not forget|don't forget|ensure|take care)(?: that)? (?:to "
            r"|you )?(?:mention|include|use"
            r"|keep (?:it|the)|avoid|stay|the (?:tone|copy|cta|headline|subject))\b[^.!?]{0,60}\b(?:tone"
            r"|copy|cta|headline|subject"
            r"|characters|words|brand|brief|discount code|product name|on-brand|guidelines|audience|short)\b",
            r"\bas (?:per )?(?:instructed|requested|(?:per )?your instructions|specified in the"
            r"|outlined in the|per the)\b",
            r"\b(?:based on|using|given|from|per) (?:the|your) (?:information|details|context|facts|data"
            r"|input|product (?:data|sheet|facts)"
            r"|fact sheet|source|template|examples?) (?:provided|given|supplied|above|below|you (?:gave"
            r"|provided|shared))\b",
            r"\b(?:none|nothing|no \w+|not|wasn't|weren't|was not|were not|isn't|unless) (?:was |were "
            r"|been )?(?:provided|supplied"
            r"|specified|given) (?:in|by|for|to|with) (?:the|you|me|your)\b|\bsince none was (?:provided"
            r"|supplied|given)\b",
            r"[\[(] ?(?:note|nb|n\.b\.|editor'?s?|ed|author|writer|reviewer|copywriter|ai|translator"
            r"|designer|dev|legal|client|internal"
            r"|draft|disclaimer|compliance|marketing|qa|check|confirm|verify|source|citation needed|tbc|tbd"
            r"|tk|sic|pause|end|image|photo"
            r"|logo|picture|graphic|gif|hero image|button|cta|link here|link to|continue\w*|rest of|same as"
            r"|alt)"
            r"\b ?(?:[:;.,-]|to |that |this |image|here|needed|of |note|by |with |goes|before"
            r"|for )[^\])]{0,160}[\])]",
            r"\((?:i|i've|we|we've) (?:left|kept|added|removed|changed|assumed|used|avoided|wasn't|couldn't"
            r"|didn't|swapped|cut)\b",
            r"\b(?:needs? (?:legal|client|brand|final) (?:approval|review|sign-?off)|awaiting (?:approval"
            r"|sign-?off)|pending (?:legal|review"
            r"|approval)|not for (?:release|publication)|internal (?:use|only)|do not (?:send|publish"
            r"|distribute)|please (?:confirm|check"
            r"|verify|review|advise|approve|fill in|replace)\b[^.!?]{0,40}\b(?:before (?:sending|send|launch"
            r"|publishing)|sending|approval"
            r"|wording|the (?:date|price|link|copy|claim|location)))\b",
            r"\b(?:change|swap|replace|update|edit|tweak) (?:this|the (?:date|price|name|link|line|headline"
            r"|placeholder)) (?:before|if needed"
            r"|with (?:the|your) (?:actual|real|own|correct))\b",
            r"\bfixme\b|\btodo ?:|\btbd ?:|\blegal to (?:confirm|check|approve)\b",
            r"\bnote to (?:editor|legal)\b",
            r"\bmust not be mentioned\b|\bdo not mention\b|\bmust_say\b",
            r"\bmax(?:imum)? \d+ (?:characters|words)\b",
        ),
    ),
    Wording(
        id="format",
        message="is the format of an answer",
        patterns=(
            r"^#{1,6} |^#{2,6}\w|\*\*[^*]{1,80}\*\*|^\*{3}|^---|^___|</?s>|\[/?(?:end|eos|bos|sep|cls|pad"
            r"|output|response|assistant)\]"
            r"|<(?:end|eos|bos|eot|start|unk|pad)[\w_]*>|\beot_id\b|\bend_of_(?:text|turn)\b",
            r"'{3}|<\||\|>|\[/?inst\]|<</?sys>>",
            r"</?(?:think|thinking|reasoning|assistant|system|user|answer|output|response|s)>",
            r'^\W{0,2}[\[{].{0,20}"\w+" ?:',
            r"^(?:assistant|system|user|human|ai) ?:",
        ),
    ),
    Wording(
        id="german",
        message="is the model speaking, or a label of its answer",
        patterns=(
            r"^\W{0,3}(?:gerne?|naturlich|klar|selbstverstandlich|sicher)[,!.:;-]+ ?hier (?:ist|sind"
            r"|kommen|kommt)",
            rf"\bhier (?:ist|sind|kommt|kommen) .{{0,30}}\b{_PART_DE}\b",
            r"\bals (?:ki|sprachmodell|kunstliche intelligenz|chatbot)\b",
            r"\bich (?:kann (?:leider )?(?:keine|nicht)|habe (?:\w+ ){0,4}(?:verfasst|geschrieben"
            r"|vermieden|formuliert))",
            rf"^[\W_]{{0,6}}{_LABEL_DE}[*_]{{0,3}} ?:",
            rf"(?:^|[/|] ?)\W{{0,3}}(?:variante|version|vorschlag|entwurf|option"
            rf"|beispiel) {_NUMBER}\*{{0,2}} ?(?:[:)]|\.(?: |$))",
            r"\((?:ca\.? |etwa )?\d{1,4} (?:zeichen|worter|woerter)\)",
            r"\b(?:gemass|laut|nach) (?:dem|den|der|ihren|deinen) (?:briefing|vorgaben|anweisungen"
            r"|richtlinien|prompt)\b",
        ),
    ),
    Wording(
        id="french",
        message="is the model speaking, or a label of its answer",
        patterns=(
            r"^\W{0,3}(?:bien sur|certainement|avec plaisir|d'accord)[ ,!.:;-]+ ?(?:voici|ci-dessous)",
            rf"\bvoici .{{0,30}}\b{_PART_FR}\b",
            r"\ben tant (?:que|qu')(?: ?une?)? ?(?:ia|intelligence artificielle|modele de langage"
            r"|assistant)\b",
            r"\bje (?:ne peux pas|suis incapable de|n'ai pas acces)\b|\bj'ai (?:redige|ecrit|evite"
            r"|respecte)\b",
            rf"^[\W_]{{0,6}}{_LABEL_FR}[*_]{{0,3}} ?:",
            rf"(?:^|[/|] ?)\W{{0,3}}(?:variante|version|proposition|option"
            rf"|exemple) {_NUMBER}\*{{0,2}} ?(?:[:)]|\.(?: |$))",
            r"\((?:environ )?\d{1,4} (?:caracteres|mots)\)",
            r"\b(?:selon|conformement a|d'apres) (?:le|la|les|vos|tes) (?:brief|consignes|instructions"
            r"|directives)\b",
        ),
    ),
    Wording(
        id="bracket",
        message="is a gap for somebody to fill in",
        patterns=(r"\[ ?(?:insert|placeholder|add|your)\b",),
    ),
)
_LABELS = frozenset({"label", "german", "french"})
_CHOICES = re.compile(r"\boption a: [^.!?:]{1,60}[.!?] ?option b: [^.!?:]{1,60}[.!?]?\s*$")
"""A joke with two choices, in one line: each begins as the label of an answer does."""
_QUOTED = re.compile(r"\s*[\"“„«']([^\"“”„«»]+)[\"”“»']\s*\Z")
_LISTED = re.compile(r"\s*(?:[-*•·]|\d{1,2}[.)])\s+")


@cache
def _matcher() -> Matcher[Wording]:
    return Matcher(_WORDINGS)


def _is_plain(piece: Piece, context: Context, span: tuple[int, int]) -> bool:
    """Whether the words are ordinary ones of the language, or what a class or a book teaches."""
    shown = piece.text[slice(*span)]
    if context.language in _TODO_LANGUAGES and _TODO.match(shown):
        return True
    before = piece.text[max(0, span[0] - _NEAR) : span[0]]
    after = piece.text[span[1] : span[1] + _NEAR]
    return _TO_WRITE.match(shown) is not None and bool(_LEARNS.search(before) or _TAUGHT.match(after))


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Talk of the model, labels, echoes of the prompt; in generated copy also list marks and outer quotes."""
    for hit in _matcher().hits(piece.shadows):
        if hit.rule.id in _LABELS and _CHOICES.search(piece.folded.text):
            continue
        words = piece.text[hit.start : hit.end]
        if _is_plain(piece, context, hit.span):
            continue
        yield GUARDRAIL.finding(piece, hit.span, f"'{words}' {hit.rule.message}", "give only the copy itself")
    for framed in frames(KIND, "en").hits(piece.shadows):
        words = piece.text[framed.start : framed.end]
        if _is_plain(piece, context, framed.span):
            continue
        yield GUARDRAIL.finding(
            piece, framed.span, f"'{words}' {framed.rule.message}", framed.rule.suggestion
        )
    if context.tokens_only:
        yield from _wrapping(piece)


def _wrapping(piece: Piece) -> Iterator[Finding]:
    listed = _LISTED.match(piece.text)
    if listed and listed.end() > 0:
        yield GUARDRAIL.finding(
            piece, listed.span(), "the line begins with a list mark", "give only the copy itself"
        )
    quoted = _QUOTED.match(piece.text)
    if quoted and "'" not in piece.text[:1] + quoted[1]:
        yield GUARDRAIL.finding(
            piece, (0, len(piece.text)), "the whole line stands in quotes", "leave the quotes out"
        )


GUARDRAIL = Guardrail(
    id="prompt_leak",
    family=Family.BRAND,
    categories=("prompt_leak",),
    summary="No model talk, answer labels, prompt echoes or answer formats in copy",
    source="observed answers of small and large models",
    check=check,
)
