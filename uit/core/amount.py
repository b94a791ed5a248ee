"""An amount of money in a document, with what the description of the API says of it."""

from typing import Annotated

from msgspec import Meta

Amount = Annotated[int, Meta(description="In cents of a euro.")]
