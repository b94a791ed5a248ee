"""The form that names a public computer; what is wrong comes back per field."""

from ipaddress import ip_network
from typing import Final

from msgspec import Struct

from reservations.public_computers.public_computer import Network
from uit.core.one_line import one_line
from uit.core.translation import gettext as _
from uit.web.form import Errors, Labels, only_errors, text_error

MOST_LETTERS: Final = 80
WIDEST: Final = {4: 24, 6: 48}
"""The shortest prefix by version of IP: a building has such a network, a whole provider a wider one."""


def labels() -> Labels:
    return {"name": _("Waar staat de computer?"), "network": _("Adres op het internet")}


class ComputerForm(Struct, frozen=True):
    """What was typed. `computer_id` is of the form: sent twice, it is one computer."""

    computer_id: str = ""
    name: str = ""
    network: str = ""

    def read(self) -> tuple[str, Network] | Errors:
        """The name and the network, or what is wrong with them."""
        network = read_network(self.network)
        errors = only_errors(
            {
                "name": text_error(self.name, _("Vul in waar de computer staat."), MOST_LETTERS),
                "network": network if isinstance(network, str) else "",
            }
        )
        if errors or isinstance(network, str):
            return errors
        return one_line(self.name), network


def read_network(typed: str) -> Network | str:
    """An address or a network, or what is wrong with it."""
    try:
        network = ip_network(typed.strip(), strict=False)
    except ValueError:
        return _("Dit is geen adres. Schrijf het zoals 193.190.10.20 of 193.190.10.0/24.")
    widest = WIDEST[network.version]
    if network.prefixlen < widest:
        return _(
            "Dit zijn te veel computers samen. Neem hoogstens een netwerk van /%(widest)s.", widest=widest
        )
    return network
