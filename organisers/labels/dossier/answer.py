"""What a municipality typed, read as answers: the figure of a criterion, and where it can be checked."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

from organisers.labels.criteria.criteria import Criterion

SPACES: Final = re.compile(r"[ \u00a0\u202f]")
# A point before three figures sets thousands apart (1.000), and before one or two it is a comma (7.5).
FIGURE: Final = re.compile(
    r"(?P<whole>[0-9]{1,3}(?:[. ][0-9]{3}){1,3}|[0-9]{1,12})(?:,(?P<part>[0-9]{1,2}))?"
    r"|(?P<english>[0-9]{1,12}\.[0-9]{1,2})"
)
UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
LONGEST: Final = 10_000
PROOF: Final = "_proof"
YES_OR_NO: Final = {"1": Decimal(1), "0": Decimal(0)}

Texts = Mapping[str, str]
"""By name of a field, what stands in it. The proof of a criterion is in the field `<code>_proof`."""
Wrong = Literal["wrong"]


class Answer(Struct, frozen=True):
    """What the two fields of a criterion say. `fault`: the field that cannot be read, or ""."""

    criterion: Criterion
    figure: Decimal | None
    proof: str
    fault: str

    @property
    def is_good(self) -> bool:
        return self.figure is not None and not self.fault

    @property
    def is_open(self) -> bool:
        """Whether something has to be done before the dossier can be submitted.

        A proof of nothing is open as well: what somebody wrote is never dropped without a word.
        """
        return bool(self.fault) or (self.figure is None and (self.criterion.required or bool(self.proof)))


def plain(text: str) -> str:
    """The text with plain line ends and without control characters."""
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n")).strip()


def read_text(texts: Texts, name: str) -> str:
    return plain(texts.get(name, ""))


def fields_of(asked: Sequence[Criterion]) -> list[str]:
    """The names of the fields of these criteria, in the order of the page."""
    return [f"{each.code}{ending}" for each in asked for ending in ("", PROOF)]


def read_answers(asked: Sequence[Criterion], texts: Texts) -> list[Answer]:
    return [read_answer(each, texts) for each in asked]


def read_answer(criterion: Criterion, texts: Texts) -> Answer:
    figure, proof = read_figure(criterion, texts), read_text(texts, f"{criterion.code}{PROOF}")
    if figure == "wrong":
        return Answer(criterion, None, proof, criterion.code)
    return Answer(criterion, figure, proof, f"{criterion.code}{PROOF}" if len(proof) > LONGEST else "")


def read_figure(criterion: Criterion, texts: Texts) -> Decimal | Wrong | None:
    """The figure in a field; None when it is empty.

    A thousand may be written as 1000, 1.000 or 1 000, and a half as 7,5 or 7.5. "wrong" for a text that is no
    figure, and for a figure above `most` of the criterion.
    """
    typed = read_text(texts, criterion.code)
    if criterion.answer == "yes_no":
        return YES_OR_NO.get(typed)
    if not typed:
        return None
    figure = as_figure(typed)
    return "wrong" if figure is None or (criterion.most is not None and figure > criterion.most) else figure


def as_figure(typed: str) -> Decimal | None:
    found = FIGURE.fullmatch(SPACES.sub(" ", typed))
    if found is None:
        return None
    if found["english"]:
        return Decimal(found["english"])
    whole = re.sub(r"[. ]", "", found["whole"])
    return Decimal(f"{whole}.{found['part']}" if found["part"] else whole)


def as_typed(figure: Decimal) -> str:
    """The figure as one types it: 60000, or 7,5."""
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".").replace(".", ",") if "." in text else text
