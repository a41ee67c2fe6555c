"""Somebody without an account, who came by a link and would like one."""

from __future__ import annotations

from django.test import Client

from doorstep.identity.models import Challenge
from doorstep.lib import clock
from doorstep.lib.secrets import unseal
from doorstep.notifications.models import Message
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import Organization
from doorstep.sharing.models import Link
from tests.cast import Cast, an_invoice

NEW = "a heap of anvils"


class Somebody:
    """A browser at the page of a link to an open invoice of Coyote."""

    def __init__(self, cast: Cast, client: Client | None = None) -> None:
        self.cast, self.client = cast, client or Client()
        invoice = an_invoice(cast.coyote, by=cast.olivia, at=clock.now())
        self.number = invoice.number
        self.link, token = Link.share(invoice, person=cast.wile, by=cast.olivia, at=clock.now())
        self.page = self.client.get(f"/s/{token}")["Location"]
        self.account = f"{self.page}account/"

    def asks(self, email: str):
        return self.client.post(self.account, {"email": email})

    def proves(self, email: str):
        self.asks(email)
        posed = Challenge.objects.filter(target=email).latest("pk")
        sent = {"code": unseal(posed.sealed_code), "email": email}
        return self.client.post(f"{self.account}proof/", sent)

    def comes_in(self, email: str, name: str = ""):
        answer = self.proves(email)
        if name:
            answer = self.client.post(f"{self.account}entry/", {"name": name})
        if answer.status_code == 302 and "/invitation/" in answer["Location"]:
            return self.client.post(answer["Location"], {"password": NEW})
        return answer

    def words(self, path: str) -> str:
        return self.client.get(path).content.decode()


def setting(cast: Cast, **changes: object) -> None:
    organization = Organization.objects.with_preferences().get(pk=cast.acme.organization.pk)
    organization.preferences.change(by=cast.olivia, at=clock.now(), **changes)


def mails_to(email: str) -> int:
    sweep(clock.now)
    return Message.objects.filter(recipient=email).count()


def may_enter(client: Client) -> bool:
    return client.get("/portal/acme/invoices/").status_code == 200
