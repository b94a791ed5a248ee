"""Refusals: negative answers with their facts, a stable code and an HTTP status."""

from typing import Any, ClassVar, Final, Literal, cast

from msgspec import UNSET, Struct, StructMeta, UnsetType
from msgspec.structs import force_setattr

Fault = Literal[
    "missing",
    "unknown",
    "excluded",
    "wrong_type",
    "too_small",
    "too_large",
    "too_short",
    "too_long",
    "out_of_bounds",
    "in_the_future",
    "not_a_choice",
    "malformed",
    "empty",
]

MOST_LETTERS: Final = 200
CATALOGUE: dict[str, type["Refusal"]] = {}


def cut(text: str) -> str:
    """The text, or as much of it as we repeat to whoever sent it."""
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


class RefusalType(StructMeta):
    """Takes `code` and `status` as class arguments of a refusal, and adds the refusal to CATALOGUE."""

    def __new__(  # noqa: PYI034  a metaclass has no Self
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], code: str = "", status: int = 0
    ) -> "RefusalType":
        made = super().__new__(cls, name, bases, namespace, frozen=True)
        if code:
            refusal = cast("type[Refusal]", made)
            refusal.code, refusal.status = code, status
            CATALOGUE[code] = refusal
        return made


class Refusal(Struct, metaclass=RefusalType):
    """An answer that says no. Its texts are in `templates/refusals/<code>.html`.

    `code` is stable and public; `status` is the HTTP status of the answer. The fields are the facts, which
    are sent to whoever asked, so they never hold a balance, a status or a reason of another person.
    A text is cut at MOST_LETTERS: who asks with a megabyte is not answered with one.
    """

    code: ClassVar[str] = ""
    status: ClassVar[int] = 500

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if type(value) is str and len(value) > MOST_LETTERS:
                force_setattr(self, name, cut(value))


class RefusalError(Exception):
    """Raises a refusal in code that cannot return it, such as dependencies and middleware.

    `redirect_to` is the address of the page to which a browser is sent; a machine gets the refusal itself.
    """

    def __init__(self, refusal: Refusal, redirect_to: str | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal, self.redirect_to = refusal, redirect_to


class Busy(Refusal, code="ground.busy", status=503):
    retry_after_seconds: int


class DatabaseAway(Refusal, code="ground.database_away", status=503):
    retry_after_seconds: int


class TooOften(Refusal, code="ground.too_often", status=429):
    retry_after_seconds: int


class NotFound(Refusal, code="ground.not_found", status=404):
    pass


class NotAllowed(Refusal, code="ground.not_allowed", status=403):
    pass


class FormStale(Refusal, code="ground.form_stale", status=403):
    """The form has no valid CSRF token: it comes from another site, or its page was open for too long."""


class MethodNotThere(Refusal, code="ground.method_not_there", status=405):
    pass


class TooLarge(Refusal, code="ground.too_large", status=413):
    most_bytes: int


class TooManyFields(Refusal, code="ground.too_many_fields", status=422):
    most_fields: int


class AddressTooLong(Refusal, code="ground.address_too_long", status=414):
    most_bytes: int


class TooSlow(Refusal, code="ground.too_slow", status=408):
    """The body was not there in time."""


class NotJson(Refusal, code="ground.not_json", status=415):
    """The content type of the body is not JSON."""


class NotUnderstood(Refusal, code="ground.not_understood", status=422):
    """The request does not have the required shape.

    `where` is the path of the field and `why` the kind of fault, which the texts explain in each language.
    `technical` is the message of the decoder, in English, for the author of the client program. `choices` are
    those of a field that has a list of them, where something else was sent.
    """

    where: str
    why: Fault
    technical: str = ""
    choices: tuple[str, ...] | UnsetType = UNSET


class Unexpected(Refusal, code="ground.unexpected", status=500):
    """A bug in uit. The log holds the exception under the same `reference`."""

    reference: str
