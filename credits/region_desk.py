"""What the desk of a region shows on every page: to whom it leads to programmes, sellers, tills and books.

Its menu is `templates/credits/programme/menu.html`.
"""

from typing import Any, Final

from uit.identity.authentication import StaffRequest, region_here, roles_here

OFFICER: Final = "programme_officer"
DIRECTOR: Final = "financial_director"
AUDITOR: Final = "auditor"


async def region_facts(request: StaffRequest) -> dict[str, Any]:
    """The region of a request, and which other pages of its desk this member of staff may open."""
    names = {role.role for role in await roles_here(request)}
    return {
        "region": await region_here(request),
        "may_write": OFFICER in names,
        "sees_differences": bool(names & {OFFICER, DIRECTOR}),
        "keeps_books": bool(names & {DIRECTOR, AUDITOR}),
    }
