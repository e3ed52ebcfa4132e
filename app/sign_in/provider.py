"""Signing in with an OpenID Connect provider: authorization code with PKCE, state and nonce, by Authlib.

Only the issuer that the settings name is called, and the endpoints that its discovery document names. People
are not made here: an identity (issuer and subject) is bound to somebody known at the first sign-in, by an
address that the provider has verified, and counts alone from then on.
"""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.db.service_tables import Person
from app.db.sign_in import OutsideRows
from app.db.sign_in_tables import OutsideSignIn
from app.db.tables import now
from app.errors import CopydeskError, NotFound, UsageError
from app.settings import Settings, split_list
from app.sign_in.sessions import Clock, hash_of, new_token

SCOPE = "openid email profile"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures that only the provider can make; `none` and shared secrets are not among them."""
LEEWAY_SECONDS = 60
KEPT_SECONDS = 3_600.0
_AGAIN = "begin again on this page"


class OutsideRefused(CopydeskError):
    """What came back from the provider does not let anybody in."""

    status_code = 403


class ProviderAway(CopydeskError):
    """The provider does not answer, or not as OpenID Connect asks."""

    status_code = 502
    retryable = True


@dataclass(frozen=True)
class CameBack:
    """Who came back from the provider, and where they wanted to go."""

    person: Person
    next_path: str


@dataclass
class Provider:
    """One provider. Discovery document and keys are kept for an hour."""

    issuer: str
    client_id: str
    client_secret: str | None
    domains: frozenset[str]
    seconds: float
    rows: OutsideRows
    clock: Clock = now
    _kept: dict[str, tuple[float, dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def by(cls, settings: Settings, rows: OutsideRows, clock: Clock = now) -> "Provider | None":
        """The provider of the settings; None where there is none."""
        if not settings.oidc_issuer:
            return None
        secret = settings.oidc_client_secret
        return cls(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            client_secret=secret.get_secret_value() if secret is not None else None,
            domains=frozenset(name.lower() for name in split_list(settings.oidc_email_domains)),
            seconds=settings.oidc_seconds,
            rows=rows,
            clock=clock,
        )

    @property
    def name(self) -> str:
        """How people know it: its host."""
        return urlsplit(self.issuer).hostname or self.issuer

    def begin(self, browser: str, back_to: str, next_path: str) -> str:
        """Where to send the browser. `browser` is the secret of its cookie, `back_to` our own address for the
        way back. Raises ProviderAway.
        """
        metadata = self._metadata()
        state, nonce, verifier = new_token(), new_token(), secrets.token_urlsafe(64)
        self.rows.begin(
            OutsideSignIn(
                id=hash_of(state),
                browser=hash_of(browser),
                nonce=nonce,
                verifier=verifier,
                next_path=next_path,
                created_at=self.clock(),
            )
        )
        with self._client(metadata, back_to) as client:
            url, _ = client.create_authorization_url(
                metadata["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
            )
        return str(url)

    def finish(self, browser: str, back_to: str, state: str, code: str) -> CameBack:
        """Who came back. Raises OutsideRefused, ProviderAway."""
        begun = self.rows.take(hash_of(state), hash_of(browser), self.clock())
        if begun is None:
            raise OutsideRefused(
                "this sign-in was not begun in this browser, was used already, or took too long", _AGAIN
            )
        metadata = self._metadata()
        token = self._token(metadata, back_to, code, begun.verifier)
        claims = self._claims(metadata, token, begun.nonce)
        return CameBack(self._person(claims), begun.next_path)

    def _person(self, claims: Mapping[str, Any]) -> Person:
        subject = str(claims["sub"])
        person = self.rows.person(self.issuer, subject)
        if person is None:
            email = self._verified_email(claims)
            try:
                person = self.rows.bind(self.issuer, subject, email, self.clock())
            except (NotFound, UsageError) as error:
                raise OutsideRefused(error.message, error.hint) from error
        if person.disabled_at is not None:
            raise OutsideRefused("your account here is disabled", "ask your operator")
        return person

    def _verified_email(self, claims: Mapping[str, Any]) -> str:
        email = str(claims.get("email") or "").strip().lower()
        if not email:
            raise OutsideRefused(f"{self.name} did not say your address", "ask your operator")
        if claims.get("email_verified") not in (True, "true"):
            raise OutsideRefused(f"{self.name} has not verified your address", "verify it there first")
        if self.domains and email.rpartition("@")[2] not in self.domains:
            raise OutsideRefused("addresses of your domain may not sign in here", "ask your operator")
        return email

    def _claims(self, metadata: Mapping[str, Any], token: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
        """What the provider says of the person: issuer, audience, expiry, nonce and signature are checked."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import InvalidKeyIdError, JoseError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        text = str(token.get("id_token", ""))
        try:
            try:
                found = jwt.decode(text, KeySet.import_key_set(self._keys(metadata)), registry=registry)
            except InvalidKeyIdError:  # the provider has changed its keys meanwhile
                keys = KeySet.import_key_set(self._keys(metadata, anew=True))
                found = jwt.decode(text, keys, registry=registry)
            options = {
                "iss": {"essential": True, "value": metadata["issuer"]},
                "aud": {"essential": True, "value": self.client_id},
            }
            params = {"nonce": nonce, "client_id": self.client_id, "access_token": token.get("access_token")}
            claims = CodeIDToken(found.claims, found.header, options, params)
            claims.validate(now=int(self.clock().timestamp()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError) as error:
            raise OutsideRefused(f"{self.name} sent a token that does not hold", _AGAIN) from error
        if "email" in claims or "userinfo_endpoint" not in metadata:
            return dict(claims)
        return self._with_userinfo(metadata, dict(claims), str(token.get("access_token", "")))

    def _with_userinfo(
        self, metadata: Mapping[str, Any], claims: dict[str, Any], access_token: str
    ) -> dict[str, Any]:
        """Some providers say the address only when asked for it."""
        bearer = {"Authorization": f"Bearer {access_token}"}
        more = self._get(metadata["userinfo_endpoint"], bearer)
        return {**more, **claims} if more.get("sub") == claims["sub"] else claims

    def _token(
        self, metadata: Mapping[str, Any], back_to: str, code: str, verifier: str
    ) -> Mapping[str, Any]:
        import httpx
        from authlib.common.errors import AuthlibBaseError

        try:
            with self._client(metadata, back_to) as client:
                found = client.fetch_token(
                    metadata["token_endpoint"],
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                )
        except AuthlibBaseError as error:
            raise OutsideRefused(f"{self.name} did not accept the sign-in", _AGAIN) from error
        except (httpx.HTTPError, ValueError) as error:
            raise self._away() from error
        return dict(found)

    def _metadata(self) -> dict[str, Any]:
        found = self._kept_get(f"{self.issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self.issuer:
            raise ProviderAway(
                f"the discovery document of {self.name} is of another issuer", "ask your operator"
            )
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            parts = urlsplit(str(found.get(name, "")))
            if parts.scheme != "https" and parts.scheme != urlsplit(self.issuer).scheme:
                raise ProviderAway(f"{self.name} names no safe {name}", "ask your operator")
        return found

    def _keys(self, metadata: Mapping[str, Any], *, anew: bool = False) -> Any:
        return self._kept_get(metadata["jwks_uri"], anew=anew)

    def _kept_get(self, url: str, *, anew: bool = False) -> dict[str, Any]:
        kept = self._kept.get(url)
        if anew or kept is None or time.monotonic() - kept[0] > KEPT_SECONDS:
            kept = self._kept[url] = (time.monotonic(), self._get(url, {}))
        return kept[1]

    def _get(self, url: str, headers: Mapping[str, str]) -> dict[str, Any]:
        import httpx

        try:
            answer = httpx.get(url, headers=dict(headers), timeout=self.seconds, follow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise self._away() from error
        if not isinstance(found, dict):
            raise self._away()
        return found

    def _away(self) -> ProviderAway:
        return ProviderAway(f"{self.name} does not answer as it should", "try again in a moment")

    def _client(self, metadata: Mapping[str, Any], back_to: str) -> Any:
        from authlib.integrations.httpx_client import OAuth2Client

        known = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        method = "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"
        return OAuth2Client(
            self.client_id,
            self.client_secret,
            token_endpoint_auth_method=method if self.client_secret else "none",
            scope=SCOPE,
            redirect_uri=back_to,
            code_challenge_method="S256",
            timeout=self.seconds,
        )
