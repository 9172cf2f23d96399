"""The kinds of refusal a service can raise; `kernel.http` turns them into problem responses."""

from typing import Any


class StartError(RuntimeError):
    """A program of ours cannot start or go on as asked; the message is all its user needs."""


class DomainError(Exception):
    """A refusal with a sentence for people, a stable code for programs, and facts as data."""

    status = 400
    default_code = "refused"

    def __init__(self, message: str, *, code: str | None = None, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.facts = facts


class Unauthenticated(DomainError):
    status = 401
    default_code = "unauthenticated"


class Forbidden(DomainError):
    status = 403
    default_code = "forbidden"


class NotFound(DomainError):
    """`NotFound("work_order", id)`: also the answer for a record that belongs to somebody else."""

    status = 404
    default_code = "not_found"

    def __init__(self, noun: str, key: object = "", *, code: str | None = None) -> None:
        words = noun.replace("_", " ")
        super().__init__(f"There is no such {words}.", code=code, noun=noun, key=str(key))


class Conflict(DomainError):
    status = 409
    default_code = "conflict"


class Stale(DomainError):
    status = 412
    default_code = "stale"


class Invalid(DomainError):
    status = 422
    default_code = "invalid"


class PreconditionRequired(DomainError):
    status = 428
    default_code = "precondition_required"


class Limited(DomainError):
    status = 429
    default_code = "limited"


class Unavailable(DomainError):
    status = 503
    default_code = "unavailable"
