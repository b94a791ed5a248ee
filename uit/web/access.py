"""Who may enter a route: said by every handler in its `opt`. One that does not say it, lets nobody in."""

from msgspec import Struct


class Access(Struct, frozen=True):
    """`kinds`: the visitors that get in; `roles`: which of the staff; `anybody`: no door at all.

    `halfway` lets in staff who have not shown their second factor yet: only for the page that asks for it.
    `within_town` says that the handler itself shows a municipality's role no more than its municipality.
    """

    kinds: tuple[type, ...] = ()
    roles: frozenset[str] = frozenset()
    anybody: bool = False
    mfa_pending: bool = False
    within_town: bool = False

    def __str__(self) -> str:
        if self.anybody:
            return "anybody"
        if self.mfa_pending:
            return "staff on their way in"
        names = sorted(self.roles) or sorted(kind.__name__.lower() for kind in self.kinds)
        return ", ".join([*names, "each within their municipality"] if self.within_town else names)


ANYBODY = {"who": Access(anybody=True)}
