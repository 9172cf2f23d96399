"""Signing in and out, one-time codes, and who one is."""

from typing import Annotated

from fastapi import Header

from dispatch.accounts import queries
from dispatch.accounts.sign_in import service
from dispatch.accounts.sign_in.schemas import (
    CodeIn,
    CodeVerifyIn,
    MeOut,
    PrincipalOut,
    RefreshIn,
    SignedInOut,
    SignInIn,
    TokensOut,
)
from kernel.auth import Anybody
from kernel.auth import SignedIn as AnyPrincipal
from kernel.credentials import Tokens
from kernel.http import Router, Session
from kernel.principal import Principal

# A sign-in has no actor yet whose keys could be remembered; each of these is safe to repeat.
router = Router(prefix="/api", tags=["auth"], idempotent=False)


@router.post("/auth/sign-in")
def sign_in(body: SignInIn, session: Session, _: Anybody) -> SignedInOut:
    return _shown(service.sign_in(session, body.email, body.password, body.device))


@router.post("/auth/refresh", response_model=TokensOut)
def refresh(body: RefreshIn, session: Session, _: Anybody) -> Tokens:
    return service.refresh(session, body.refresh_token, body.device)


@router.post("/auth/sign-out", status_code=204)
def sign_out(
    session: Session, _: AnyPrincipal, authorization: Annotated[str, Header()] = ""
) -> None:
    service.sign_out(session, authorization.partition(" ")[2])


@router.post("/auth/code", status_code=202)
def request_code(body: CodeIn, session: Session, _: Anybody) -> None:
    service.request_code(session, body.address, body.locale)


@router.post("/auth/code/verify")
def verify_code(body: CodeVerifyIn, session: Session, _: Anybody) -> SignedInOut:
    return _shown(
        service.sign_in_with_code(
            session, body.address, body.code, body.device, body.name, body.locale
        )
    )


@router.get("/me")
def me(session: Session, principal: AnyPrincipal) -> MeOut:
    account = queries.find_account(session, principal.account_id)
    return MeOut(
        **_principal(principal).model_dump(),
        email=account.email if account else None,
        phone=account.phone if account else None,
        locale=account.locale if account else "en",
    )


def _shown(signed_in: service.SignedIn) -> SignedInOut:
    tokens = signed_in.tokens
    return SignedInOut(
        access_token=tokens.access_token,
        refresh_token=tokens.refresh_token,
        expires_in=tokens.expires_in,
        principal=_principal(signed_in.principal),
    )


def _principal(principal: Principal) -> PrincipalOut:
    return PrincipalOut(
        account_id=principal.account_id,
        subject_id=principal.subject_id,
        roles=sorted(principal.roles),
        name=principal.name,
    )
