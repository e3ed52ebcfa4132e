"""What a request has to be before a page answers it: under our own name, and from one of our own forms."""

from urllib.parse import urlsplit

from starlette.requests import Request

from app.errors import NotPermitted
from app.http.errors import MalformedRequest
from app.http.safety import is_loopback
from app.settings import Settings
from app.sign_in.sessions import fits

SAFE = ("GET", "HEAD", "OPTIONS")
FIELD = "form_token"
HEADER = "x-form-token"
_STALE = "this form is not from this page, or it is too old"
_AGAIN = "load the page again and send it once more; nothing was stored"


def own_origin(request: Request, settings: Settings) -> str:
    """The origin of our pages as this request reached them. Raises MalformedRequest for a foreign name.

    Without TLS only names of this machine count, so that a foreign name that leads here reaches nothing.
    """
    host = request.headers.get("host", "")
    if settings.public_url:
        public = urlsplit(settings.public_url)
        if host.lower() != public.netloc.lower():
            raise MalformedRequest(
                "these pages are not reached under this name", f"go to {settings.public_url}"
            )
        return f"{public.scheme}://{public.netloc}"
    if settings.behind_tls_proxy:
        return f"https://{host}"
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        name = ""
    if not is_loopback(name):
        raise MalformedRequest(
            "without TLS these pages are reached from this machine alone", "go to http://127.0.0.1"
        )
    return f"http://{host}"


async def check_form(request: Request, origin: str, secret: str) -> None:
    """Refuse what changes something and does not come from a form of ours. Raises NotPermitted.

    Browsers say where a request comes from (Sec-Fetch-Site, Origin); the token says that the form was given
    to this very browser, and to this session of it.
    """
    if request.method in SAFE:
        return
    site, sent_from = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if (site is not None and site != "same-origin") or (sent_from is not None and sent_from != origin):
        raise NotPermitted("this request comes from another site", "use the form on this page")
    given = request.headers.get(HEADER)
    if given is None:
        field = (await request.form()).get(FIELD)
        given = field if isinstance(field, str) else ""
    if not secret or not fits(secret, given):
        raise NotPermitted(_STALE, _AGAIN)


def local_path(text: str) -> str:
    """A path of ours to go on to; `/` for anything that could lead elsewhere."""
    parts = text.partition("?")[0]
    plain = text.startswith("/") and not text.startswith("//") and text.isascii() and text.isprintable()
    if not plain or "\\" in text or " " in text or len(text) > 500 or ":" in parts:
        return "/"
    return "/" if parts in ("/sign-in", "/sign-out") else text
