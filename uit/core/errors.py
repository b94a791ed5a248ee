"""Refusals: answers that say no, with the facts, a stable code and a status."""

from typing import Any, ClassVar, Literal, cast

from msgspec import Struct, StructMeta

Fault = Literal["missing", "unknown", "wrong_type", "out_of_bounds", "not_a_choice", "malformed", "empty"]

CATALOGUE: dict[str, type["Refusal"]] = {}


class RefusalType(StructMeta):
    """Lets a refusal say its code and status where it is declared, and lists it in the catalogue."""

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
    """A no that the asker can act on. Its words stand in `templates/refusals/<code>.html`.

    `code` is stable and public; `status` is the HTTP status that says the same. The fields are the facts;
    they go to whoever asked, so they never hold a balance, a status or a reason of somebody else.
    """

    code: ClassVar[str] = ""
    status: ClassVar[int] = 500


class RefusalError(Exception):
    """Carries a refusal up through code that cannot return it: dependencies and guards at the edge.

    `instead` is the page that helps a person on, where there is one; a machine gets the refusal all the same.
    """

    def __init__(self, refusal: Refusal, instead: str | None = None) -> None:
        super().__init__(refusal.code)
        self.refusal, self.instead = refusal, instead


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
    """A form without the token of its visitor: from another site, or from a page that was open too long."""


class MethodNotThere(Refusal, code="ground.method_not_there", status=405):
    pass


class TooLarge(Refusal, code="ground.too_large", status=413):
    pass


class NotJson(Refusal, code="ground.not_json", status=415):
    """The body says of itself that it is something else than JSON."""


class NotUnderstood(Refusal, code="ground.not_understood", status=422):
    """What was sent does not have the shape that was asked.

    `where` names the field and `why` what is wrong with it, which the words say in each language. `technical`
    is for who writes the program: what the reader said of it, always in English.
    """

    where: str
    why: Fault
    technical: str = ""


class Unexpected(Refusal, code="ground.unexpected", status=500):
    """A bug of ours. `reference` is in the log, next to what went wrong."""

    reference: str
