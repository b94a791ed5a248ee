"""Filling in a form with what was typed in it before, when it could not be taken.

The macros of `templates/ui` ask here for each form and each of its fields, so that every form can come back.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Final, TypeVar

from uit.core.errors import cut

Value = TypeVar("Value")

MOST_ON_LINE: Final = 300
MOST_IN_TEXT: Final = 12_000


class Refill:
    """The fields that were typed in the form with this action, for one page.

    `may_show` is asked at the first form: only then it is known who visits. `is_shown`: a form was filled in.
    """

    def __init__(
        self, action: str, fields: Mapping[str, Sequence[str]], may_show: Callable[[], bool] = lambda: True
    ) -> None:
        self.action, self.fields, self.may_show = action, fields, may_show
        self.is_open = self.is_shown = False


REFILL: Final[ContextVar[Refill | None]] = ContextVar("refill", default=None)
"""What waits to be filled in again by the visitor of this request."""


def begin_form(action: str, method: str) -> bool:
    """Whether the fields that follow, until `end_form`, belong to the form that could not be taken."""
    refill = REFILL.get()
    if refill is None:
        return False
    refill.is_open = method == "post" and form_comes_back(action)
    refill.is_shown = refill.is_shown or refill.is_open
    return refill.is_open


def form_comes_back(action: str) -> bool:
    """Whether the next form with this action will be filled in: what it stands folded in is open then.

    Of several with one action on a page, it is the first.
    """
    refill = REFILL.get()
    return refill is not None and not refill.is_shown and refill.action == action and refill.may_show()


def end_form() -> str:
    refill = REFILL.get()
    if refill is not None:
        refill.is_open = False
    return ""


def typed_before(name: str, value: Value, most: int = MOST_ON_LINE) -> Value | str:
    """What was typed in this field before, else the value that the page gives it.

    What is longer than such a field takes comes back as its beginning, so that no page grows with it.
    """
    typed = _fields().get(name)
    shown = typed[0] if typed else value
    return cut(shown) if isinstance(shown, str) and len(shown) > most else shown


def ticked_before(name: str, value: str, checked: Value) -> Value | bool:
    """Whether this box was ticked before, else what the page says. A box that is not ticked sends nothing."""
    fields = _fields()
    return value in fields.get(name, ()) if fields else checked


def form_waits() -> bool:
    """Whether something that was typed waits until its page is shown again."""
    return REFILL.get() is not None


def _fields() -> Mapping[str, Sequence[str]]:
    refill = REFILL.get()
    return refill.fields if refill is not None and refill.is_open else {}
