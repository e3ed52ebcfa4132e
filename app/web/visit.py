"""One request of a browser: who it is, what its forms carry, and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from app.caller import Caller
from app.db.sessions import KnownSession
from app.release.serving import Serving
from app.service import Service
from app.sign_in.sessions import form_token, new_token
from app.web.cookies import FORM, SAID, SAID_SECONDS, SESSION, Cookies, Said
from app.web.labels import load_labels
from app.web.navigation import Link, links_for
from app.web.rendering import environment


@dataclass(frozen=True)
class BrandLink:
    """One brand in the switch."""

    id: str
    name: str
    path: str


@dataclass(frozen=True)
class Frame:
    """What the head of a page shows. `caller` is None where nobody is signed in."""

    caller: Caller | None
    person: str
    brand: str | None
    brand_name: str
    brands: tuple[BrandLink, ...]
    links: tuple[Link, ...]
    form_token: str
    said: str


@dataclass
class Visit:
    """What a page works with. `session` and `caller` are None where nobody is signed in."""

    request: Request
    service: Service
    cookies: Cookies
    origin: str
    """Scheme and host under which people reach the pages."""
    serving: Serving
    session: KnownSession | None
    caller: Caller | None
    secret: str
    """What the cookie holds that forms are bound to: the session's, or before signing in the form's own."""
    _new_secret: bool = field(default=False, init=False)

    # what a page asks

    def brand_name(self, brand: str) -> str:
        """How people call the brand; its id where its files do not load."""
        library = self.serving.libraries.serving.get(brand)
        return library.brand.identity.name if library is not None else brand

    @property
    def form_token(self) -> str:
        """For the hidden field of every form."""
        if not self.secret:
            self.secret, self._new_secret = new_token(), True
        return form_token(self.secret)

    # how it answers

    def show(self, template: str, *, status: int = 200, brand: str | None = None, **values: Any) -> Response:
        """A page. `brand` is the one that the page is about; the head leads on within it."""
        frame = self.frame(brand)
        text = environment().get_template(template).render(frame=frame, **values)
        response = HTMLResponse(text, status_code=status)
        if frame.said:
            self.cookies.drop(response, SAID)
        if self._new_secret:
            self.cookies.put(response, FORM, self.secret)
        return response

    def go(self, path: str, said: str = "", **values: str) -> Response:
        """The answer to a form: on to a page, which says once what was done (a name of the group `said`)."""
        response = RedirectResponse(path, status_code=303)
        if said:
            load_labels()("said", said)
            self.cookies.put(response, SAID, Said(said, values).packed(), SAID_SECONDS)
        return response

    def sign_in(self, response: Response, token: str) -> None:
        """Have the browser keep a session. What its forms were bound to before ends."""
        self.cookies.put(response, SESSION, token)
        self.cookies.drop(response, FORM)

    def sign_out(self, response: Response) -> None:
        """Have the browser forget the session."""
        self.cookies.drop(response, SESSION)

    def frame(self, brand: str | None = None) -> Frame:
        """The head of the page."""
        caller = self.caller
        visible = caller.visible if caller is not None else ()
        chosen = brand or (visible[0] if visible else None)
        brands = [BrandLink(item, self.brand_name(item), f"/brands/{item}") for item in visible]
        return Frame(
            caller=caller,
            person=caller.identity.name if caller is not None else "",
            brand=chosen,
            brand_name=self.brand_name(chosen) if chosen else "",
            brands=tuple(sorted(brands, key=lambda item: item.name.casefold())),
            links=tuple(links_for(caller, chosen, self.request.url.path)) if caller is not None else (),
            form_token=self.form_token,
            said=self._said(),
        )

    def _said(self) -> str:
        said = Said.unpacked(self.cookies.read(self.request, SAID))
        labels = load_labels()
        if said is None or not labels.has("said", said.label):
            return ""
        return filled(labels("said", said.label), said.values)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places `{name}` filled; a place without a value stays empty."""
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", value)
    return text
