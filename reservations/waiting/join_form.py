"""The form by which somebody stands in a line: who comes, which dates, how many places; a guest says who."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from msgspec import Struct

from reservations.booking.commands import GuestContact, JoinWaitingList
from reservations.most_places import MOST_PLACES
from reservations.order.choice import FIELD, Choice
from reservations.order.form import LONGEST_CODE, LONGEST_COUNT, first_form, guest_errors, read_places
from reservations.order.seat_choice import WHEELCHAIRS
from reservations.order.who_comes import WHO, nobody, ticked
from reservations.waiting.joining import Joining
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, number_wanted, read_number

DATE: Final = "datum-"


class JoinForm(Struct, frozen=True):
    """`places` by the key of a price; `session_ids` are the dates that were ticked.

    So many of who comes are in `wheelchairs`.
    """

    typed: Mapping[str, str]
    session_ids: tuple[UUID, ...]
    places: dict[str, int]
    errors: Errors
    wheelchairs: int = 0

    def value(self, choice: Choice) -> str | int:
        return self.typed.get(choice.field, self.places.get(choice.key, 0))

    @property
    def code(self) -> str:
        """The code that their organiser gave them for a price."""
        return self.typed.get("code", "")[:LONGEST_CODE]

    @property
    def guest(self) -> GuestContact:
        return GuestContact(one_line(self.typed.get("naam", "")), self.typed.get("email", "").strip())

    @property
    def kept(self) -> dict[str, str]:
        """What an address keeps of it, when somebody else is to come along."""
        kept = (DATE, FIELD, WHEELCHAIRS)
        return {name: text[:LONGEST_COUNT] for name, text in self.typed.items() if name.startswith(kept)}


def date_field(session_id: UUID) -> str:
    return f"{DATE}{session_id.hex}"


def read_join_form(typed: Mapping[str, str], joining: Joining) -> JoinForm:
    """The form as it was sent. What is wrong is said all at once."""
    dates = joining.dates
    ticked_dates = (each.id for each in dates if typed.get(date_field(each.id)) == "true")
    is_whole = joining.course is not None and not joining.asks_dates
    chosen = tuple(each.id for each in dates) if is_whole else tuple(ticked_dates)
    places, errors = read_places(typed, joining.choices)
    if not chosen and dates:
        errors = {date_field(dates[0].id): _("Kies minstens één datum."), **errors}
    if ticked(typed) == "":
        errors = {**nobody(joining.choosable), **errors}
    wheelchairs, wrong = read_wheelchairs(typed, joining, places)
    errors |= wrong | ({} if joining.comers else guest_errors(typed))
    return JoinForm(typed, chosen, places, errors, wheelchairs)


def read_wheelchairs(
    typed: Mapping[str, str], joining: Joining, places: Mapping[str, int]
) -> tuple[int, Errors]:
    """How many come in a wheelchair: never more than there are people."""
    if not joining.has_wheelchairs:
        return 0, {}
    most = joining.people(places)
    found = read_number(typed.get(WHEELCHAIRS, "") or "0", most)
    return (0, {WHEELCHAIRS: number_wanted(0, most)}) if found is None else (found, {})


def first_join_form(session_id: UUID, joining: Joining, typed: Mapping[str, str]) -> JoinForm:
    """The dates and numbers of an address; at first a place for each, on the date from which they came.

    Of a course at first all dates that its address names.
    """
    dates = tuple(each.id for each in joining.dates if typed.get(date_field(each.id)) == "true")
    if joining.course:
        dates = dates or tuple(joining.course.chosen)
    known = {name: text for name, text in typed.items() if name.startswith((FIELD, WHEELCHAIRS))}
    places = dict(first_form(joining.choices).places)
    wheelchairs = read_number(typed.get(WHEELCHAIRS, ""), MOST_PLACES) or 0
    return JoinForm(known, dates or (session_id,), places, {}, wheelchairs)


def others_asked(typed: Mapping[str, str], joining: Joining) -> str | None:
    """Who was ticked, where that is not whom the page was for; None where it is, or nobody was."""
    chosen = ticked(typed)
    if not chosen or {each.value for each in joining.choosable if each.is_chosen} == {*chosen.split(",")}:
        return None
    return chosen


def fields_for(chosen: str, joining: Joining, form: JoinForm) -> dict[str, str]:
    """The fields of the page for whom was ticked."""
    return joining.who | {WHO: chosen} | form.kept


def labels_of(joining: Joining) -> Labels:
    who = {each.field: _("Wie komt er?") for each in joining.choosable}
    ticks = {date_field(each.id): _("Welke datums zijn goed?") for each in joining.dates}
    numbers = {each.field: joining.label_of(each) for each in joining.choices}
    asked = {
        "rolstoel": _("Hoeveel daarvan met een rolstoel?"),
        "code": _("Code van de organisator"),
        "naam": _("Je naam"),
        "email": _("Je e-mailadres"),
    }
    return who | ticks | numbers | asked


def join_facts(joining: Joining, form: JoinForm, entry_id: UUID) -> dict[str, Any]:
    """What the pages have in common on which somebody asks to wait."""
    return {
        "joining": joining,
        "form": form,
        "errors": form.errors,
        "entry_id": entry_id,
        "labels": labels_of(joining),
        "date_field": date_field,
    }


def as_command(
    region_id: int, entry_id: UUID, joining: Joining, form: JoinForm, code_digest: str | None = None
) -> JoinWaitingList:
    """What somebody asks on a page of their own. `code_digest`: of the code that they typed."""
    wanted = joining.wanted(form.places, form.wheelchairs)
    return JoinWaitingList(
        region_id=region_id,
        entry_id=entry_id,
        event_id=joining.card.session.event_id,
        session_ids=form.session_ids,
        lines=wanted.lines,
        membership_id=wanted.membership_id,
        guest=None if wanted.membership_id else form.guest,
        channel="page",
        keeps=joining.keeps,
        course_id=joining.course.course.id if joining.course else None,
        by=wanted.by,
        code_digests=dict.fromkeys(joining.asking, code_digest) if code_digest else {},
    )
