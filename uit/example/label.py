"""Dossiers for the vakantiegemeente label, one at each step: filled in, checked, decided upon, awarded."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from msgspec import Struct

from organisers.labels.criteria import criteria
from organisers.labels.criteria.criteria import Criteria, Kind
from organisers.labels.decision.decide import decide
from organisers.labels.decision.decision import Decision, Verdict
from organisers.labels.dossier import assess, claim, dossier
from organisers.labels.dossier.assess import Finding
from organisers.labels.dossier.claim import Claim
from organisers.labels.dossier.dossier import Dossier, StartDossier
from organisers.labels.dossier.history import Actor
from organisers.labels.procedure import procedure
from uit.core.clock import day_in_flanders
from uit.database.statements import Executor
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
from uit.services.services import Services

FIGURES: Final = Path(__file__).parent / "data" / "label.csv"
YES: Final = {"yes": "1", "no": "0"}
PROOF: Final = "Jaarverslag toerisme, bladzijde 4 (voorbeeld)"
GROUND: Final = "Nagekeken in het jaarverslag en ter plaatse (voorbeeld)."
REASONS: Final = "De gemeente haalt alle criteria. De assessor keek ze ter plaatse na."


class DossierScript(Struct, frozen=True):
    """A dossier: `days` says how long ago it was started, submitted, assessed and decided, so far."""

    refnis: str
    town: str
    kinds: tuple[Kind, ...]
    days: tuple[int, ...]

    @property
    def id(self) -> UUID:
        return named("dossier", self.refnis)


PAPERS: Final = (
    DossierScript(KOKSIJDE, "Koksijde", ("day", "stay"), (3,)),
    DossierScript(GERAARDSBERGEN, "Geraardsbergen", ("day",), (20, 6)),
    DossierScript(NIEUWPOORT, "Nieuwpoort", ("day", "stay"), (40, 30, 4)),
    DossierScript(DE_PANNE, "De Panne", ("day", "stay"), (41, 35, 20, 12)),
)


@cache
def read_figures(column: str) -> Mapping[str, int]:
    """The figures in a column of the table, by criterion: what a town says, or what else was found there.

    All are made up, and as they could be. Nieuwpoort claims more nights than were found: both are kept.
    """
    with FIGURES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, skipinitialspace=True))
    return {row["criterion"]: int(YES.get(row[column], row[column])) for row in rows if row.get(column)}


async def hand_in_dossiers(services: Services) -> None:
    """All of them in one transaction: a second time there is nothing left to do."""
    async with services.database.transaction() as tx:
        rules, now = criteria.read_example(), services.clock.now()
        await criteria.adopt(tx, rules, now - timedelta(days=60))
        await procedure.adopt(tx, procedure.read_example(), now - timedelta(days=60))
        for paper in PAPERS:
            await go_through(tx, paper, rules, now)


async def go_through(tx: Executor, paper: DossierScript, rules: Criteria, now: datetime) -> None:
    """Take a dossier as far as it came."""
    moments = [now - timedelta(days=days) for days in paper.days]
    steps = (fill_in, submit, look_into, award)
    started = await dossier.start(
        tx, StartDossier(paper.id, paper.refnis, paper.kinds), acting(official(paper), moments[0])
    )
    assert isinstance(started, Dossier), started
    if started.history_no > 1:
        return
    for step, at in zip(steps, moments, strict=False):
        await step(tx, paper, rules, at)


async def fill_in(tx: Executor, paper: DossierScript, rules: Criteria, at: datetime) -> None:
    """A dossier that goes no further than this has only its first answers."""
    figures = claims(paper, rules)
    shown = figures if len(paper.days) > 1 else figures[:4]
    answer = await claim.save(tx, paper.id, paper.refnis, shown, acting(official(paper), at))
    assert answer is None, answer


async def submit(tx: Executor, paper: DossierScript, _rules: Criteria, at: datetime) -> None:
    answer = await claim.submit(tx, paper.id, paper.refnis, acting(official(paper), at))
    assert answer is None, answer


async def look_into(tx: Executor, paper: DossierScript, rules: Criteria, at: datetime) -> None:
    by, otherwise = acting(ASSESSOR, at), read_figures(f"{paper.town} found")
    found = [
        Finding(each.code, otherwise.get(each.code, each.figure), GROUND) for each in claims(paper, rules)
    ]
    answer = await assess.record(tx, paper.id, found, by) or await assess.hand_over(tx, paper.id, by)
    assert answer is None, answer


async def award(tx: Executor, paper: DossierScript, _rules: Criteria, at: datetime) -> None:
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


def claims(paper: DossierScript, rules: Criteria) -> Sequence[Claim]:
    said = read_figures(paper.town)
    return [Claim(each.code, said[each.code], PROOF) for each in rules.asked(paper.kinds)]


def official(paper: DossierScript) -> Employee:
    return next(each for each in OFFICIALS if each.refnis == paper.refnis)


def acting(who: Employee, at: datetime) -> Actor:
    return Actor(who.staff_id, who.role, at)
