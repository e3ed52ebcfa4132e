"""What is added to the addresses of an email, so that the shop's reports know where people came from."""

from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from app.brand.platforms import Tracking


def tracked(link: str, tracking: Tracking, campaign: str, variant: str) -> str:
    """The address with utm_source, utm_medium and utm_campaign, and the variant in utm_content where the
    account wants it. What the address has already stays as it is.
    """
    parts = urlsplit(link)
    if parts.scheme != "https":
        return link
    known = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    added = {"utm_source": tracking.source, "utm_medium": tracking.medium, "utm_campaign": campaign}
    if tracking.variant:
        added["utm_content"] = variant
    new = urlencode({name: value for name, value in added.items() if name not in known}, quote_via=quote)
    query = "&".join(part for part in (parts.query, new) if part)
    return urlunsplit(parts._replace(query=query))
