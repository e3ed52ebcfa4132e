"""Template syntax, markup and hidden characters: nothing in copy may run, and nothing may pose as a variable.

Copy is text with typed tokens. Text that looks like another template language is an injection at the sender,
where a second engine reads the email; a line break in a subject adds a header (RFC 5322, 2.2); control,
bidirectional and tag characters show readers something else than what was approved (Unicode TR 36).
The list of foreign syntaxes follows the sending platforms' manuals: Liquid, Handlebars, Jinja, Mailchimp,
ExactTarget, ERB, Velocity, Braze.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.gate import Gate
from app.tokens import TOKEN
from app.verdicts.reports import Family, Finding

MARKUP = "injection_markup"
VARIABLE = "unapproved_variable"
Span = tuple[int, int]


@dataclass(frozen=True)
class _Syntax:
    """One foreign syntax: how it looks in the original text, and what it is. `only` limits the mode."""

    pattern: re.Pattern[str]
    category: str
    what: str


def _syntax(pattern: str, category: str, what: str, flags: int = 0) -> _Syntax:
    return _Syntax(re.compile(pattern, flags), category, what)


_PLACEHOLDER = (
    r"(?:insert|name|first|last|surname|customer|company|brand|product|date|deadline|city|link|url|price|code"
    r"|discount|amount|number|offer|placeholder|your|recipient|subscriber|email|phone|address"
    r"|einfügen|vorname|nachname|kunde|firma|marke|produkt|datum|stadt|preis|betrag|rabatt|angebot"
    r"|platzhalter"
    r"|insérer|prénom|nom|client|société|marque|produit|ville|lien|prix|montant|remise|offre)"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
_DETAIL = (
    r"(?:venue|date|time|speaker|price|place|location|host|line-?up|details|doors|menu|address|room"
    r"|chef|guest"
    r"|title|cost|tickets?|topic)"
)
_SYNTAXES = (
    _syntax(r"<\?[^>\n]{0,300}>?", MARKUP, "program code"),
    _syntax(r"\{%[^%]{0,200}%?\}?|\{#[^#]{0,200}#\}", MARKUP, "a template instruction"),
    _syntax(r"[$#]\{(?=[^}]{0,80}[:()*+/;=])[^}]{0,80}\}?", MARKUP, "template code"),
    _syntax(
        r"#(?:set|foreach|if|else|end|parse|include|macro|evaluate)\s?\(|<%[^%(]{0,60}\([^%]{0,60}%?>?",
        MARKUP,
        "template code",
    ),
    _syntax(r"\$\{[^}]{0,80}\}?|#\{[^}]{0,80}\}?", VARIABLE, "a variable in another syntax"),
    _syntax(r"\*\|[^|*]{0,60}\|\*", VARIABLE, "a Mailchimp merge tag"),
    _syntax(r"%%[^%\s]{1,60}%%|%\[?[A-Z][A-Z_]{2,40}\]?%", VARIABLE, "a merge tag in another syntax"),
    _syntax(r"\[\[[^\]]{0,60}\]\]|@@\w{1,60}@@", VARIABLE, "a merge tag in another syntax"),
    _syntax(r"<%[^%]{0,80}%?>?", VARIABLE, "a variable in another syntax"),
    _syntax(
        rf"\[(?=[A-Za-z][^\]\n(]{{0,60}}\](?!\())(?=[^\]]{{0,60}}\b{_PLACEHOLDER}\b)[A-Za-z][^\]\n(]{{0,60}}\](?!\()",
        VARIABLE,
        "a placeholder that was left in",
        re.IGNORECASE,
    ),
    _syntax(
        rf"<(?=[A-Z][A-Z_ ]{{1,60}}>)(?=[^>]{{0,60}}\b{_PLACEHOLDER}\b)[A-Z][A-Z_ ]{{1,60}}>",
        VARIABLE,
        "a placeholder that was left in",
    ),
    _syntax(
        r"%[a-z][\w.]{1,40}%|\$[A-Z][A-Z_]{2,40}\$?(?![A-Za-z])|\$[a-z]+(?:_[a-z]+)+\b",
        VARIABLE,
        "a merge tag in another syntax",
    ),
    _syntax(
        r"<<[^<>\n]{1,60}>>|«(?=[^»\n]{0,40}(?:[Nn]ame|NAME|_))[^»\n]{1,40}»|~~?\w{2,40}~~?|\|[A-Z_]{3,40}\|"
        r"|::\w{2,40}::"
        r"|(?<![\w.])__[A-Za-z]\w{1,40}__|(?<![\w&])#[A-Z_]{3,40}#|\[%[^%]{1,60}%\]|(?<!\w)@[A-Z_]{3,40}@"
        r"|\{!\$?[\w.]{1,60}\}",
        VARIABLE,
        "a merge tag in another syntax",
    ),
    _syntax(
        r"(?<![{|%])(?<![{|%] )\b(?:F_?NAME|L_?NAME|FIRST_?NAME|LAST_?NAME|first_?name"
        r"|last_?name|firstName|lastName|FirstName|LastName)\b(?!\s?[}|%*\]>])"
        r"|\b(?:[Hh]i|[Hh]ello|[Dd]ear|[Hh]ey|[Mm]orning) (?:NAME|First Name|Last Name|Customer Name"
        r"|Firstname|null|undefined"
        r"|None|NULL|N/A|NaN|\(name\)|\(first name\))(?=[\s,.!:]|$)|\[object Object\]|^\s?(?:null|undefined"
        r"|NaN)(?=[\s,.!:]|$)",
        VARIABLE,
        "a variable that was not filled in",
    ),
    _syntax(
        r"\b(?:DATE|TIME|PRICE|CITY|NAME|LINK|URL|CODE|VENUE|AMOUNT|TITLE|STORE|PRODUCT) (?:TBC|TBA|TBD|HERE"
        r"|TK)\b|\bTK TK\b|\bTKTK\b"
        r"|[£$€](?:X{1,4}|N{2,4}|_{1,4}|\?{1,4})(?:\.(?:X{2}|N{2}))?(?!\w)|\b(?:DD|XX)[/.-](?:MM|XX)\b"
        r"|\b(?:INSERT|ADD|YOUR|ENTER) (?:[A-Z]+ ){0,3}(?:HERE|NAME|LINK|PRICE|CODE|DATE|COPY|TEXT|URL)\b",
        VARIABLE,
        "a blank that was left in",
    ),
    _syntax(
        r"%0[ad]\s?%?0?[ad]?\s?(?:to|cc|bcc|from|subject)\b|\\u003c|\\x3c|%3cscript|<!ENTITY|\]\]>"
        r"|javascript&colon;"
        r"|\b(?:onerror|onload|onclick|onmouseover|onfocus) ?=|\bdisplay ?: ?none\b|\bexpression\("
        r"|\bdocument\.(?:cookie|location)"
        r"|\bfile:///|\b__(?:import|class|globals|proto|init)__|\b(?:DROP|TRUNCATE) TABLE\b|\bUNION SELECT\b"
        r"|\beval\(|\A[=+@-] ?(?:cmd|HYPERLINK|IMPORT\w+|DDE|SUM)\b ?[|(]|\\r\\n",
        MARKUP,
        "code",
        re.IGNORECASE,
    ),
    _syntax(
        rf"\bTB[CAD]\b(?! [Bb]ank)|\bX{{4,20}}\b|\bXX[:.]XX\b|\bXX(?:th|st|nd|rd)?\b (?:of )?{_MONTH}\b"
        rf"|\b{_MONTH} XX\b|\b(?i:{_DETAIL}(?: is| are)? ?[:(-]? ?tb[cad])\b",
        VARIABLE,
        "a blank that was left in",
    ),
    _syntax(r"_{3,200}|\?{2,9} ?%|\bX{2,9} ?%", VARIABLE, "a blank that was left in"),
    _syntax(
        r"\b(?:lorem ipsum|dolor sit amet|consectetur adipiscing|placeholder text|text goes here)\b",
        VARIABLE,
        "filler text",
        re.IGNORECASE,
    ),
    _syntax(r"</?[a-zA-Z][^>\n]{0,500}>?|<[!?][^>\n]{0,500}>?", MARKUP, "markup"),
    _syntax(
        r"&(?:lt|#0{0,6}60|#x0{0,6}3c);?[ ]{0,3}[/!?a-z][^&\n]{0,200}", MARKUP, "hidden markup", re.IGNORECASE
    ),
    _syntax(r"\b(?:javascript|vbscript)\s{0,3}:|\bdata:text/html", MARKUP, "a script address", re.IGNORECASE),
    _syntax(r"\[[^\]\n]{0,100}\]\([^)\n]{0,200}\)", MARKUP, "a Markdown link"),
    _syntax(r"^#{1,6} |\*\*|^\s{0,3}```|```", MARKUP, "Markdown", re.MULTILINE),
    _syntax(r"=\?[\w-]{1,40}\?[bqBQ]\?[^?\s]{0,100}\?=", MARKUP, "an encoded mail header"),
    _syntax(
        r"[\r\n](?:to|cc|bcc|from|sender|subject|reply-to|content-type|mime-version|x-[\w-]{1,40}):"
        r"|\A\s{0,3}(?:content-(?:type|disposition|transfer-encoding)|mime-version|x-mailer"
        r"|x-[a-z]{2,20}-[a-z]{2,20}"
        r"|reply-to|return-path|bcc|cc|received|message-id|list-unsubscribe): ?\S"
        r"|\A\s{0,3}(?:to|from): ?\S{1,60}@",
        MARKUP,
        "a mail header",
        re.IGNORECASE,
    ),
    _syntax(
        r"\b(?:ignore|disregard|forget|override|bypass|skip)\b[^.\n]{0,40}\b(?:rules?|instructions?|prompts?"
        r"|guidelines|guardrails|checks|policies|approvals?|system message)\b",
        MARKUP,
        "an instruction to a machine",
        re.IGNORECASE,
    ),
    _syntax(
        r"\b(?:ignorier\w*|vergiss|missachte\w*)\b[^.\n]{0,30}\b(?:regeln|anweisung\w*|vorgaben|prompts?)\b"
        r"|\b(?:ignore[zr]?|oublie[zr]?)\b[^.\n]{0,30}\b(?:règles?|instructions?|consignes?)\b",
        MARKUP,
        "an instruction to a machine",
        re.IGNORECASE,
    ),
)
_ONE_LINE = re.compile(r"[\r\n\u2028\u2029\x0b\x0c\x85]+")
_HIDDEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    r"\ue000-\uf8ff\ufff9-\ufffb\U000e0000-\U000e007f\U000f0000-\U0010ffff]+"
)
_FLAG_TAGS = re.compile(r"\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]{1,8}\U000e007f")
_DOUBLE = re.compile(r"\{\{\{?([^{}\n]{0,200})\}?\}?\}?")
_SINGLE = re.compile(r"\{\s{0,3}[A-Za-z_][\w.]{0,80}\s{0,3}\}")
_BRACES = re.compile(r"[{}]+")
_NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*")
_MOST_FILTERS = 5
_LONGEST_FILTER = 60
_PLAIN_TAGS = re.compile(r"</?(?:em|strong|b|i)>|<br ?/?>")
_SUSPICIOUS = re.compile(
    r"[^\w .,;:!?'’\"()/+€£–—-]|\n|_{2}|[£€][XN_?]|(?:[A-Z]{2} ?){2}|XX|(?i:tb[cad]\b)"
    r"|[Nn][Aa][Mm][Ee]\b|null|undefined|None"
    r"|NaN"
    r"|(?i:script|lorem|dolor|placeholder|goes here|gnor|isregard|orget|verride|ergiss|issacht|oubli)"
)
_SUSPECT = Gate([_SUSPICIOUS])


class _Taken:
    """Characters that are accounted for."""

    def __init__(self, spans: list[Span]) -> None:
        self.characters: set[int] = set()
        for span in spans:
            self.add(span)

    def add(self, span: Span) -> None:
        """Account for a span."""
        self.characters.update(range(*span))

    def overlaps(self, span: Span) -> bool:
        """Whether any character of the span is accounted for."""
        return not self.characters.isdisjoint(range(*span))


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every piece of foreign syntax, once each. A well-formed token of our own is `variables`' business."""
    text = piece.text
    if not (_SUSPECT.passed(text) and _SUSPICIOUS.search(text)):
        return
    taken = _Taken(_allowed(piece, context))
    for span, category, what in (*_characters(piece), *_foreign(text), *_braces(text, context)):
        if taken.overlaps(span) or _is_named(text[slice(*span)], category, context):
            continue
        taken.add(span)
        yield GUARDRAIL.finding(
            piece,
            span,
            f"{_shown(text[slice(*span)])} is {what}, which copy may not hold",
            "write plain words"
            if category == MARKUP
            else "use one of the allowed variables, or leave it out",
            category=category,
        )


def _is_named(shown: str, category: str, context: Context) -> bool:
    """Whether letters that could be a blank ("TBA") are part of a supplied name."""
    return category == VARIABLE and shown.isalpha() and any(shown in name for name in context.names)


def _allowed(piece: Piece, context: Context) -> list[Span]:
    """What looks like syntax and is fine: our tokens, flags of regions, plain emphasis in human body copy."""
    text = piece.text
    spans = [
        m.span()
        for m in TOKEN.finditer(text)
        if text[m.start() - 1 : m.start()] != "{" and text[m.end() : m.end() + 1] != "}"
    ]
    spans += [match.span() for match in _FLAG_TAGS.finditer(piece.text)]
    if not context.tokens_only:
        if piece.field == "body":
            spans += [match.span() for match in _PLAIN_TAGS.finditer(piece.text)]
        for match in _DOUBLE.finditer(piece.text):
            inner = match[0][2:-2]
            if match[0] == "{{" + inner + "}}" and inner.strip() in context.allowed_tokens:
                spans.append(match.span())
    return spans


def _braces(text: str, context: Context) -> Iterator[tuple[Span, str, str]]:
    """Variables in braces. Generated copy may hold no brace besides its tokens; human copy may set { }."""
    for match in _DOUBLE.finditer(text):
        inner = match[1].strip()
        named = _NAME.match(inner)
        known = named is not None and named[0].split(".")[0] in context.allowed_tokens
        if named is not None and (known or ("__" not in inner and _plain_use(inner))):
            yield match.span(), VARIABLE, "a variable that is not allowed here, or not in this form"
        else:
            yield match.span(), MARKUP, "template code"
    for match in _SINGLE.finditer(text):
        yield match.span(), VARIABLE, "a variable in another syntax"
    if context.tokens_only:
        for match in _BRACES.finditer(text):
            yield match.span(), MARKUP, "a stray brace"


def _plain_use(inner: str) -> bool:
    """Whether the content of `{{ }}` names a variable, with filters at most, and computes nothing."""
    name, *filters = inner.split("|")
    if re.fullmatch(r"[A-Za-z_][\w.]*\s*", name) is None or len(filters) > _MOST_FILTERS:
        return False
    return all(item and len(item.strip()) <= _LONGEST_FILTER for item in filters)


_SPLIT_WORD = re.compile(r"(?<=[A-Za-z])[\u200b\u2060\ufeff\u180e\u200c\u200d]+(?=[A-Za-z])")
"""A character without width inside a word of Latin letters."""
_STRING = re.compile(r"[\u200b-\u200d\u2060-\u2064\ufeff\u180e\u00ad\u034f]{2,200}")
"""Several of them in a row: no script and no emoji needs that, and each may hold a bit of a message."""


def _characters(piece: Piece) -> Iterator[tuple[Span, str, str]]:
    """Hidden characters anywhere, and line breaks where a mail header or a button has one line."""
    for match in _HIDDEN.finditer(piece.text):
        yield match.span(), MARKUP, "a hidden or control character"
    for match in _STRING.finditer(piece.text):
        yield match.span(), MARKUP, "a string of hidden characters"
    for match in _SPLIT_WORD.finditer(piece.text):
        yield match.span(), MARKUP, "a hidden character inside a word"
    if piece.field != "body":
        for match in _ONE_LINE.finditer(piece.text):
            yield match.span(), MARKUP, "a line break, which adds a header or a line"


def _foreign(text: str) -> Iterator[tuple[Span, str, str]]:
    for syntax in _SYNTAXES:
        for match in syntax.pattern.finditer(text):
            yield match.span(), syntax.category, syntax.what


def _shown(words: str) -> str:
    """The words as a person can see them, shortened."""
    visible = words.encode("unicode_escape").decode() if not words.isprintable() else words
    return f"'{visible[:40]}…'" if len(visible) > 40 else f"'{visible}'"


GUARDRAIL = Guardrail(
    id="template_syntax",
    family=Family.LEGAL,
    categories=(MARKUP, VARIABLE),
    summary="No foreign template syntax, placeholder, markup, header line or hidden character",
    source="RFC 5322 2.2, Unicode TR 36, the sending platforms' template manuals",
    check=check,
)
