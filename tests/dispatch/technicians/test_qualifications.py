"""Skills and credentials."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.technicians import queries
from dispatch.technicians.lifecycle import CREDENTIAL, CredentialStatus
from dispatch.technicians.qualifications import service
from dispatch.technicians.qualifications.service import SkillHeld
from kernel import clock
from kernel.errors import Conflict, Invalid
from tests.factories.technicians import make_credential, make_technician

C = CredentialStatus


class TestCredentialLifecycle:
    @pytest.mark.parametrize("frm", list(C))
    @pytest.mark.parametrize("to", list(C))
    def test_allows_what_the_glossary_says(self, frm: C, to: C) -> None:
        legal = {
            (C.PENDING, C.VALID),
            (C.PENDING, C.REVOKED),
            (C.VALID, C.EXPIRED),
            (C.VALID, C.REVOKED),
        }
        assert CREDENTIAL.allows(frm, to) is ((frm, to) in legal)


class TestSetSkills:
    def test_replaces_what_was_there(self, session: Session) -> None:
        technician = make_technician(session, skills={"gas": 2, "water": 1})
        service.set_skills(session, technician.id, [SkillHeld("GAS ", 4), SkillHeld("heat", 5)])
        held = queries.list_skills(session, technician.id)
        assert [(skill.skill, skill.level) for skill in held] == [("gas", 4), ("heat", 5)]

    @pytest.mark.parametrize("held", [SkillHeld("gas", 0), SkillHeld("gas", 6), SkillHeld(" ", 1)])
    def test_refuses_nonsense(self, session: Session, held: SkillHeld) -> None:
        with pytest.raises(Invalid):
            service.set_skills(session, make_technician(session).id, [held])


class TestVerifyCredential:
    def test_makes_a_claim_count(self, session: Session) -> None:
        technician = make_technician(session)
        credential = service.add_credential(session, technician.id, kind="gas")
        assert credential.status is C.PENDING
        assert service.verify_credential(session, credential.id).status is C.VALID

    def test_twice_is_once(self, session: Session) -> None:
        credential = make_credential(session, make_technician(session))
        version = credential.version
        assert service.verify_credential(session, credential.id).version == version

    def test_refuses_what_has_run_out(self, session: Session) -> None:
        technician = make_technician(session)
        credential = service.add_credential(
            session, technician.id, kind="gas", expires_at=clock.now(session)
        )
        with pytest.raises(Conflict) as refusal:
            service.verify_credential(session, credential.id)
        assert refusal.value.code == "credential_expired"


class TestRevokeCredential:
    def test_is_final(self, session: Session) -> None:
        credential = make_credential(session, make_technician(session))
        service.revoke_credential(session, credential.id, "lost")
        with pytest.raises(Conflict) as refusal:
            service.verify_credential(session, credential.id)
        assert refusal.value.code == "illegal_move"


class TestExpireCredentials:
    def test_ends_those_whose_time_is_over(self, session: Session) -> None:
        at = clock.now(session)
        technician = make_technician(session)
        over = make_credential(session, technician, expires_at=at - timedelta(days=1))
        running = make_credential(session, technician, expires_at=at + timedelta(days=1))
        endless = make_credential(session, technician)
        assert service.expire_credentials(session) == 1
        assert [c.status for c in (over, running, endless)] == [C.EXPIRED, C.VALID, C.VALID]
        assert service.expire_credentials(session) == 0
