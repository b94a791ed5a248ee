"""The errors of Stripe's API, in their own shape (https://docs.stripe.com/api/errors)."""

from http import HTTPStatus
from typing import Any, Self


class ApiError(Exception):
    """An answer that says no. `kept` says whether it stays the answer under the same idempotency key.

    Stripe keeps what it answered once a request was carried out, and not what it refused before.
    """

    def __init__(  # noqa: PLR0913  the fields of the error
        self,
        status: int,
        message: str,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        *,
        kept: bool = True,
    ) -> None:
        super().__init__(message)
        self.status, self.kept = status, kept
        self.fields = {"type": kind, "message": message, "code": code, "param": param}

    @property
    def body(self) -> dict[str, Any]:
        return {"error": {name: value for name, value in self.fields.items() if value is not None}}

    @classmethod
    def unknown(cls, name: str) -> Self:
        message = f"Received unknown parameter: {name}"
        return cls(HTTPStatus.BAD_REQUEST, message, "parameter_unknown", name, kept=False)

    @classmethod
    def missing(cls, name: str) -> Self:
        message = f"Missing required param: {name}."
        return cls(HTTPStatus.BAD_REQUEST, message, "parameter_missing", name, kept=False)

    @classmethod
    def invalid(cls, name: str, message: str, code: str | None = None) -> Self:
        return cls(HTTPStatus.BAD_REQUEST, message, code, name, kept=False)

    @classmethod
    def no_such(cls, kind: str, identifier: str, param: str) -> Self:
        message = f"No such {kind.replace('.', ' ')}: '{identifier}'"
        return cls(HTTPStatus.NOT_FOUND, message, "resource_missing", param, kept=False)

    @classmethod
    def no_such_path(cls, method: str, path: str) -> Self:
        message = f"Unrecognized request URL ({method}: {path})."
        return cls(HTTPStatus.NOT_FOUND, message, kept=False)

    @classmethod
    def bad_key(cls) -> Self:
        return cls(HTTPStatus.UNAUTHORIZED, "Invalid API Key provided.", kept=False)

    @classmethod
    def no_access(cls, account: str) -> Self:
        message = (
            f"The provided key does not have access to account '{account}' (or that account does not "
            "exist). Application access may have been revoked."
        )
        return cls(HTTPStatus.FORBIDDEN, message, "account_invalid", kept=False)

    @classmethod
    def wrong_version(cls, version: str) -> Self:
        return cls(HTTPStatus.BAD_REQUEST, f"Invalid Stripe API version: {version}", kept=False)

    @classmethod
    def other_parameters(cls) -> Self:
        message = "Keys for idempotent requests can only be used with the same parameters as at first."
        return cls(HTTPStatus.BAD_REQUEST, message, kind="idempotency_error", kept=False)

    @classmethod
    def key_in_use(cls) -> Self:
        message = "There is currently another in-progress request using this idempotency key."
        return cls(HTTPStatus.CONFLICT, message, "idempotency_key_in_use", kept=False)

    @classmethod
    def refused(cls, code: str) -> Self:
        return cls(HTTPStatus.BAD_REQUEST, "This request was refused on demand.", code)

    @classmethod
    def too_many(cls) -> Self:
        message = "Request rate limit exceeded."
        return cls(HTTPStatus.TOO_MANY_REQUESTS, message, "rate_limit", kept=False)

    @classmethod
    def broken(cls) -> Self:
        message = "An unknown error occurred."
        return cls(HTTPStatus.INTERNAL_SERVER_ERROR, message, kind="api_error")
