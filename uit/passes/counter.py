"""The author of acts at the counter of a region, with the municipalities whose members they may see."""

from uit.services.audit import Author


class Counter(Author, frozen=True):
    """`towns` are the REFNIS codes of the municipalities whose members they may see; None: every one."""

    towns: tuple[str, ...] | None = None

    def sees(self, refnis: str | None) -> bool:
        return self.towns is None or refnis in self.towns
