"""Personal data: nothing in copy identifies, reaches or gives access to a person.

Numbers with a check are checked (cards by Luhn, ISO/IEC 7812; IBAN modulo 97, ISO 13616; Spanish DNI), others
count next to a word that says what they are. What the brand supplied as its own contact data passes; so do
article numbers, versions and codes, which look alike.
"""

import re
from collections.abc import Callable, Iterator

from app.guardrails.addresses import top_level
from app.guardrails.first_names import is_first_name
from app.guardrails.fold import fold
from app.guardrails.frame import Context, Guardrail, Piece
from app.guardrails.gate import Gate
from app.guardrails.lexicon import is_word
from app.guardrails.matcher import masked
from app.guardrails.named_people import (
    FEWEST_DIALLED,
    at_number,
    behind_a_name,
    born_on,
    condition,
    dwells,
    file_on,
)
from app.guardrails.personal_copy import TITLE, Copy
from app.guardrails.personal_words import (
    ABOUT_A_PERSON,
    ARTICLE,
    AT_NUMBER,
    BIRTH,
    BORN_ON,
    CAR,
    DATE,
    DWELLS,
    FILE_ON,
    HANDLE,
    IDENTITY,
    KEYS,
    MAIL_HOST,
    NAME,
    NETWORK,
    OF_A_PERSON,
    OF_SOMEBODY,
    OWN_CONDITION,
    PHONE_LEAD,
    PLACE,
    PLATE,
    POSTCODE,
    RECORD,
    SECRET,
    SEEN,
    SERVICE,
    SHARED_MAILBOX,
    SHOPPED,
    SOMEBODY,
    STREET,
    TO_A_PERSON,
    YOURS,
)
from app.verdicts.reports import Family, Finding

_NEAR = 40
"""Characters before a number in which a word says what it is."""
Check = Callable[[re.Match[str], Copy], bool]


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (1 + place % 2) for place, d in enumerate(reversed(digits))]
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def _card(match: re.Match[str], copy: Copy) -> bool:
    digits, before = _digits(match[0]), copy.before(match)
    if ARTICLE.search(before) or digits in _digits(copy.supplied):
        return False
    if re.search(r"\b(?:cards?|karten?\w*|carte|tarjeta|visa|mastercard|amex)\b", before):
        return True
    grouped = re.fullmatch(r"\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|\d{4}([ -])\d{6}\2\d{5}", match[0])
    return digits[0] in "23456" and _luhn(digits) and (bool(grouped) or len(digits) in (15, 16))


def _iban(match: re.Match[str], _copy: Copy) -> bool:
    written = match[0].replace(" ", "").upper()
    moved = written[4:] + written[:4]
    return 15 <= len(written) <= 34 and int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


def _national(match: re.Match[str], copy: Copy) -> bool:
    return not ARTICLE.search(copy.before(match)) and match[0] not in copy.supplied


def _dni(match: re.Match[str], copy: Copy) -> bool:
    return _national(match, copy) and "trwagmyfpdxbnjzsqvhlcke"[int(match[1]) % 23] == match[2]


def _email(match: re.Match[str], copy: Copy) -> bool:
    box, host = match[1], re.sub(r" ?[\[({]?(?:dot|punkt|point|punto|\.)[\])}]? ?", ".", match[2])
    if host.rsplit(".", 1)[-1] not in top_level() or (" at " in match[0] and not _is_mailbox(box, host)):
        return False
    written = f"{re.sub(r' dot | punkt | point | punto ', '.', box)}@{host}"
    known = {fold(email).text for email in copy.context.extras.emails}
    if written in known:
        return False
    return copy.context.facts is not None or not SHARED_MAILBOX.match(box)


def _is_mailbox(box: str, host: str) -> bool:
    """Whether words before a spelled-out "at" are a mailbox: "ring us at fernhill dot com" is none."""
    return bool(MAIL_HOST.match(host)) or not box.isalpha() or not is_word(box)


def _phone(match: re.Match[str], copy: Copy) -> bool:
    digits, before = _digits(match[0]), copy.before(match)
    if not 7 <= len(digits) <= 15 or ARTICLE.search(before):
        return False
    national = digits.removeprefix("00").lstrip("0")[-9:]
    if any(national in _digits(line) for line in copy.supplied.split("\n")):
        return False
    if len(digits) >= FEWEST_DIALLED and behind_a_name(match, copy):
        return True
    if len(digits) < 9 or not re.search(r"[ ()/.-]|^\+|^0", match[0]):
        return bool(PHONE_LEAD.search(before)) and _of_a_person(match, copy)
    if copy.context.facts is None:
        return _of_a_person(match, copy) and not SERVICE.match(match[0])
    return bool(PHONE_LEAD.search(before) or YOURS.search(before)) or match[0].startswith("+")


def _of_a_person(match: re.Match[str], copy: Copy) -> bool:
    if OF_A_PERSON.search(copy.before(match)) or OF_SOMEBODY.search(copy.before(match)):
        return True
    before = copy.seen(match.start() - 30, match.start())
    lead = re.search(r"(?:[Tt]ext|[Cc]all|[Rr]ing|[Rr]each|[Pp]hone|[Mm]essage) ([A-Z][a-z]+)\b", before)
    if any(is_first_name(word) and not copy.is_ours(word) for word in re.findall(r"[A-Z][a-zà-ÿ]+", before)):
        return True
    return copy.names_a_person(match) or (lead is not None and lead[1] not in ("Us", "Our", "The"))


def _street(match: re.Match[str], copy: Copy) -> bool:
    number = next(iter(re.findall(r"\d+", match[0])), "")
    core = " ".join(re.findall(r"[^\W_]+", match[0])[:3])
    known = " ".join(re.findall(r"[^\W_]+", copy.supplied))
    if core in known or not number:
        return False
    before, after = copy.before(match, 60), copy.text[match.end() : match.end() + 60]
    near = copy.seen(match.start() - _NEAR, match.start())
    host = re.search(r"([A-Z][a-zà-ÿ]+) (?:at|of|from|in)\s$", near)
    if host is not None and is_first_name(host[1]) and not copy.is_ours(host[1]):
        return True
    return bool(TO_A_PERSON.search(before) or YOURS.search(before + after) or copy.names_a_person(match))


def _postcode(match: re.Match[str], copy: Copy) -> bool:
    if match[0].replace(" ", "") in copy.supplied.replace(" ", ""):
        return False
    return bool(TO_A_PERSON.search(copy.before(match, 60))) or copy.names_a_person(match)


def _place(match: re.Match[str], copy: Copy) -> bool:
    near = copy.before(match, 60) + copy.text[match.end() : match.end() + 60]
    return bool(YOURS.search(near) or re.search(r"\b(?:home|house|pinned|lives|last seen)\b", near)) or (
        copy.names_a_person(match)
    )


def _record(match: re.Match[str], copy: Copy) -> bool:
    shown = copy.seen(match.start(), match.end() + 1)
    return any(not copy.is_ours(found[0]) for found in NAME.finditer(shown))


def _somebody(match: re.Match[str], copy: Copy) -> bool:
    """Whether the name is written as one, is a given name or has a title, and was not supplied."""
    shown = copy.seen(match.start(), match.end())
    title = TITLE.search(shown)
    if title is not None:
        return not copy.is_ours(shown[title.end() :].strip(" .").split(" ")[0])
    first, last = shown.split(" ")[:2]
    last = last.split(",")[0].removesuffix("'s")
    named = is_first_name(first) or not (is_word(first.lower()) or is_word(last.lower()))
    return named and first[:1].isupper() and last[:1].isupper() and not copy.is_ours(f"{first} {last}")


def _seen(match: re.Match[str], copy: Copy) -> bool:
    """Whether somebody is named in the words, by a title or a given name, who was not supplied."""
    shown = copy.seen(match.start(), match.end() + 12)
    if TITLE.search(shown):
        return True
    return any(
        (is_first_name(name[0].split()[0]) or "." in name[0]) and not copy.is_ours(name[0])
        for name in NAME.finditer(shown)
    )


def _born(match: re.Match[str], copy: Copy) -> bool:
    if copy.names_a_person(match):
        return True
    if re.search(
        r"\b(?:we|our|brand|company|if|wir|unsere|nous|notre|nosotros)\b[^.!?]*$", copy.before(match)
    ):
        return False
    return match[0] not in copy.supplied


def _address_of_a_device(match: re.Match[str], copy: Copy) -> bool:
    octets = match[0].split(".")
    return all(int(octet) < 256 for octet in octets) and bool(NETWORK.search(copy.before(match)))


def _order(match: re.Match[str], copy: Copy) -> bool:
    return copy.names_a_person(match)


def _named_card(match: re.Match[str], copy: Copy) -> bool:
    return match[0] not in copy.supplied


_AT = r"(?: ?@ ?| ?[\[({] ?(?:at|@|a|bei|arroba) ?[\])}] ?| (?:at|arroba|chez) )"
_POINT = r"(?:\.| ?[\[({] ?(?:dot|\.) ?[\])}] ?| (?:dot|punkt|point|punto) )"
_KINDS: tuple[tuple[str, re.Pattern[str], Check], ...] = (
    (
        "an email address of a person",
        re.compile(
            rf"(?<![\w.+-])([\w+-]{{1,64}}+(?:(?:\.| dot | punkt | punto )[\w+-]{{1,64}}+){{0,4}}+){_AT}"
            rf"([\w-]{{1,63}}+(?:{_POINT}[\w-]{{1,63}}+){{1,6}}+)"
        ),
        _email,
    ),
    ("a bank account", re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}+(?: ?[a-z0-9]{1,3})?\b"), _iban),
    ("a card number", re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}+(?![\d.]\d)"), _card),
    (
        "the number of a card",
        re.compile(
            r"\b(?:card|visa|mastercard|amex|account|debit|iban|konto|carte|tarjeta) (?:\w+ ){0,3}(?:ending"
            r"|ends|endend)"
            r" ?(?:in |with |auf )?[\d*x]{4,16}+"
        ),
        _named_card,
    ),
    ("a social security number", re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])"), _national),
    ("a national insurance number", re.compile(r"\b[a-z]{2} \d{2} \d{2} \d{2} [a-d]\b"), _national),
    (
        "a social security number",
        re.compile(r"(?<![\d-])[12] \d{2} (?:0[1-9]|1[0-2]) \d{2} \d{3} \d{3}(?: \d{2})?(?![\d-])"),
        _national,
    ),
    ("an identity number", re.compile(r"(?<![\w-])(\d{8})[ -]?([a-z])(?![\w-])"), _dni),
    ("an identity number", re.compile(r"\b[a-z]{6}\d{2}[a-z]\d{2}[a-z]\d{3}[a-z]\b"), _national),
    ("a number that identifies a person", IDENTITY, _national),
    ("a secret", SECRET, _national),
    ("a number plate", CAR, _national),
    ("a number plate", PLATE, _national),
    ("a date of birth", re.compile(rf"{BIRTH}[^.!?\d]{{0,20}}?{DATE}"), _born),
    (
        "the address of a person's device",
        re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)"),
        _address_of_a_device,
    ),
    ("the address of a person's device", re.compile(r"\b(?:[\da-f]{2}[:-]){5}[\da-f]{2}\b"), _national),
    (
        "an order of a named person",
        re.compile(
            r"\b(?:order|booking|invoice|bestellung|rechnung|commande|facture"
            r"|pedido|reservation|ticket|policy|claim|tracking|ref|reference|case|membership|policy number"
            r"|loan)\b"
            r"[^.!?\d]{0,20}?#?[a-z]{0,4}-?\d{4,12}+"
        ),
        _order,
    ),
    (
        "a phone number",
        re.compile(
            r"(?<![\w.,/-])(?:\+ ?\d{1,3}[ ./-]{0,2})?+(?:\(0?\d{1,5}\) ?)?+"
            r"\d{2,}+(?:[ ./-]{1,2}\d{2,}+){0,6}+(?!\w)"
        ),
        _phone,
    ),
    ("a postal address", STREET, _street),
    ("a postal address", POSTCODE, _postcode),
    ("where a person is", PLACE, _place),
    ("the record of a person", RECORD, _record),
    ("private data of a named person", ABOUT_A_PERSON, _record),
    ("private data of a named person", SOMEBODY, _somebody),
    ("private data of a named person", SEEN, _seen),
    ("private data of a named person", OWN_CONDITION, condition),
    ("private data of a named person", SHOPPED, _somebody),
    ("where a person lives", DWELLS, dwells),
    ("a date of birth", BORN_ON, born_on),
    ("a postal address", AT_NUMBER, at_number),
    ("the record of a person", FILE_ON, file_on),
    ("a number that identifies a person", HANDLE, _national),
    ("a secret", KEYS, _named_card),
)

_GATE = Gate([pattern for _, pattern, _ in _KINDS])


def check(piece: Piece, context: Context) -> Iterator[Finding]:
    """Every piece of personal data that is not the brand's own."""
    copy = Copy(piece.text, piece.folded, masked(piece.folded.text), context, _supplied(context))
    taken = bytearray(len(copy.text) + 1)
    for number, match in _GATE.matches(copy.text):
        what, _, judged = _KINDS[number]
        if any(taken[match.start() : match.end()]) or not judged(match, copy):
            continue
        taken[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
        span = piece.folded.span(*match.span())
        yield GUARDRAIL.finding(
            piece,
            span,
            f"'{piece.text[slice(*span)]}' is {what}",
            "leave it out, use an allowed variable, or supply it as the brand's own contact",
        )


def _supplied(context: Context) -> str:
    extras, brand = context.extras, context.rulebook.brand
    given = [*extras.phones, *extras.emails, extras.address or ""]
    given += [brand.identity.postal_address] if brand is not None else []
    given += context.facts.statements if context.facts else ()
    return "\n".join(fold(text).text for text in given if text)


GUARDRAIL = Guardrail(
    id="personal_data",
    family=Family.LEGAL,
    categories=("pii_leak",),
    summary="No data that identifies, reaches or gives access to a person",
    source="GDPR article 4; ISO/IEC 7812 (cards), ISO 13616 (IBAN); NIST SP 800-122",
    check=check,
)
