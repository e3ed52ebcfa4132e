import datetime as dt
import ipaddress
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.brand.roles import PersonRole
from app.db.engine import open_database
from app.settings import Settings
from tests.notify.office import ADA, Office
from tests.notify.receiver import Receiver, receiving

Certify = Callable[..., Path]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    yield
    structlog.reset_defaults()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as opened:
        yield opened


@pytest.fixture
def office(migrated_sqlite: Path, tmp_path: Path, receiver: Receiver) -> Iterator[Office]:
    """Ada owns the brand; webhooks may go to the receiver alone."""
    engine = open_database(f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'copydesk.db')}")
    hosts = f"127.0.0.1:{receiver.port}, *.example.com:{receiver.port}"
    made = Office(engine, Settings(webhook_hosts=hosts, webhook_private_allowed=True))
    made.add_person(ADA, PersonRole.BRAND_OWNER)
    yield made
    engine.dispose()


@pytest.fixture
def certify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certify:
    """`certify("hooks.example.com")`: a file with certificate and key, which is trusted from then on."""

    def make(name: str, address: str = "") -> Path:
        key = ec.generate_private_key(ec.SECP256R1())
        names: list[x509.GeneralName] = [x509.DNSName(name)]
        names += [x509.IPAddress(ipaddress.ip_address(address))] if address else []
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        now = dt.datetime.now(dt.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.SubjectAlternativeName(names), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        path = tmp_path / f"{name}.pem"
        path.write_bytes(
            pem
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        trusted = tmp_path / "trusted.pem"
        trusted.write_bytes(pem)
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
        return path

    return make
