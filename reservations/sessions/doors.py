"""When people are let in to a session, counted from its start and its end."""

from datetime import timedelta
from typing import Final

CHECK_IN_BEFORE: Final = timedelta(hours=5)
"""Before the start, as with UiTPAS: a desk and a client may check tickets in from then on."""

DOORS_OPEN_BEFORE: Final = timedelta(hours=2)
"""Before the start, when a door link opens. A desk may be earlier: an organiser knows what they do."""

DOORS_CLOSE_AFTER: Final = timedelta(hours=4)
"""After the end. Who was not seen when the doors close, did not come."""
