"""Which addresses a webhook may be sent to: public ones, and private ones where a setting says so.

The ranges are those of the registries of special addresses (RFC 6890, IANA), with the addresses under which
clouds hand out secrets to whoever asks from inside.
"""

import ipaddress

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

METADATA = tuple(
    map(
        ipaddress.ip_address,
        ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16"),
    )
)
"""AWS, Google and most others; AWS over IPv6; Alibaba; Oracle; Azure."""
PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
    )
)
CARRIERS = tuple(
    map(
        ipaddress.ip_network,
        ("::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
    )
)
"""IPv6 ranges that carry an IPv4 address: mapped, translated, NAT64, 6to4, Teredo."""
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")


def refusal(text: str, *, private_allowed: bool) -> str:
    """Why nothing is sent to this address, in words; empty where it may be."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "it is no address"
    if address in METADATA:
        return "it is where a cloud keeps its metadata"
    if address.is_loopback or _within(address, PRIVATE):
        kind = "a loopback" if address.is_loopback else "a private"
        return "" if private_allowed else f"it is {kind} address"
    if _within(address, CARRIERS):
        return "it carries another address inside"
    return "" if _is_public(address) else "it is no address of a public host"


def _is_public(address: IPAddress) -> bool:
    """Not link-local, multicast, unspecified, reserved or for examples."""
    return address.is_global and not address.is_multicast and (address.version == 4 or address in PUBLIC_IPV6)


def is_loopback(text: str) -> bool:
    """Whether the address is this machine."""
    return ipaddress.ip_address(text).is_loopback


def _within(address: IPAddress, networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]) -> bool:
    return any(address.version == network.version and address in network for network in networks)
