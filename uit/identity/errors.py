"""The refusals of signing in, of door links, and of the registration of persons."""

from datetime import datetime
from uuid import UUID

from uit.core.errors import Refusal


class NotSignedIn(Refusal, code="identity.not_signed_in", status=401):
    """`wanted` is the path that the visitor asked for, to which signing in returns."""

    wanted: str


class TokenNeeded(Refusal, code="identity.token_needed", status=401):
    """The bearer token is missing, unknown, expired or revoked (RFC 6750)."""


class SecondFactorNeeded(Refusal, code="identity.second_factor_needed", status=401):
    pass


class LinkUsed(Refusal, code="identity.link_used", status=410):
    """A sign-in link works once and for fifteen minutes."""


class CodeUsed(Refusal, code="identity.code_used", status=410):
    """A code to sign in is wrong, was used, or is over; the refusal does not say which."""


class WrongPassword(Refusal, code="identity.wrong_password", status=403):
    """The password or the account is wrong; the refusal never says which."""


class ProofNeeded(Refusal, code="identity.proof_needed", status=429):
    """Too much was tried with this account or from this place: a proof of work lets one go on at once."""

    retry_after_seconds: int


class AccountGuarded(Refusal, code="identity.account_guarded", status=429):
    """Somebody goes on trying to get in, so this account takes nothing from a device that is not known.

    A link in the mailbox of the account makes one known.
    """

    retry_after_seconds: int


class WrongCode(Refusal, code="identity.wrong_code", status=403):
    """The six digits of the second factor are wrong, old, or used before."""


class PasskeyWrong(Refusal, code="identity.passkey_wrong", status=403):
    """The passkey is not known here, was made for another site or another page, or is a copy."""


class ClientUnknown(Refusal, code="identity.client_unknown", status=401):
    """RFC 6749, 5.2: invalid_client."""


class GrantNotSupported(Refusal, code="identity.grant_not_supported", status=400):
    """RFC 6749, 5.2: unsupported_grant_type. Only client_credentials is given here."""


class ParameterWrong(Refusal, code="identity.parameter_wrong", status=400):
    """RFC 6749, 5.2: invalid_request. A parameter is missing, too long, or there more than once."""

    parameter: str
    missing: bool


class ScopeUnknown(Refusal, code="identity.scope_unknown", status=400):
    """RFC 6749, 5.2: invalid_scope. A token opens all that its client may do, and no part of it."""


class ScopeMissing(Refusal, code="identity.scope_missing", status=403):
    """The client that asked was not given `scope`, which this operation takes."""

    scope: str


class WeakPassword(Refusal, code="identity.weak_password", status=422):
    """The password is too short, too long, obvious or repetitive. `characters` is the minimum length."""

    characters: int


class DoorNotYetOpen(Refusal, code="identity.door_not_yet_open", status=403):
    """The link is valid and opens later."""

    opens_at: datetime


class DoorClosed(Refusal, code="identity.door_closed", status=403):
    """A door link works on one device and for one evening."""


class RequestIncomplete(Refusal, code="identity.request_incomplete", status=400):
    """RFC 6749, 5.2: invalid_request. Credentials are missing, or are in both the header and the body."""


class InszWrong(Refusal, code="identity.insz_wrong", status=422):
    """The text is not a valid number of the national register. The refusal never repeats the number."""


class InszTaken(Refusal, code="identity.insz_taken", status=409):
    """The number is of the person `person_id`, who is registered already. For staff only."""

    person_id: UUID


class EmailTaken(Refusal, code="identity.email_taken", status=409):
    """Another person has this address. Sign-in links are sent to it, so it can be of one person only."""


class SignInAgain(Refusal, code="identity.sign_in_again", status=403):
    """What cannot be taken back for long takes that somebody signed in a moment ago."""


class ConsentNeeded(Refusal, code="identity.consent_needed", status=403):
    """Below 13 a parent has to agree to an e-mail address, and does so at a counter."""


class SignInConsentNeeded(Refusal, code="identity.sign_in_consent_needed", status=403):
    """Below 13 a parent agrees at the counter before a child signs in by a code. For staff only."""


class TooYoung(Refusal, code="identity.too_young", status=403):
    """Somebody below `from_age` does this together with a parent."""

    from_age: int


class StaffUnknown(Refusal, code="identity.staff_unknown", status=404):
    """Nobody here has this address and this role, or not any more."""


class WorksElsewhere(Refusal, code="identity.works_elsewhere", status=409):
    """A region gives no role to an account that another opened: an operator does, who looks whose it is."""


class LastOfficer(Refusal, code="identity.last_officer", status=409):
    """The only one who runs a region cannot be ended: nobody could invite the next."""
