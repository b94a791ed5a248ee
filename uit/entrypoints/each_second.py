"""What a process that serves remembers and does each second: tell what is free, and let in who waits."""

from datetime import timedelta

from litestar import Litestar

from reservations.booking.services import BookingServices
from reservations.live.evenings import LiveEvenings
from reservations.live.places import LivePlaces
from reservations.waiting_room.rooms import WaitingRooms
from uit.services.duty import Duty, DutyRunner


def remember(app: Litestar, services: BookingServices) -> None:
    """Put in its state what open pages are told, and the waiting rooms that people can enter."""

    def is_stopping() -> bool:
        return not services.vital_tasks.are_well

    app.state["live"] = LivePlaces(services.public_database, services.clock, is_stopping)
    app.state["live_evenings"] = LiveEvenings(services.database, services.clock, is_stopping)
    app.state["rooms"] = WaitingRooms(
        services.database, services.turnstile, services.clock, services.secrets, is_stopping
    )
    services.vital_tasks.start("entering", app.state["rooms"].run())


async def start_each_second(app: Litestar, services: BookingServices) -> None:
    """Know the waiting rooms before anybody is answered, and then do it each second."""
    await app.state["rooms"].read()
    each_second = Duty("waiting_rooms", timedelta(seconds=1), timedelta(minutes=1), app.state["rooms"].step)
    runner = DutyRunner(each_second, services.clock, services.clock_check)
    for name in ("live", "live_evenings"):
        services.vital_tasks.start(name, app.state[name].run())
    services.vital_tasks.start("waiting_rooms", runner.run())
