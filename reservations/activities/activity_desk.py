"""What the pages of one activity share: the desk of its organiser, the activity, and where its parts are."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from reservations.activities.activity import Activity, read_activity
from reservations.sessions.organiser_desk import ADDRESS, OrganiserDesk, desk_facts
from uit.core.translation import gettext as _
from uit.database.statements import Executor
from uit.identity.authentication import staff
from uit.web.form import Errors

OWN: Final = staff("organiser")
ACTIVITIES: Final = f"{ADDRESS}/activiteiten"


def home_of(desk: OrganiserDesk) -> str:
    return f"{desk.home}/activiteiten"


async def activity_facts(tx: Executor, desk: OrganiserDesk, event_id: UUID) -> dict[str, Any]:
    """The activity and the desk, for its pages. Raises NotFound, also for one of another organiser."""
    activity = await read_activity(tx, *desk.organiser_key, event_id)
    return {**await desk_facts(tx, desk), **ways_of(desk, activity), "region": desk.region}


def ways_of(desk: OrganiserDesk, activity: Activity) -> dict[str, Any]:
    """`own` is the list of activities, `this` the page of the activity."""
    return {"own": home_of(desk), "this": f"{home_of(desk)}/{activity.id}", "activity": activity}


def notice_after(act: str) -> str | None:
    """What the page of an activity, or of a part of it, says after an act."""
    return {
        "gepubliceerd": _("Gepubliceerd. Het staat in de agenda, en iedereen kan boeken."),
        "cursus": _("Gepubliceerd als cursus. Het staat in de agenda, en iedereen kan inschrijven."),
        "verborgen": _("Verborgen. Niemand ziet het nog, tot je het weer publiceert."),
        "gekopieerd": _("Gekopieerd. Kijk na wat anders is, en publiceer dan."),
        "bewaard": _("Bewaard."),
        "terug": _("Dit komt weer uit UiTdatabank."),
    }.get(act)


def may_not_publish(missing: Sequence[str]) -> Errors:
    """What is still to be filled in, by the part of the page that it leads to."""
    words = {
        "waar": _("Zeg waar het is."),
        "wanneer": _("Kies minstens één datum die nog komt."),
        "prijzen": _("Zeg wat het kost, ook als het gratis is."),
        "plaatsen": _("Zeg hoeveel plaatsen er zijn."),
    }
    return {part: words[part] for part in missing}
