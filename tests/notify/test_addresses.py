"""Which addresses and URLs a webhook may have."""

import pytest

from app.errors import UsageError
from app.notify.addresses import refusal
from app.notify.targets import Allowed, checked_events

ALLOWED = Allowed(
    ("hooks.example.com", "*.example.org", "other.example:8443", "[2606:4700::1111]"), private=False
)
HERE = Allowed(("localhost:8080", "[::1]:8080", "10.0.0.5"), private=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700:4700::1111", "8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert refusal(address, private_allowed=False) == ""


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "fd00::1"],
)
def test_private_addresses_need_the_setting(address: str) -> None:
    assert "address" in refusal(address, private_allowed=False)
    assert refusal(address, private_allowed=True) == ""


@pytest.mark.parametrize("private_allowed", [True, False])
@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.1.1",
        "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "0.0.0.0",  # noqa: S104
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "239.1.1.1",
        "ff02::1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:93.184.216.34",
        "::ffff:0:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::1",
        "2001:0:7f00:1::1",
        "2001:db8::1",
        "4000::1",
        "no address",
    ],
)
def test_addresses_that_are_never_reached(address: str, private_allowed: bool) -> None:
    assert refusal(address, private_allowed=private_allowed) != ""


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/",
        "https://HOOKS.example.com:443/a?b=c",
        "https://a.example.org/x",
        "https://a.b.example.org",
        "https://other.example:8443/",
        "https://[2606:4700::1111]/",
    ],
)
def test_urls_on_listed_hosts(url: str) -> None:
    assert ALLOWED.target(url).scheme == "https"


def test_what_is_connected_to_is_what_was_checked() -> None:
    target = ALLOWED.target("https://a.example.org/x?y=%20z")
    assert (target.host, target.port, target.path) == ("a.example.org", 443, "/x?y=%20z")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hooks.example.com/", "begins with https"),
        ("ftp://hooks.example.com/", "begins with https"),
        ("hooks.example.com", "begins with https"),
        ("https://user:pass@hooks.example.com/", "no user"),
        ("https://hooks.example.com@evil.example/", "no user"),
        ("https://@hooks.example.com/", "no user"),
        ("https://hooks.example.com:8443/", "no host that webhooks may name"),
        ("https://hooks.example.com:0/", "names no host"),
        ("https://hooks.example.com:99999/", "cannot be read"),
        ("https://hooks.example.com:x/", "cannot be read"),
        ("https://other.example/", "no host that webhooks may name"),
        ("https://example.org/", "no host that webhooks may name"),
        ("https://evilexample.org/", "no host that webhooks may name"),
        ("https://.example.org/", "names no host"),
        ("https://hooks.example.com.evil.net/", "no host that webhooks may name"),
        ("https://hooks.example.com./", "names no host"),
        ("https://evil.net/?hooks.example.com", "no host that webhooks may name"),
        ("https://evil.net\\@hooks.example.com/", "no spaces"),
        ("https://hooks.example.com/ x", "no spaces"),
        ("https://hooks.example.com/\r\nHost: evil", "no spaces"),
        ("https://höoks.example.com/", "ASCII"),
        ("https://hooks.example.com/#part", "after #"),
        ("https://hooks.example.com/#", "after #"),
        ("https://127.0.0.1/", "no host that webhooks may name"),
        ("https://2130706433/", "no host that webhooks may name"),
        ("https://[::1]/", "no host that webhooks may name"),
        ("https://[::1%25lo]/", "names no host"),
        ("https://[", "cannot be read"),
        ("https://", "names no host"),
        (f"https://hooks.example.com/{'x' * 500}", "at most 500"),
    ],
)
def test_urls_that_are_refused(url: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        ALLOWED.target(url)


def test_without_a_list_nothing_is_allowed() -> None:
    with pytest.raises(UsageError, match="COPYDESK_WEBHOOK_HOSTS"):
        Allowed((), private=True).target("https://hooks.example.com/")


def test_plain_http_stays_on_this_machine() -> None:
    assert HERE.target("http://localhost:8080/").port == 8080
    assert HERE.target("http://[::1]:8080/").host == "::1"
    with pytest.raises(UsageError, match="begins with https"):
        HERE.target("http://10.0.0.5/")
    assert HERE.target("https://10.0.0.5/").host == "10.0.0.5"


@pytest.mark.parametrize(
    "events", [(), ("draft",), ("draft.",), ("Draft.approved",), ("*.approved",), ("a.b.c",), ("a.b",) * 21]
)
def test_events_that_name_none(events: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="event"):
        checked_events(events)


def test_events_are_kept_once_each() -> None:
    assert checked_events(("draft.*", "*", "draft.*")) == ("*", "draft.*")
