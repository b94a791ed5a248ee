"""The words of a period in each language, side by side, as `formats` puts them around its days and hours."""

from typing import Final

from msgspec import Struct

from uit.core.translation import DUTCH


class PeriodFormat(Struct, frozen=True):
    """How a language says a period: `str.format` texts, and the words for hours that need one."""

    hours: str
    on_day: str
    to_moment: str
    to_day: str
    until_moment: str
    until_day: str
    length: str
    midnight: str
    all_day: str
    all_year: str
    good_until: str
    summer_time: str
    winter_time: str


PERIOD_FORMATS: Final = {
    DUTCH: PeriodFormat(
        hours="{} tot {}",
        on_day="{}, {}",
        to_moment="{} tot {}",
        to_day="{} tot en met {}",
        until_moment="tot {}",
        until_day="tot en met {}",
        length="{}\N{NO-BREAK SPACE}u",
        midnight="middernacht",
        all_day="de hele dag",
        all_year="doorlopend",
        good_until="geldig tot en met {}",
        summer_time="zomertijd",
        winter_time="wintertijd",
    ),
    "fr": PeriodFormat(
        hours="de {} à {}",
        on_day="{} {}",
        to_moment="du {} au {}",
        to_day="du {} au {}",
        until_moment="jusqu\N{RIGHT SINGLE QUOTATION MARK}au {}",
        until_day="jusqu\N{RIGHT SINGLE QUOTATION MARK}au {} inclus",
        length="{}\N{NO-BREAK SPACE}h",
        midnight="minuit",
        all_day="toute la journée",
        all_year="toute l\N{RIGHT SINGLE QUOTATION MARK}année",
        good_until="valable jusqu\N{RIGHT SINGLE QUOTATION MARK}au {} inclus",
        summer_time="heure d\N{RIGHT SINGLE QUOTATION MARK}été",
        winter_time="heure d\N{RIGHT SINGLE QUOTATION MARK}hiver",
    ),
    "en": PeriodFormat(
        hours="{} to {}",
        on_day="{}, {}",
        to_moment="{} to {}",
        to_day="{} up to and including {}",
        until_moment="until {}",
        until_day="up to and including {}",
        length="{}\N{NO-BREAK SPACE}h",
        midnight="midnight",
        all_day="all day",
        all_year="all year round",
        good_until="valid up to and including {}",
        summer_time="summer time",
        winter_time="winter time",
    ),
}
