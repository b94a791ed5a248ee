"""The page of who waits: made once a second for all of them, and completed for each who looks.

A crowd that looks at its places then costs no query and hardly any time, so that who is let in is answered.
"""

from typing import Final

from reservations.waiting_room.entry import Entry
from reservations.waiting_room.rooms import RoomNow
from uit.services.region import Region
from uit.web.response import PRIVATE_HEADERS, SAFE_HEADERS, EncodedResponse, encoded
from uit.web.view import render

WAITS: Final = "reservations/waiting_room/waits.html"
STANDS: Final = "reservations/waiting_room/standing.html"
OWN, NUMBER, STANDING = "\x02own", "\x02number", "\x02standing"
"""Where the page of all has the address, the number in the draw and the place of each. No text has these."""
HTML: Final = "text/html;charset=utf-8"
PRIVATE: Final = encoded({**SAFE_HEADERS, **PRIVATE_HEADERS})


def only_waits(room: RoomNow, entry: Entry) -> bool:
    """Whether there is nothing else to show than where somebody stands."""
    came_to_something = entry.let_in_at or entry.left_at or entry.booking_id or room.room.ended_at
    return entry.proven_at is not None and not came_to_something


def make_page(room: RoomNow, region: Region) -> str:
    """The page of all who wait in a room, which the room keeps for a second."""
    for_each = {"own": OWN, "number": NUMBER, "standing": STANDING}
    page = room.pages[region.slug] = render(WAITS, room=room, region=region, signed_in=False, **for_each)
    return page


def waiting_page(made: str, room: RoomNow, entry: Entry, own: str) -> EncodedResponse:
    """What `make_page` made, for one who waits, at their own address."""
    standing = render(STANDS, room=room, entry=entry, ahead=room.ahead_of(entry))
    page = made.replace(OWN, own).replace(NUMBER, str(entry.id)).replace(STANDING, standing)
    return EncodedResponse(page.encode(), 200, HTML, safe=PRIVATE)
