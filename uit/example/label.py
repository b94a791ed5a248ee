"""Dossiers for the vakantiegemeente label, one at each step: filled in, checked, decided upon, awarded."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.labels import assess, claim, criteria, dossier, procedure
from organisers.labels.assess import Finding
from organisers.labels.claim import Claim
from organisers.labels.criteria import Criteria, Kind
from organisers.labels.decide import decide
from organisers.labels.decision import Decision, Verdict
from organisers.labels.dossier import Dossier, Start
from organisers.labels.history import Actor
from uit.example.people import (
    ASSESSOR,
    DE_PANNE,
    GERAARDSBERGEN,
    KOKSIJDE,
    NIEUWPOORT,
    OFFICIALS,
    TOURISM_OFFICER,
    Employee,
)
from uit.example.town import named
from uit.ground.clock import day_in_flanders
from uit.ground.house import House
from uit.ground.sql import Executor

PROOF: Final = "Jaarverslag toerisme, bladzijde 4 (voorbeeld)"
GROUND: Final = "Nagekeken in het jaarverslag en ter plaatse (voorbeeld)."
REASONS: Final = "De gemeente haalt alle criteria. De assessor keek ze ter plaatse na."


class Paper(Struct, frozen=True):
    """A dossier: `days` says how long ago it was started, submitted, assessed and decided, so far.

    `found` holds the figures that turned out otherwise than the town claimed.
    """

    refnis: str
    kinds: tuple[Kind, ...]
    days: tuple[int, ...]
    claimed: Mapping[str, int]
    found: Mapping[str, int] = {}

    @property
    def id(self) -> UUID:
        return named("dossier", self.refnis)


DAY: Final = (
    "info_points", "info_open_days", "info_on_weekends",
    "public_toilets", "accessible_routes", "cycling_signs",
    "events", "sights", "calendar_online",
)  # fmt: skip
STAY: Final = (
    "nights", "nights_per_thousand",
    "licensed_lodgings", "accessible_lodgings", "all_season",
    "tax_earmarked",
)  # fmt: skip


def says(day: Sequence[int], stay: Sequence[int] = ()) -> Mapping[str, int]:
    """What a town says, in the order of the questions; made up, and as it could be."""
    return {**dict(zip(DAY, day, strict=True)), **dict(zip(STAY, stay, strict=bool(stay)))}


# Nieuwpoort, with 12,000 people, claims 60,000 nights of which 52,000 could be found: both are kept.
PAPERS: Final = (
    Paper(
        KOKSIJDE, ("day", "stay"), (3,),
        says((3, 362, 1, 22, 18, 98, 180, 9, 1), (540_000, 24_500, 160, 9, 78, 1)),
    ),
    Paper(GERAARDSBERGEN, ("day",), (20, 6), says((1, 312, 1, 9, 7, 97, 95, 8, 1))),
    Paper(
        NIEUWPOORT, ("day", "stay"), (40, 30, 4),
        says((2, 358, 1, 14, 12, 99, 120, 6, 1), (60_000, 5_000, 48, 4, 71, 1)),
        found={"nights": 52_000, "nights_per_thousand": 4_333},
    ),
    Paper(
        DE_PANNE, ("day", "stay"), (41, 35, 20, 12),
        says((2, 360, 1, 17, 15, 98, 150, 7, 1), (310_000, 26_900, 95, 6, 74, 1)),
    ),
)  # fmt: skip


async def hand_in_dossiers(house: House) -> None:
    """All of them in one transaction: a second time there is nothing left to do."""
    async with house.database.transaction() as tx:
        rules, now = criteria.read_example(), house.clock.now()
        await criteria.adopt(tx, rules, now - timedelta(days=60))
        await procedure.adopt(tx, procedure.read_example(), now - timedelta(days=60))
        for paper in PAPERS:
            await go_through(tx, paper, rules, now)


async def go_through(tx: Executor, paper: Paper, rules: Criteria, now: datetime) -> None:
    """Take a dossier as far as it came."""
    moments = [now - timedelta(days=days) for days in paper.days]
    steps = (fill_in, submit, look_into, award)
    started = await dossier.start(
        tx, Start(paper.id, paper.refnis, paper.kinds), acting(official(paper), moments[0])
    )
    assert isinstance(started, Dossier), started
    if started.history_no > 1:
        return
    for step, at in zip(steps, moments, strict=False):
        await step(tx, paper, rules, at)


async def fill_in(tx: Executor, paper: Paper, rules: Criteria, at: datetime) -> None:
    """A dossier that goes no further than this has only its first answers."""
    figures = claims(paper, rules)
    shown = figures if len(paper.days) > 1 else figures[:4]
    answer = await claim.save(tx, paper.id, paper.refnis, shown, acting(official(paper), at))
    assert answer is None, answer


async def submit(tx: Executor, paper: Paper, _rules: Criteria, at: datetime) -> None:
    answer = await claim.submit(tx, paper.id, paper.refnis, acting(official(paper), at))
    assert answer is None, answer


async def look_into(tx: Executor, paper: Paper, rules: Criteria, at: datetime) -> None:
    by = acting(ASSESSOR, at)
    found = [
        Finding(each.code, paper.found.get(each.code, each.figure), GROUND) for each in claims(paper, rules)
    ]
    answer = await assess.record(tx, paper.id, found, by) or await assess.hand_over(tx, paper.id, by)
    assert answer is None, answer


async def award(tx: Executor, paper: Paper, _rules: Criteria, at: datetime) -> None:
    for kind in paper.kinds:
        verdict = Verdict(
            id=named("decision", paper.refnis, kind),
            dossier_id=paper.id,
            kind=kind,
            ruling="granted",
            reasons=REASONS,
            notified_on=day_in_flanders(at),
        )
        answer = await decide(tx, verdict, acting(TOURISM_OFFICER, at))
        assert isinstance(answer, Decision), answer


def claims(paper: Paper, rules: Criteria) -> Sequence[Claim]:
    return [Claim(each.code, paper.claimed[each.code], PROOF) for each in rules.asked(paper.kinds)]


def official(paper: Paper) -> Employee:
    return next(each for each in OFFICIALS if each.refnis == paper.refnis)


def acting(who: Employee, at: datetime) -> Actor:
    return Actor(who.staff_id, who.role, at)
