"""The picture of an activity, as the form of its desk has it: a file, what it shows, and who made it."""

from typing import Final

from msgspec import Struct

from organisers.event_picture import Caption, Picture
from organisers.uitdatabank.field import Words
from reservations.activities.about.form import language_names, written
from reservations.activities.picture.image import LEAST_SIDE, Fault, Image, read_image
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, text_error

MOST_ALT: Final = 250
MOST_CREDIT: Final = 120


def labels() -> Labels:
    in_languages = {
        f"alt_{code}": _("Wat erop staat, in het %(language)s", language=language)
        for code, language in language_names().items()
    }
    return in_languages | {
        "picture": _("Foto of affiche"),
        "alt": _("Wat staat erop?"),
        "credit": _("Wie maakte het?"),
    }


class PictureForm(Struct, frozen=True):
    """What was sent; `alts` by language. Without a file the words of the picture that is there change."""

    alt: str = ""
    credit: str = ""
    sent: bytes = b""
    alts: Words = {}

    def read(self, *, has_picture: bool) -> Picture | Errors | None:
        """The new picture; None where only its words are new; or what is wrong."""
        image = read_image(self.sent) if self.sent or not has_picture else None
        errors = only_errors(
            {
                "picture": words_of_fault(image) if isinstance(image, str) else "",
                "alt": text_error(self.alt, _("Zeg het voor wie de foto niet ziet."), MOST_ALT),
                **{f"alt_{code}": text_error(text, "", MOST_ALT) for code, text in self.alts.items()},
                "credit": text_error(self.credit, _("Zeg wie het maakte, ook als jij het was."), MOST_CREDIT),
            }
        )
        if errors:
            return errors
        return as_picture(image, self.caption) if isinstance(image, Image) else None

    @property
    def caption(self) -> Caption:
        return Caption(one_line(self.alt), one_line(self.credit), self.written_alts)

    @property
    def written_alts(self) -> Words:
        return written(self.alts, one_line)


def as_picture(image: Image, said: Caption) -> Picture:
    return Picture(
        image.media_type,
        image.width,
        image.height,
        image.content,
        image.version,
        said.alt,
        said.credit,
        said.alts,
    )


def words_of_fault(fault: Fault) -> str:
    return {
        "empty": _("Kies een bestand."),
        "too_large": _("Dit bestand is te groot. Kies er een van hoogstens 3 MB."),
        "not_a_picture": _("Dit is geen JPEG, PNG of WebP, of het is niet heel."),
        "too_small": _(
            "Deze foto is te klein. Kies er een van minstens %(least)s op %(least)s punten.", least=LEAST_SIDE
        ),
        "too_many_pixels": _("Deze foto heeft te veel punten. Maak ze eerst kleiner."),
    }[fault]
