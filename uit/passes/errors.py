"""What a pass can be refused for."""

from uit.ground.errors import Refusal


class PassUnknown(Refusal, code="passes.pass_unknown", status=404):
    """Not a pass of ours, or a token that was made worthless by a newer one."""


class PassNotActive(Refusal, code="passes.pass_not_active", status=409):
    """Blocked, replaced, or of a membership that ended. Says no more than that."""
