"""The package of one export: the email in the account's dialect, previews, receipts and the hand-off note."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from app.brand.brand import Brand
from app.brand.models import Variable
from app.brand.platforms import Account, Supplier
from app.copywriting.export_checks import findings_of
from app.copywriting.exporting import ReadyEmail
from app.db.release_tables import SINGLE, Export
from app.dialects.dialect import Dialect, Feature, ListNames, Names
from app.dialects.filling import Person
from app.dialects.matrix import State, features_of, matrix, unconfirmed, unproven
from app.dialects.nodes import compared_in, fields_of
from app.dialects.printing import Printer
from app.dialects.registry import dialect
from app.emails.content import Pictures
from app.emails.package import Printed, files_of, hashes, printed
from app.emails.product_list import ShownItems, sample_values
from app.emails.qa.models import QaFinding, Severity
from app.emails.template import EmailTemplate
from app.errors import UsageError
from app.manifest import sha256

MANIFEST = "manifest.json"
_MINUTE = "%Y-%m-%d %H:%M %Z"


@dataclass(frozen=True)
class Package:
    """One export, ready to be written: its files by path, and where they go below the folder of all."""

    email: ReadyEmail
    folder: str
    files: Mapping[str, bytes]
    errors: tuple[str, ...] = ()
    """What the checks of finished emails call an error."""


@dataclass(frozen=True)
class _Audience:
    name: str
    audience: str


def names_of(account: Account) -> Names:
    """What the account calls variables and lists, and how it tells segments apart."""
    tested = {
        name: (item.property, item.value)
        for name, item in account.segments.items()
        if item.property is not None and item.value is not None
    }
    lists = {name: ListNames(item.path, item.fields) for name, item in account.lists.items()}
    return Names(account.variables, tested, lists)


def packages(
    emails: list[ReadyEmail], brand: Brand, account: Account, receipts: Mapping[str, object]
) -> list[Package]:
    """The packages of ready emails, with the hashes of their files in the records. `receipts` are those of
    the drafts and blocks that the emails show, by id. Raises UsageError for what the account or its platform
    cannot say.
    """
    platform = dialect(account.platform)
    printer = Printer(platform, names_of(account))
    _refuse_lists(emails, account, platform)
    _refuse_unconfirmed(emails, account)
    return [_package(email, brand, account, printer, receipts) for email in emails]


def _refuse_lists(emails: list[ReadyEmail], account: Account, platform: Dialect) -> None:
    """Raise UsageError for lists where the platform has no loop, and for lists and fields of their items that
    the account's file does not map.
    """
    needed: dict[str, frozenset[str]] = {}
    for email in emails:
        for name, fields in fields_of(email.template.nodes).items():
            needed[name] = needed.get(name, frozenset()) | fields
    cell = matrix()[platform.id].features[Feature.LOOP]
    if needed and cell.state is State.REFUSED:
        platform.refuse(Feature.LOOP, cell.why)
    file, missing = f"platforms/{account.id}.yaml", []
    for name, fields in needed.items():
        listed = account.lists.get(name)
        if listed is None:
            missing.append(f"{file} has no lists.{name}: where the account keeps the list")
            continue
        missing += [
            f"{file} has no lists.{name}.fields.{field}: what the account calls it"
            for field in sorted(fields - listed.fields.keys())
        ]
    if missing:
        raise UsageError("\n  ".join(missing), "docs/exports.md shows such a list under Accounts")


def _refuse_unconfirmed(emails: list[ReadyEmail], account: Account) -> None:
    """Raise UsageError for what the emails need, nobody has proven and the account has to confirm."""
    needed = {feature for email in emails for feature in features_of(email.template.nodes)}
    confirmed = [Feature(item.feature) for item in account.confirmed]
    open_ = unconfirmed(account.platform, needed, confirmed)
    if open_:
        lines = [f"{doubt.feature.value}: {doubt.cell.why}" for doubt in open_]
        asked = "; ".join(f"{doubt.feature.value}: {doubt.cell.confirm}" for doubt in open_)
        raise UsageError(
            f"{account.name} has to confirm what nobody has proven:\n  " + "\n  ".join(lines),
            f"try it in the account, then say so under `confirmed` of platforms/{account.id}.yaml ({asked})",
        )


def _package(
    email: ReadyEmail, brand: Brand, account: Account, printer: Printer, receipts: Mapping[str, object]
) -> Package:
    out = printed(email.template, printer)
    people = _people(email, brand, account)
    files = files_of(email.template, out, people)
    hosted = account.images or brand.assets.hosted_base
    pictures = {f"{hosted}{image.name}": files[f"images/{image.name}"] for image in email.template.images}
    checks = tuple(findings_of(email, people, pictures, brand, account))
    shown = [slot.draft or slot.block or "" for slot in email.record.content.slots]
    files["receipts.json"] = _json({name: receipts[name] for name in shown if name in receipts})
    warnings = (*_warnings(email, out, account), *map(_told, checks))
    files["HANDOFF.md"] = _note(email, brand, account, printer.dialect, warnings).encode()
    content = email.record.content.model_copy(update={"files": hashes(files), "warnings": warnings})
    files[MANIFEST] = _json(
        {
            "export": email.record.id,
            **email.record.model_dump(mode="json", exclude={"id", "content"}),
            **content.model_dump(mode="json", exclude={"manifest"}),
        }
    )
    email.record.content = content.model_copy(update={"manifest": sha256(files[MANIFEST])})
    errors = tuple(_told(finding) for finding in checks if finding.severity is Severity.ERROR)
    return Package(email, folder_of(email.record), files, errors)


def folder_of(export: Export) -> str:
    """Where the package of an export goes below the folder of all: `en-US/weekend_hikers`."""
    where = export.segments[0] if len(export.segments) == 1 else "all"
    arm = "" if export.arm == SINGLE else f"/{export.arm}"
    return f"{export.locale}/{where}{arm}"


def _told(finding: QaFinding) -> str:
    return f"{finding.severity.value} in {finding.where}: {finding.message} [{finding.rule}]"


def _people(email: ReadyEmail, brand: Brand, account: Account) -> dict[str, Person]:
    """Synthetic readers: of each segment, and of none where there are several, one who told us everything and
    whose lists are full, and one of whom nothing is known; where the email shows a list, of each segment also
    one with one item in it and one with none; and one for each other value that a condition asks for.
    """
    known: dict[str, object] = {name: _example(variable) for name, variable in brand.variables.items()}
    lists = fields_of(email.template.nodes)
    readers = {"known": _listed(lists, email, brand, account, ShownItems.FULL)}
    if lists:
        readers["one_item"] = _listed(lists, email, brand, account, ShownItems.ONE)
        readers["no_items"] = _listed(lists, email, brand, account, ShownItems.NONE)
    for number, special in enumerate(_asked_for(email.template, known), start=1):
        readers[f"condition_{number}"] = {**readers["known"], **special}
    found = {}
    for segment in email.segments:
        suffix = "" if len(email.segments) == 1 else f"_{segment}"
        for name, listed in readers.items():
            found[f"{name}{suffix}"] = Person({**known, **listed}, frozenset({segment}))
        found[f"unknown{suffix}"] = Person({}, frozenset({segment}))
    if len(email.segments) > 1:
        for name in ("known", *(item for item in readers if item.startswith("condition_"))):
            found[f"{name}_anybody_else"] = Person({**known, **readers[name]})
        found["unknown_anybody_else"] = Person()
    return found


def _asked_for(template: EmailTemplate, known: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """Values that conditions ask for and that nobody else has."""
    for name, values in compared_in(template.nodes).items():
        yield from ({name: value} for value in values if name in known and value != known[name])


def _listed(
    names: Iterable[str], email: ReadyEmail, brand: Brand, account: Account, shown: ShownItems
) -> dict[str, object]:
    """The lists of a synthetic reader: sample items in the email's language."""
    brand = brand.localised(email.locale)
    pictures = Pictures(brand, account.images or brand.assets.hosted_base)
    return {name: sample_values(brand.lists[name], pictures, shown) for name in names}


def _example(variable: Variable) -> str:
    return variable.examples[0] if variable.examples else variable.fallback


def _warnings(email: ReadyEmail, out: Printed, account: Account) -> Iterator[str]:
    yield from email.template.warnings
    for doubt in unproven(account.platform, features_of(email.template.nodes)):
        yield f"Not proven for {account.platform}, {doubt.feature.value}: {doubt.cell.why}"
    if "\n" in out.subject or len(out.subject) > 900:
        yield "The subject with its tags is long; try it in the account."


def _note(
    email: ReadyEmail, brand: Brand, account: Account, platform: Dialect, warnings: tuple[str, ...]
) -> str:
    last = email.record.do_not_send_after
    return _template().render(
        email=email,
        account=account,
        dialect=platform.name,
        lists=[_fed(name, fields, account) for name, fields in fields_of(email.template.nodes).items()],
        audiences=[_audience(name, brand, account) for name in email.segments],
        images=account.images or brand.assets.hosted_base,
        own_footer=account.footer is Supplier.COPYDESK,
        exported_at=email.record.exported_at.astimezone(dt.UTC).strftime(_MINUTE),
        last=last.strftime(_MINUTE) if last else "",
        warnings=warnings,
    )


def _fed(name: str, fields: Iterable[str], account: Account) -> str:
    """A list that the platform fills in, with the properties that it has to hold."""
    listed = account.lists[name]
    properties = ", ".join(f"`{listed.fields[field]}` ({field})" for field in sorted(fields))
    return f"{name}, in `{listed.path}`; of each item {properties}"


def _audience(segment: str, brand: Brand, account: Account) -> _Audience:
    named = account.segments.get(segment)
    if named is None:
        hint = f"add it under `segments` of platforms/{account.id}.yaml"
        raise UsageError(f"the account does not say what it calls the segment '{segment}'", hint)
    return _Audience(brand.segments[segment].name, named.audience)


@cache
def _template() -> Template:
    environment = Environment(  # noqa: S701 - it writes Markdown
        loader=PackageLoader("app.copywriting"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("handoff.md.j2")


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False, sort_keys=True) + "\n").encode()
