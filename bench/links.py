"""A link as somebody opens it from a mail: before the code, and after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from doorstep.contacts.models import ContactPerson


def opened_links(person: ContactPerson, number: str) -> dict[str, Any]:
    """Addresses and cookies of two browsers at one link, one of which has proven an address; and the paper's code."""
    from django.conf import settings
    from django.core import signing
    from django.middleware.csrf import CSRF_SECRET_LENGTH
    from django.utils.crypto import get_random_string

    from doorstep.activity.models import System
    from doorstep.documents.authenticity import code_of
    from doorstep.lib import clock
    from doorstep.lib.secrets import unseal
    from doorstep.lib.tokens import make_token
    from doorstep.sales.models import Invoice
    from doorstep.sharing.models import Link
    from doorstep.sharing.proofs import Proof
    from doorstep.web.public.bearer import _SALT, COOKIE, Bearer

    now = clock.now()
    invoice = Invoice.of(person.contact).get(number=number)
    link, _token = Link.share(invoice, person=person, by=System(), at=now, channel="copy")
    stranger, known = (Bearer(link.token_hash, make_token()) for _n in range(2))
    way = link.ways_to_prove()[0]
    code = unseal(way.ask_code(browser=known.browser, by=System(), at=now).sealed_code)
    Proof.give(link, code, browser=known.browser, by=System(), at=now)

    def cookies(bearer: Bearer) -> str:
        said = signing.dumps([bearer.token_hash, bearer.secret], salt=_SALT)
        seen = f"{settings.CSRF_COOKIE_NAME}={get_random_string(CSRF_SECRET_LENGTH)}"
        return f"{COOKIE}={said}; {seen}"

    return {
        "path": f"/s/at/{link.handle}/",
        "before": cookies(stranger),
        "after": cookies(known),
        "code": code_of("invoice", invoice.organization_id, invoice.pk, invoice.number),
    }
