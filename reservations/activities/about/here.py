"""What of an imported activity is said in its form otherwise than its source has it. Pure."""

from typing import Final

from organisers.activity import AboutActivity
from organisers.event_here import GROUPS, Columns
from reservations.activities.about.form import about_of
from reservations.activities.activity import Activity
from reservations.activities.here import AS_READ, columns_of

ABOUT: Final = ("title", "text", "kind", "ages", "facilities")
"""The groups of GROUPS that this form asks."""


def said_in_form(wanted: AboutActivity, source: Activity) -> Columns:
    """The columns of each group that is typed otherwise than the form would have it from the source."""
    known = about_of(source).read()
    groups = ABOUT if isinstance(known, dict) else differing(wanted, known)
    columns = columns_wanted(wanted, source)
    return {name: columns[name] for group in groups for name in GROUPS[group]}


def columns_wanted(wanted: AboutActivity, source: Activity) -> Columns:
    """What was typed, with what the source has in languages that the form does not ask."""
    known = columns_of(source)
    asked = {*about_of(source).titles}
    others = {
        name: {code: text for code, text in known[name].items() if code not in asked} for name in AS_READ
    }
    return {
        "name": wanted.name["nl"],
        "name_translations": wanted.name | others["name_translations"],
        "description": wanted.description.get("nl", ""),
        "description_translations": wanted.description | others["description_translations"],
        "type_label": wanted.type_label,
        "facilities": list(wanted.facilities),
        "age_from": wanted.age_from,
        "age_to": wanted.age_to,
    }


def differing(wanted: AboutActivity, known: AboutActivity) -> list[str]:
    pairs = {
        "title": (wanted.name, known.name),
        "text": (wanted.description, known.description),
        "kind": (wanted.type_label, known.type_label),
        "ages": ((wanted.age_from, wanted.age_to), (known.age_from, known.age_to)),
        "facilities": (sorted(wanted.facilities), sorted(known.facilities)),
    }
    return [group for group, (typed, had) in pairs.items() if typed != had]
