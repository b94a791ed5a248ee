"""The forms of parts; what is wrong comes back per field."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from msgspec import Struct

from reservations.places.parts import NewPart
from reservations.places.pool import Layout
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, number_error, only_errors, read_number, required_id, text_error

MOST_LETTERS: Final = 60
ALL_DATES: Final = "all"


def labels() -> Labels:
    return {
        "name": _("Hoe heet dit deel?"),
        "kind": _("Wat voor plaatsen zijn het?"),
        "places": _("Hoeveel plaatsen?"),
        "within": _("Waar zit het in?"),
        "dates": _("Voor welke datums?"),
    }


def kinds() -> list[tuple[str, str]]:
    return [
        ("part", _("Gewone plaatsen, zoals een balkon of een aantal voor een tarief")),
        ("wheelchair", _("Rolstoelplaatsen")),
        ("companion", _("Plaatsen voor begeleiders")),
    ]


class PartForm(Struct, frozen=True):
    """What was typed. `part_id` is of the form: sent twice, it is one part."""

    part_id: str = ""
    name: str = ""
    kind: str = "part"
    places: str = ""
    within: str = ""
    dates: str = "one"
    codes: frozenset[str] = frozenset()

    @classmethod
    def typed(cls, data: Mapping[str, str]) -> "PartForm":
        fields = {name: data[name] for name in cls.__struct_fields__ if name in data and name != "codes"}
        return cls(**fields, codes=frozenset(ticked(data)))

    def read(self, layout: Layout) -> NewPart | Errors:
        most = layout.room.licensed_capacity if layout.room else 0
        name, places = one_line(self.name), read_number(self.places, most)
        twice = name in {each.name for each in layout.pools.values()} and not self.is_there(layout)
        missing = _("Geef het deel een naam.")
        errors = only_errors(
            {
                "name": _("Er is al een deel dat zo heet.")
                if twice
                else text_error(self.name, missing, MOST_LETTERS),
                "kind": "" if self.kind in dict(kinds()) else _("Kies een van deze."),
                "places": number_error(self.places, 0, most),
            }
        )
        if errors or places is None:
            return errors
        part_id = required_id({"part_id": self.part_id}, "part_id")
        return NewPart(part_id, name, self.kind, places, self.within, self.codes)  # type: ignore[arg-type]

    def is_there(self, layout: Layout) -> bool:
        """Whether this very form was sent before."""
        return self.part_id in {str(each) for each in layout.pools}


def ticked(data: Mapping[str, str]) -> list[str]:
    """The codes of tariffs whose box is ticked."""
    return [
        name.removeprefix("tariff_") for name, value in data.items() if name.startswith("tariff_") and value
    ]


def chosen(data: Mapping[str, str], layout: Layout) -> tuple[dict[str, str], dict[str, str]]:
    """In which part each tariff and each part of a date was put, by name."""
    tariffs = {
        each.code: data[f"tariff_{each.code}"] for each in layout.tariffs if f"tariff_{each.code}" in data
    }
    parts = {each.name: data[key] for each in layout.parts if (key := part_field(each.id)) in data}
    return tariffs, parts


def part_options(layout: Layout, but: str | None = None) -> list[tuple[str, str]]:
    """The parts of a date to choose from, by name, without one."""
    return [(each.name, each.name) for each in layout.parts if each.name != but]


def part_field(pool_id: UUID) -> str:
    return f"part_{pool_id.hex}"
