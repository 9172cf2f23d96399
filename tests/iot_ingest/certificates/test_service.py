"""Who gets a certificate, for which key, and when people hear that it ends."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from iot_ingest.certificates import queries, service
from iot_ingest.certificates.lifecycle import MOST_AT_ONCE
from iot_ingest.certificates.models import DeviceCertificate
from iot_ingest.certificates.ports import device_authority
from iot_ingest.devices import service as devices
from kernel.clock import real_now
from kernel.errors import Conflict, Invalid, NotFound
from kernel.events import EventRow
from kernel.settings import Settings
from kernel.x509 import Authority
from tests.client import ApiClient, app
from tests.factories.certificates import make_authority, make_key, make_request
from tests.factories.iot_ingest import make_device, make_device_with_token
from tests.principals import call_agent, dispatcher

Client = Callable[..., ApiClient]


@pytest.fixture(autouse=True)
def authority(session: Session) -> Iterator[Authority]:
    app()  # wires what the settings say, on its first use
    made = make_authority()
    with device_authority.wired(made):
        yield made


def told_of(session: Session) -> list[UUID]:
    rows = session.scalars(
        select(EventRow.payload).where(EventRow.name == "iot_ingest.DeviceCertificateEnding")
    )
    return [UUID(row["certificate_id"]) for row in rows]


class TestIssue:
    def test_names_the_device_whatever_the_request_says(
        self, session: Session, authority: Authority
    ) -> None:
        device, key = make_device(session), make_key()
        made = service.issue(session, device.id, make_request(key, name="ingest"))
        found = x509.load_pem_x509_certificate(made.pem.encode())
        assert found.subject.rfc4514_string() == f"CN={device.id}"
        assert found.public_key() == key.public_key()
        assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        found.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.pem.encode()))
        assert made.not_after - real_now() > timedelta(days=364)

    def test_the_same_key_gets_the_same_one_until_half_of_its_time(self, session: Session) -> None:
        device, request = make_device(session), make_request()
        made = service.issue(session, device.id, request)
        assert service.issue(session, device.id, request).id == made.id
        made.not_before -= timedelta(days=400)
        session.flush()
        assert service.issue(session, device.id, request).id != made.id

    def test_ends_with_its_authority(self, session: Session) -> None:
        short = make_authority(timedelta(days=3))
        with device_authority.wired(short):
            made = service.issue(session, make_device(session).id, make_request())
        assert made.not_after <= short.not_after

    @pytest.mark.parametrize(
        "request_of",
        [
            lambda: "",
            lambda: "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----",
            lambda: make_request().replace("-----BEGIN", "x-----BEGIN-", 1),
            lambda: make_request(rsa.generate_private_key(65537, 1024)),
            lambda: make_request(ec.generate_private_key(ec.SECP256K1())),
            lambda: "\0" * 100,
        ],
    )
    def test_refuses_what_proves_no_good_key(
        self, session: Session, request_of: Callable[[], str]
    ) -> None:
        with pytest.raises(Invalid):
            service.issue(session, make_device(session).id, request_of())

    def test_refuses_a_request_that_another_key_signed(self, session: Session) -> None:
        lines = make_request().splitlines()
        body = lines[-2]
        lines[-2] = body[:4] + ("A" if body[4] != "A" else "B") + body[5:]
        with pytest.raises(Invalid):
            service.issue(session, make_device(session).id, "\n".join(lines))

    def test_refuses_without_authority_device_or_access(self, session: Session) -> None:
        device = make_device(session)
        with pytest.raises(NotFound):
            service.issue(session, uuid4(), make_request())
        with device_authority.wired(None), pytest.raises(Conflict) as off:
            service.issue(session, device.id, make_request())
        assert off.value.code == "device_authority_off"
        devices.revoke(session, device.id)
        with pytest.raises(Conflict) as revoked:
            service.issue(session, device.id, make_request())
        assert revoked.value.code == "device_revoked"

    def test_a_device_collects_no_heap_of_them(self, session: Session) -> None:
        device = make_device(session)
        made = [service.issue(session, device.id, make_request()) for _ in range(MOST_AT_ONCE)]
        with pytest.raises(Conflict) as caught:
            service.issue(session, device.id, make_request())
        assert caught.value.code == "too_many_certificates"
        service.revoke(session, made[0].id)
        service.issue(session, device.id, make_request())


class TestRevoke:
    def test_bars_the_certificate_and_all_of_a_revoked_device(self, session: Session) -> None:
        one, other = make_device(session), make_device(session)
        first = service.issue(session, one.id, make_request())
        second = service.issue(session, one.id, make_request())
        third = service.issue(session, other.id, make_request())
        service.revoke(session, first.id)
        assert service.revoke(session, first.id).version == first.version
        assert {each.serial for each in queries.list_barred(session)} == {first.serial}
        devices.revoke(session, other.id)
        assert {e.serial for e in queries.list_barred(session)} == {first.serial, third.serial}
        assert [each.id for each in queries.list_in_force(session, one.id)] == [second.id]

    def test_what_is_over_is_barred_for_a_day(self, session: Session) -> None:
        made = service.issue(session, make_device(session).id, make_request())
        made.not_after = real_now() - timedelta(minutes=1)
        session.flush()
        assert [each.is_over for each in queries.list_barred(session)] == [True]
        made.not_after = real_now() - timedelta(days=2)
        session.flush()
        assert queries.list_barred(session) == []


class TestRemindOfEnds:
    def test_tells_three_times_and_not_of_what_has_a_successor(self, session: Session) -> None:
        device = make_device(session)
        made = service.issue(session, device.id, make_request())
        assert service.remind_of_ends(session) == 0
        for days in (29, 6, 0.5):
            made.not_after = real_now() + timedelta(days=days)
            session.flush()
            assert service.remind_of_ends(session) == 1
            assert service.remind_of_ends(session) == 0
        assert told_of(session) == [made.id] * 3
        made.reminders = 0
        service.issue(session, device.id, make_request())
        assert service.remind_of_ends(session) == 0


class TestApi:
    def test_the_office_issues_lists_and_revokes(self, session: Session, client: Client) -> None:
        device, staff, csr = make_device(session), client(dispatcher()), make_request()
        url = f"/api/devices/{device.id}/certificates"
        answer = staff.post(url, json={"csr": csr, "days": 20})
        assert answer.status_code == 201
        made = answer.json()
        assert "BEGIN CERTIFICATE" in made["pem"]
        assert [row["id"] for row in staff.get(url).json()["items"]] == [made["id"]]
        assert client(call_agent()).post(url, json={"csr": csr}).status_code == 403
        ending = staff.get("/api/device-certificates?days=30").json()["items"]
        assert [row["id"] for row in ending] == [made["id"]]
        assert [row["id"] for row in staff.get("/api/device-certificates").json()["items"]] == [
            made["id"]
        ]
        own = x509.load_pem_x509_certificate(made["pem"].encode())
        assert made["fingerprint"] == own.fingerprint(SHA256()).hex()
        assert made["device_name"] == device.name
        gone = staff.post(f"/api/device-certificates/{made['id']}/revoke").json()
        assert (gone["status"], gone["revoked_at"] is not None) == ("revoked", True)
        assert staff.post(url, json={"csr": "x"}).json()["code"] == "bad_signing_request"

    def test_a_device_gets_its_own_with_its_token(self, session: Session, client: Client) -> None:
        device, token = make_device_with_token(session)
        mine = client(None, Authorization=f"Bearer {token}")
        body = {"csr": make_request()}
        first = mine.post("/api/ingest/certificates", json=body)
        assert (first.status_code, first.json()["device_id"]) == (201, str(device.id))
        assert mine.post("/api/ingest/certificates", json=body).json() == first.json()
        assert session.scalar(select(func.count()).select_from(DeviceCertificate)) == 1
        devices.revoke(session, device.id)
        assert mine.post("/api/ingest/certificates", json=body).status_code == 401


class TestAuthority:
    def test_comes_back_from_its_settings(self, authority: Authority) -> None:
        key, certificate = authority.as_text()
        assert Authority.from_text(key, certificate).pem == authority.pem
        with pytest.raises(ValueError, match="does not belong"):
            Authority.from_text(make_authority().as_text()[0], certificate)

    def test_lists_what_is_revoked(self, authority: Authority) -> None:
        now = real_now()
        listed = x509.load_pem_x509_crl(authority.revocation_list([("a1", now)], now).encode())
        own = x509.load_pem_x509_certificate(authority.pem.encode())
        assert listed.is_signature_valid(own.public_key())  # type: ignore[arg-type]  # is elliptic
        assert [each.serial_number for each in listed] == [0xA1]
        assert own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)

    def test_needs_both_settings(self) -> None:
        with pytest.raises(ValueError, match="together"):
            Settings(device_authority_key="x")
