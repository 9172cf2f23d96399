"""The way of somebody who was invited."""

from enum import StrEnum

from kernel.lifecycle import Lifecycle


class OnboardingStatus(StrEnum):
    INVITED = "invited"
    JOINED = "joined"
    """Has an account and fills in the profile; a provider's manager is done here."""
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


class Invited(StrEnum):
    """As what somebody is invited."""

    FREELANCER = "freelancer"
    EMPLOYEE = "employee"
    """Somebody who works for a provider."""
    PROVIDER_MANAGER = "provider_manager"


_S = OnboardingStatus
ONBOARDING = Lifecycle(
    "onboarding",
    initial={_S.INVITED},
    moves={
        _S.INVITED: {_S.JOINED, _S.WITHDRAWN},
        _S.JOINED: {_S.SUBMITTED, _S.WITHDRAWN},
        _S.SENT_BACK: {_S.SUBMITTED, _S.WITHDRAWN},
        _S.SUBMITTED: {_S.APPROVED, _S.SENT_BACK, _S.WITHDRAWN},
    },
)
