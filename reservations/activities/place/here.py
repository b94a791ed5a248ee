"""Where an imported activity is said to be here, and not where its source has it. Pure."""

from organisers.activity import Whereabouts
from organisers.event_here import Columns
from reservations.activities.activity import Activity
from reservations.activities.here import columns_of, only


def said_of(where: Whereabouts, source: Activity) -> Columns:
    """The columns of a place, as they are kept; none where its source has the same."""
    wanted = {
        "attendance": where.attendance,
        "venue_id": str(where.venue_id) if where.venue_id else None,
        "online_url": where.online_url,
    }
    return {} if wanted == only(columns_of(source), ["place"]) else wanted
