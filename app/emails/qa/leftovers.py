"""What a template or a missing value left behind in words that people read."""

import re
from collections.abc import Iterable, Iterator

from app.emails.qa.broken import DOUBLED, TOKENS, lost_greeting, missing_value
from app.emails.qa.email import EmailUnderTest, Passage, spot
from app.emails.qa.models import Flaw, Severity, rule
from app.emails.qa.words import of_language, one_of, words

_NOTES = re.compile(r"(?<!\w)(?:TODO|TBD|FIXME|XXX{1,10})(?!\w)")
_ESCAPED = re.compile(
    r"&(?:amp|lt|gt|quot|nbsp|apos|#\d{1,6}|#x[0-9a-fA-F]{1,5});|</?(?:b|i|p|br|a|em|strong|span|div)\b[^<>]{0,100}>"
)
_MOJIBAKE = re.compile("\ufffd|Ã[\u0080-\u00bf]|â€|Â[\u00a0-\u00bf]|ï»¿|\\\\u\\{?[0-9a-f]{2,6}")
_OWN = "copydesk: what broken values look like in a rendered email (tests/emails/qa)"
_CHECKLIST = "Litmus pre-send checklist, help 119 (read 2026-11)"
_ATTRIBUTES = ("alt", "title", "href", "src", "aria-label", "content")


def _everything(email: EmailUnderTest) -> Iterator[Passage]:
    """What people read, and the attributes that a value may stand in."""
    yield from email.every_passage
    for element in email.document.all():
        for name in _ATTRIBUTES:
            if value := element.attrs.get(name, ""):
                yield Passage(spot(element), value, element)


def _found(pattern: re.Pattern[str], passages: Iterable[Passage]) -> Iterator[tuple[Passage, re.Match[str]]]:
    for passage in passages:
        found = pattern.search(passage.words)
        if found is not None:
            yield passage, found


def _near(passage: Passage, found: re.Match[str]) -> str:
    """The words around what was found."""
    return passage.words[max(0, found.start() - 15) : found.end() + 15].strip()


@rule(
    "leftovers.merge_syntax",
    Severity.ERROR,
    "A token was not filled in",
    threshold="{{ }}, {% %}, {name}, ${ }, <% %>, *| |*, %% %%, %NAME%, [[ ]] in words, links or alt texts",
    source="the merge syntax of the sending platforms; app/emails/escape.py",
)
def _merge(email: EmailUnderTest) -> Iterator[Flaw]:
    for passage, found in _found(TOKENS, _everything(email)):
        yield Flaw(passage.at, f"'{found[0][:60]}' was not filled in", "the value, or its fallback")


@rule(
    "leftovers.missing_value",
    Severity.ERROR,
    "A missing value shows as a word of the program",
    threshold="undefined, null (but in German), NaN, None before a mark, [object Object], <nil>, #N/A",
    source=_OWN,
)
def _value(email: EmailUnderTest) -> Iterator[Flaw]:
    for passage, found in _found(missing_value(email.locale), _everything(email)):
        yield Flaw(passage.at, f"'{_near(passage, found)}' shows a missing value", "a fallback")


@rule(
    "leftovers.placeholder",
    Severity.ERROR,
    "A placeholder was not replaced",
    threshold="words of data/words.yaml, placeholders: lorem ipsum, TODO, [name] ...",
    source=_CHECKLIST,
)
def _placeholder(email: EmailUnderTest) -> Iterator[Flaw]:
    pattern = one_of(of_language(words().placeholders, email.locale))
    for passage in email.every_passage:
        shown = TOKENS.sub(lambda token: "_" * len(token[0]), passage.words)
        found = pattern.search(shown) or _NOTES.search(shown)
        if found is not None:
            yield Flaw(passage.at, f"'{_near(passage, found)}' holds a placeholder")


@rule(
    "leftovers.broken_greeting",
    Severity.ERROR,
    "A greeting lost its name",
    threshold='a greeting of words.yaml, a space, a mark ("Hello ,"); a salutation before one ("Dear,"); '
    "words that begin with a mark",
    source=_OWN,
)
def _greeting(email: EmailUnderTest) -> Iterator[Flaw]:
    for passage, found in _found(lost_greeting(email.locale), email.every_passage):
        yield Flaw(passage.at, f"'{_near(passage, found)}' lost its name", "a variable with a fallback")


@rule(
    "leftovers.doubled_marks",
    Severity.WARNING,
    "Marks stand twice or lost their words",
    threshold='",,", "..", "!.", a space before a comma or full stop, "()", "!!", "??"; addresses aside',
    source=_OWN,
)
def _doubled(email: EmailUnderTest) -> Iterator[Flaw]:
    greetings = lost_greeting(email.locale)
    for passage in email.every_passage:
        if greetings.search(passage.words):
            continue
        words_only = " ".join("_" * len(w) if _is_address(w) else w for w in passage.words.split(" "))
        found = DOUBLED.search(words_only)
        if found is not None and not set(words_only) <= set("-_=*. "):
            yield Flaw(passage.at, f"'{_near(passage, found)}' has marks to mend")


@rule(
    "leftovers.escaped_twice",
    Severity.ERROR,
    "Readers see HTML",
    threshold="an entity or a tag among the visible words",
    source=_OWN,
)
def _escaped(email: EmailUnderTest) -> Iterator[Flaw]:
    passages = [passage for passage in email.every_passage if passage.at.part != "text"]
    for passage, found in _found(_ESCAPED, passages):
        yield Flaw(passage.at, f"'{found[0]}' is there to be read", "text that is escaped once")


@rule(
    "leftovers.wrong_encoding",
    Severity.ERROR,
    "Characters came out wrong",
    threshold="the replacement character, UTF-8 read as Latin-1 (Ã©, â€™), or a written-out \\u{...}",
    source="https://github.com/jdrouet/mrml 6.0.1 (written-out characters in attributes); https://www.unicode.org/faq/utf_bom.html",
)
def _encoding(email: EmailUnderTest) -> Iterator[Flaw]:
    for passage, found in _found(_MOJIBAKE, _everything(email)):
        yield Flaw(passage.at, f"'{_near(passage, found)}' came out wrong", "UTF-8 all the way")


def _is_address(word: str) -> bool:
    return "//" in word or "#" in word or "@" in word


RULES = (_merge, _value, _placeholder, _greeting, _doubled, _escaped, _encoding)
