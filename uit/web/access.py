"""Who may enter a route. Every handler states it in its `opt`; a handler that does not admits nobody."""

from msgspec import Struct


class Access(Struct, frozen=True):
    """The visitors that a handler admits: `kinds` of visitor, for staff with one of `roles`, or `anybody`.

    `mfa_pending` admits staff who have not proved their second factor yet, for the page that asks for it.
    `within_town` also admits roles for one municipality; the handler shows them that municipality only.
    `scope` admits only clients that have it.
    """

    kinds: tuple[type, ...] = ()
    roles: frozenset[str] = frozenset()
    anybody: bool = False
    mfa_pending: bool = False
    within_town: bool = False
    scope: str = ""

    def __str__(self) -> str:
        if self.anybody:
            return "anybody"
        if self.mfa_pending:
            return "staff on their way in"
        if self.scope:
            return f"client that may {self.scope}"
        names = sorted(self.roles) or sorted(kind.__name__.lower() for kind in self.kinds)
        return ", ".join([*names, "each within their municipality"] if self.within_town else names)


ANYBODY = {"access": Access(anybody=True)}
