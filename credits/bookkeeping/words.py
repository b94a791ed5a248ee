"""What the kinds of accounts and of transfers are called, on pages and in files."""

from uit.core.translation import gettext as _


def account_words() -> dict[str, str]:
    return {
        "claim": _("Vordering op wie betaalt"),
        "fund": _("Budget van een programma"),
        "purse": _("Krediet"),
        "held": _("Krediet, opzij gezet"),
        "payable": _("Te betalen aan organisator"),
        "clearing": _("Overgedragen van gewiste jaren"),
        "sale": _("Verkoop"),
        "card": _("Kaartbetalingen"),
        "till": _("Kassa"),
        "terminal": _("Betaalterminal"),
        "invoice": _("Facturen"),
        "bank": _("Bank"),
        "safe": _("Kluis"),
        "fee": _("Kosten van betalen"),
        "rounding": _("Afronding van cash"),
        "difference": _("Kasverschil"),
        "disputed": _("Betwist door de bank"),
        "owed": _("Af te dragen aan organisator"),
        "sold_for": _("Verkoop voor anderen"),
    }


def transfer_words() -> dict[str, str]:
    return {
        "pledge": _("Budget geopend"),
        "grant": _("Krediet gegeven"),
        "hold": _("Krediet opzij gezet"),
        "settle": _("Verdiend door organisator"),
        "release": _("Krediet terug"),
        "lapse": _("Krediet vervallen"),
        "payout": _("Uitbetaald aan organisator"),
        "reversal": _("Tegenboeking"),
        "return": _("Budget teruggegeven"),
        "capture": _("Met de kaart betaald"),
        "refund": _("Terugbetaald"),
        "fee": _("Kosten"),
        "card_payout": _("Kaartgeld naar de bank"),
        "dispute": _("Betwisting"),
        "dispute_won": _("Betwisting gewonnen"),
        "dispute_lost": _("Betwisting verloren"),
        "receipt": _("Aan de kassa betaald"),
        "rounding": _("Afronding"),
        "float": _("Wisselgeld"),
        "drop": _("Naar de kluis"),
        "difference": _("Kasverschil"),
        "invoice": _("Op factuur"),
        "invoice_paid": _("Factuur betaald"),
        "credit_note": _("Creditnota"),
        "carried": _("Overgedragen saldo"),
        "sold_for": _("Verkocht voor een ander"),
        "remittance": _("Afgedragen"),
    }
