"""Dossiers of the example for the vakantiegemeente label, one at each step of the procedure."""

import csv
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
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
from organisers.labels.dossier.draft import KeptAnswers, TypedAnswer
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
from uit.example.town import stable_id
from uit.services.services import Services

FIGURES: Final = Path(__file__).parent / "data" / "label.csv"
YES: Final = {"yes": "1", "no": "0"}
PROOF: Final = "Jaarverslag toerisme, bladzijde 4 (voorbeeld)"
GROUND: Final = "Nagekeken in het jaarverslag en ter plaatse (voorbeeld)."
REASONS: Final = "De gemeente haalt alle criteria. De assessor keek ze ter plaatse na."


class DossierScript(Struct, frozen=True):
    """A dossier of the example. `days`: how many days ago it was started, submitted, assessed and decided."""

    refnis: str
    town: str
    kinds: tuple[Kind, ...]
    days: tuple[int, ...]

    @property
    def id(self) -> UUID:
        return stable_id("dossier", self.refnis)


SCRIPTS: Final = (
    DossierScript(KOKSIJDE, "Koksijde", ("day", "stay"), (3,)),
    DossierScript(GERAARDSBERGEN, "Geraardsbergen", ("day",), (20, 6)),
    DossierScript(NIEUWPOORT, "Nieuwpoort", ("day", "stay"), (40, 30, 4)),
    DossierScript(DE_PANNE, "De Panne", ("day", "stay"), (41, 35, 20, 12)),
)


@cache
def read_figures(column: str) -> Mapping[str, Decimal]:
    """The invented figures in a column of FIGURES, by criterion: the claims of a town, or differing findings.

    Nieuwpoort claims more nights than were found.
    """
    with FIGURES.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, skipinitialspace=True))
    return {row["criterion"]: Decimal(YES.get(row[column], row[column])) for row in rows if row.get(column)}


async def add_dossiers(services: Services) -> None:
    """Add all dossiers in one transaction; a repeat changes nothing."""
    async with services.database.transaction() as tx:
        rules, now = criteria.read_example(), services.clock.now()
        await criteria.adopt(tx, rules, now - timedelta(days=60))
        await procedure.adopt(tx, procedure.read_example(), now - timedelta(days=60))
        for script in SCRIPTS:
            await run_script(tx, script, rules, now)


async def run_script(tx: Executor, script: DossierScript, rules: Criteria, now: datetime) -> None:
    """Take a dossier through the steps of its script."""
    moments = [now - timedelta(days=days) for days in script.days]
    steps = (fill_in, submit, assess_claims, award)
    started = await dossier.start(
        tx, StartDossier(script.id, script.refnis, script.kinds), actor_of(official_of(script), moments[0])
    )
    assert isinstance(started, Dossier), started
    if started.history_no > 1:
        return
    for step, at in zip(steps, moments, strict=False):
        await step(tx, script, rules, at)


async def fill_in(tx: Executor, script: DossierScript, rules: Criteria, at: datetime) -> None:
    """Save the claims; only the first four for a dossier that is not submitted."""
    figures = claims(script, rules)
    claims_made = figures if len(script.days) > 1 else figures[:4]
    said, by = claim.fields_sent({each.code: each for each in claims_made}), actor_of(official_of(script), at)
    typed = [TypedAnswer(field, text) for field, text in said.items()]
    kept = await claim.keep(tx, script.id, script.refnis, typed, by)
    assert isinstance(kept, KeptAnswers), kept
    answer = await claim.settle(tx, script.id, script.refnis, [each.code for each in claims_made], by)
    assert answer is None, answer


async def submit(tx: Executor, script: DossierScript, _rules: Criteria, at: datetime) -> None:
    answer = await claim.submit(tx, script.id, script.refnis, actor_of(official_of(script), at))
    assert answer is None, answer


async def assess_claims(tx: Executor, script: DossierScript, rules: Criteria, at: datetime) -> None:
    by, differing = actor_of(ASSESSOR, at), read_figures(f"{script.town} found")
    found = [
        Finding(each.code, differing.get(each.code, each.figure), GROUND) for each in claims(script, rules)
    ]
    answer = await assess.record(tx, script.id, found, by) or await assess.hand_over(tx, script.id, by)
    assert answer is None, answer


async def award(tx: Executor, script: DossierScript, _rules: Criteria, at: datetime) -> None:
    for kind in script.kinds:
        verdict = Verdict(
            id=stable_id("decision", script.refnis, kind),
            dossier_id=script.id,
            kind=kind,
            ruling="granted",
            reasons=REASONS,
            notified_on=day_in_flanders(at),
        )
        answer = await decide(tx, verdict, actor_of(TOURISM_OFFICER, at))
        assert isinstance(answer, Decision), answer


def claims(script: DossierScript, rules: Criteria) -> Sequence[Claim]:
    figures = read_figures(script.town)
    return [Claim(each.code, figures[each.code], PROOF) for each in rules.asked(script.kinds)]


def official_of(script: DossierScript) -> Employee:
    return next(each for each in OFFICIALS if each.refnis == script.refnis)


def actor_of(who: Employee, at: datetime) -> Actor:
    return Actor(who.staff_id, who.role, at)
