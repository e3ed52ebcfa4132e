"""A brand's accounts at sending platforms: what each calls the brand's variables, lists and segments.

One file an account in platforms/. Nothing is guessed: what an account does not map cannot be exported to it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from app.brand.base import Id, Line, Strict
from app.brand.effects import Effect
from app.brand.lists import ProductList
from app.errors import Problem
from app.yaml12 import Document, nearest, read

FOLDER = "platforms"
PropertyPath = Annotated[
    str, StringConstraints(pattern=r"^[^\t\r\n\f\v\"<>{}%|]{1,120}$", strip_whitespace=True)
]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s<>\"'{}]+$")]
Utm = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,60}$")]


class Supplier(StrEnum):
    """Who prints the unsubscribe link and the postal address."""

    COPYDESK = "copydesk"
    """The layout does, with the platform's tag for the address of the page."""
    PLATFORM = "platform"
    """The platform adds a footer of its own to every email."""


class Audience(Strict):
    """What the account calls one segment: a list or audience to send to, and, where the platform can test
    it in a template, the property and the value that its members have.
    """

    audience: Annotated[Line, Effect.REPORT]
    property: Annotated[PropertyPath | None, Effect.EMAIL] = None
    value: Annotated[Line | None, Effect.EMAIL] = None

    @model_validator(mode="after")
    def _both_or_neither(self) -> "Audience":
        if (self.property is None) != (self.value is None):
            raise ValueError("property and value stand together or not at all")
        return self


class AccountList(Strict):
    """Where the account keeps a list of products, and what it calls the fields of its items."""

    path: Annotated[PropertyPath, Effect.EMAIL]
    fields: Annotated[Mapping[str, PropertyPath], Effect.EMAIL]
    """The property of an item that holds each field of the list."""


class Confirmation(Strict):
    """Somebody tried a tag in the account that no engine and no source proves, and it worked."""

    feature: Annotated[Id, Effect.LOADING]
    by: Annotated[Line, Effect.REPORT]
    on: Annotated[dt.date, Effect.REPORT]


class Tracking(Strict):
    """What is added to the links of an export: utm_source, utm_medium, and the campaign is the brief's id.

    With `variant` the short public ids of what an email shows stand in utm_content.
    """

    source: Annotated[Utm, Effect.EMAIL]
    medium: Annotated[Utm, Effect.EMAIL] = "email"
    variant: Annotated[bool, Effect.EMAIL] = False


class Account(Strict):
    """platforms/<id>.yaml: one account at a sending platform."""

    id: Annotated[Id, Effect.ROUTING]
    platform: Annotated[Id, Effect.EMAIL]
    name: Annotated[Line, Effect.REPORT]
    footer: Annotated[Supplier, Effect.EMAIL]
    images: Annotated[str | None, StringConstraints(pattern=r"^https://\S+/$"), Effect.EMAIL] = None
    """Where the account hosts the pictures, where that is not the manifest's `hosted_base`."""
    preferences: Annotated[Address | None, Effect.EMAIL] = None
    """Where readers choose what they get, in the place of the platform's own page."""
    variables: Annotated[Mapping[str, PropertyPath], Effect.EMAIL] = Field(default_factory=dict)
    """The path of the property that holds each variable."""
    lists: Mapping[Id, AccountList] = Field(default_factory=dict)
    segments: Mapping[Id, Audience] = Field(default_factory=dict)
    confirmed: tuple[Confirmation, ...] = ()
    tracking: Tracking | None = None


def read_accounts(
    folder: Path,
    shown: str,
    variables: Mapping[str, object],
    segments: Mapping[str, object],
    lists: Mapping[str, ProductList],
) -> tuple[dict[str, Account], list[Problem]]:
    """The accounts of a brand folder by id, and every fault: of form, and names that the brand lacks."""
    found: dict[str, Account] = {}
    problems: list[Problem] = []
    for path in sorted((folder / FOLDER).glob("*.y*ml")):
        document = read(path, f"{shown}/{FOLDER}/{path.name}")
        problems += document.problems
        if document.problems:
            continue
        account, faults = document.build(Account)
        problems += faults
        if account is not None:
            problems += _faults(account, document, path.stem, variables, segments)
            problems += _list_faults(account, document, lists)
            found[account.id] = account
    return found, problems


def _faults(
    account: Account,
    document: Document,
    stem: str,
    variables: Mapping[str, object],
    segments: Mapping[str, object],
) -> Iterator[Problem]:
    if account.id != stem:
        yield document.problem(("id",), f"is '{account.id}', the file is '{stem}'", "the same name")
    for name in account.variables:
        if name not in variables:
            message = f"'{name}' is no variable of the brand"
            yield document.problem(("variables", name), message, nearest(name, variables))
    for name in account.segments:
        if name not in segments:
            message = f"'{name}' is no segment of the brand"
            yield document.problem(("segments", name), message, nearest(name, segments))


def _list_faults(account: Account, document: Document, lists: Mapping[str, ProductList]) -> Iterator[Problem]:
    for name, item in account.lists.items():
        if name not in lists:
            message = f"'{name}' is no list of the brand"
            yield document.problem(("lists", name), message, nearest(name, lists))
            continue
        for field in item.fields:
            if field not in lists[name].fields:
                message = f"items of '{name}' have no '{field}'"
                at = ("lists", name, "fields", field)
                yield document.problem(at, message, nearest(field, lists[name].fields))
