"""Every dialect. A new one is a file in this folder, a line here and its part of data/matrix.yaml."""

from app.dialects.braze import Braze
from app.dialects.customerio import CustomerIo
from app.dialects.dialect import Dialect
from app.dialects.hubspot import HubSpot
from app.dialects.iterable import Iterable
from app.dialects.jinja import Jinja
from app.dialects.keila import Keila
from app.dialects.klaviyo import Klaviyo
from app.dialects.listmonk import Listmonk
from app.dialects.mailchimp import Mailchimp
from app.dialects.mautic import Mautic
from app.dialects.salesforce import Salesforce
from app.dialects.sendgrid import SendGrid
from app.errors import UsageError
from app.yaml12 import nearest

ALL: tuple[Dialect, ...] = (
    Jinja(),
    Braze(),
    CustomerIo(),
    HubSpot(),
    Iterable(),
    Keila(),
    Klaviyo(),
    Listmonk(),
    Mailchimp(),
    Mautic(),
    Salesforce(),
    SendGrid(),
)
DIALECTS: dict[str, Dialect] = {dialect.id: dialect for dialect in ALL}


def dialect(platform: str) -> Dialect:
    """The dialect of a platform. Raises UsageError for an unknown one, with the nearest known name."""
    found = DIALECTS.get(platform)
    if found is None:
        raise UsageError(f"there is no dialect '{platform}'", nearest(platform, DIALECTS))
    return found
