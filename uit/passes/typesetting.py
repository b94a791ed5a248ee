"""Pages of paper: a PDF by typst, without the network. The same facts give the same bytes."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from typst import Compiler, Fonts


async def typeset(template: Path, facts: Mapping[str, object], at: datetime) -> bytes:
    """The PDF of a template, which reads each of the facts as JSON from `sys.inputs`."""
    inputs = {name: json.dumps(fact) for name, fact in facts.items()}
    return await asyncio.to_thread(_compile, template, inputs, at)


def _compile(template: Path, inputs: dict[str, str], at: datetime) -> bytes:
    """Compile with a compiler of its own, because two threads may print at once."""
    compiler = Compiler(template, font_paths=fonts(), sys_inputs=inputs)
    drawn = compiler.compile(format="pdf", timestamp=at.replace(microsecond=0))  # typst takes no finer
    assert isinstance(drawn, bytes)
    return drawn


@cache
def fonts() -> Fonts:
    """The fonts of this machine, searched once because that takes longest."""
    return Fonts()
