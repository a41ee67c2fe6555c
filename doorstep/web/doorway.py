"""What a browser carries in its session from an invitation, or from a link, to the portal's door."""

from __future__ import annotations

from typing import Any

_TOKEN = "invitation"
_INVOICE = "invitation_invoice"


def carry(request: Any, token: str, *, invoice: str = "") -> None:
    """The token of the invitation that is to be accepted, and the invoice that somebody came to pay."""
    request.session[_TOKEN] = token[:100]
    request.session[_INVOICE] = invoice


def carried(request: Any) -> str:
    """The token; empty without one."""
    token: str = request.session.get(_TOKEN, "")
    return token


def put_down(request: Any) -> str:
    """It is accepted, or of no more use; the answer is the invoice to go on with, if any."""
    request.session.pop(_TOKEN, None)
    invoice: str = request.session.pop(_INVOICE, "")
    return invoice
