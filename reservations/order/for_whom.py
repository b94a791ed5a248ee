"""What each who comes may choose, and what a choice is called where it stands apart from who it is for."""

from collections.abc import Sequence

from reservations.order.choice import Choice
from reservations.order.who_comes import Comer
from uit.core.translation import gettext as _


def by_comer(comers: Sequence[Comer], choices: Sequence[Choice]) -> list[tuple[Comer | None, list[Choice]]]:
    """What each who comes may choose; a guest is nobody."""
    found: list[Comer | None] = [*comers] or [None]
    return [
        (each, [choice for choice in choices if each is None or choice.comer == each.key]) for each in found
    ]


def label_of(choice: Choice, comers: Sequence[Comer]) -> str:
    """The label of a choice, with the name of who it is for where several come."""
    comer = next((each for each in comers if each.key == choice.comer), None)
    if comer is None or not comer.key:
        return choice.label
    name = comer.name or _("Jij")
    return name if choice.label == name else f"{name}: {choice.label}"
