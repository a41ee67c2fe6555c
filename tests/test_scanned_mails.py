"""T36: a program that looks into mails may follow every link in every mail, twenty times, and changes nothing."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.core import mail
from django.test import Client

from doorstep.activity.models import record
from doorstep.contacts.events import DETAIL_DECLINED, FACTOR_RESET, FACTOR_RESET_ASKED
from doorstep.contacts.models import PortalAccess
from doorstep.identity.events import PASSWORD_CHANGED
from doorstep.identity.models import Account, Challenge
from doorstep.lib import clock
from doorstep.lib.money import Money
from doorstep.lib.secrets import SECRET_LINK, unseal
from doorstep.notifications.models import Message, NoticeChoice
from doorstep.notifications.models.choice import CHOOSABLE
from doorstep.notifications.rules import RULES, Channel
from doorstep.notifications.sweep import sweep
from doorstep.organizations.models import Member
from doorstep.payments.facts import PaymentFact
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sharing.models import Link, SignUp
from doorstep.sharing.newcomer import Newcomer
from doorstep.sharing.visitor import Visitor
from tests.cast import Cast, a_person, an_invoice

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

TIMES = 20
LINK = re.compile(r"https?://[^\s\"'<>)]+")
# Sessions remember who came by, and say nothing about anybody.
UNCOUNTED = {"sessions.session", "identity.session"}

type Letters = dict[str, set[str]]


@pytest.fixture
def letters(cast: Cast) -> Letters:
    """Every kind of letter that the rules know, and those of the account, each with its links."""
    at, wile = clock.now(), Account.objects.get(email="wile@coyote.example")
    cast.acme.organization.preferences.change(
        by=cast.olivia, at=at, allow_sign_up=True, sign_up_admission="hold"
    )
    everything = dict.fromkeys(CHOOSABLE, True)
    NoticeChoice.choose(cast.olivia, everything, everybody=True)
    papers(cast)
    payments(cast)
    nora = a_person(cast.coyote, "Nora", "nora@coyote.example", access=False)
    nora.invite(by=cast.olivia, at=at)
    Member.invite(
        cast.acme.organization, "nina@acme.example", "sales", name="Nina", by=cast.olivia, at=at
    )
    record(DETAIL_DECLINED, cast.coyote, by=cast.olivia, at=at, field="tax_number")
    record(FACTOR_RESET, cast.wile, by=cast.olivia, at=at)
    record(FACTOR_RESET_ASKED, cast.wile, by=cast.olivia, at=at, ready_at=at.isoformat())
    record(PASSWORD_CHANGED, Holder(wile, cast), by=cast.wile, at=at)
    sweep(clock.now)
    Client().post(f"{cast.acme.portal}password/forgotten/", {"email": wile.email})
    Client().post(f"{cast.acme.portal}sign-in/code/", {"email": wile.email})
    found: Letters = {}
    for message in Message.objects.all():
        said = f"{message.text} {message.html}"
        found.setdefault(message.kind, set()).update(links_in(said, message.sealed_secret))
    for letter in mail.outbox:
        secret = letter.extra_headers.get("X-Doorstep-Secret", "")
        kind = letter.extra_headers["X-Doorstep-Kind"]
        found.setdefault(kind, set()).update(links_in(str(letter.body), secret))
    return found


class Holder:
    """An account, as an event of one business is about it."""

    subject_kind, subject_contact_id = Account.subject_kind, None

    def __init__(self, account: Account, cast: Cast) -> None:
        self.pk, self.subject_label = account.pk, account.name
        self.organization_id = cast.acme.organization.pk


def papers(cast: Cast) -> None:
    at = clock.now()
    priya = a_person(cast.coyote, "Priya", "priya@coyote.example", access=False)
    invoice = an_invoice(cast.coyote, "30.00", by=cast.olivia, at=at)
    invoice.send(by=cast.olivia, at=at, to=[cast.wile, priya])
    invoice.view(by=cast.wile, at=at)
    link, _token = Link.share(invoice, person=cast.wanda, by=cast.olivia, at=at)
    visitor = Visitor(link, "b", person=cast.wanda)
    link.pass_on("carla@books.example", by=visitor, at=at, expires_at=link.expires_at)
    link.ways_to_prove()[0].ask_code(browser="b", by=visitor, at=at)
    newcomer = Visitor(link, "c")
    Newcomer(newcomer, at).ask_code("priya@coyote.example")
    SignUp.hold(newcomer, name="Zoe", email="zoe@coyote.example", at=at)


def payments(cast: Cast) -> None:
    ends = [
        {"state": PaymentState.SUCCEEDED},
        {"state": PaymentState.PENDING},
        {"state": PaymentState.FAILED, "reason": "No money."},
        {"state": PaymentState.SUCCEEDED, "money": Money(1, "USD")},
    ]
    for end in ends:
        invoice = an_invoice(cast.coyote, "10.00", by=cast.olivia, at=clock.now())
        payment = Payment.start(
            [invoice], by=cast.wile, method="card", seen_total=1000, at=clock.now()
        )
        told = {"gateway": payment.gateway, "attempt": payment.attempt, "money": payment.money}
        told |= {"reference": f"ref-{payment.pk}", "at": clock.now()}
        Payment.record(PaymentFact(**(told | end)))


def links_in(said: str, sealed: str) -> set[str]:
    secret = unseal(sealed)
    return {
        found.rstrip(".,").replace("&amp;", "&")
        for found in LINK.findall(said.replace(SECRET_LINK, secret))
        if found.startswith(settings.BASE_URL)
    }


def everything_in_the_database() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and what is in them."""
    found = {}
    for model in apps.get_models():
        if model._meta.label_lower in UNCOUNTED:
            continue
        manager = getattr(model, "everything", model._base_manager)
        rows = list(manager.order_by("pk").values_list())
        found[model._meta.label] = (len(rows), hashlib.sha256(repr(rows).encode()).hexdigest())
    return found


def scan(link: str) -> list[int]:
    path = link.removeprefix(settings.BASE_URL)
    answers = []
    for _n in range(TIMES):
        scanner = Client()
        answers.append(scanner.get(path, follow=True).status_code)
        answers.append(scanner.head(path, follow=True).status_code)
        answers.append(scanner.options(path).status_code)
    return answers


def test_every_letter_is_among_them(letters: Letters) -> None:
    wanted = {rule.letter for rule in RULES if rule.channel is Channel.MAIL}
    assert wanted <= letters.keys(), wanted - letters.keys()
    assert {"paper", "receipt", "invitation", "shared_link"} <= {k for k in letters if letters[k]}


def test_t36_twenty_looks_at_every_link_of_every_mail_change_no_row(
    letters: Letters,
) -> None:
    kinds = {link: kind for kind, links in letters.items() for link in links}
    for link, kind in kinds.items():
        before = everything_in_the_database()
        answers = scan(link)
        after = everything_in_the_database()
        assert not {table for table in after if after[table] != before[table]}, (kind, link)
        assert max(answers) < 500, (kind, link)


def only(letters: Letters, kind: str, part: str) -> str:
    """The one link of this letter with `part` in it."""
    (found,) = [link for link in letters[kind] if part in link]
    return found.removeprefix(settings.BASE_URL)


def prove(client: Client, page: str, who: object) -> None:
    client.post(f"{page}code/", {"person": who})
    code = unseal(Challenge.objects.latest("pk").sealed_code)
    assert client.post(f"{page}proof/", {"code": code}).status_code == 302


@pytest.mark.parametrize("kind", ["paper", "shared_link", "passed_on_link"])
def test_t36_a_person_opens_the_paper_after_all_the_scanners(
    kind: str, letters: Letters, cast: Cast
) -> None:
    link = only(letters, kind, "/s/")
    scan(link)
    client = Client()
    page = client.get(link)["Location"]
    prove(client, page, "addressee" if kind == "passed_on_link" else cast.wanda.pk)
    assert "Cast anvil" in client.get(page).content.decode()


def test_t36_an_invitation_is_accepted_after_all_the_scanners(letters: Letters, cast: Cast) -> None:
    link = only(letters, "invitation", "/invitation/")
    scan(link)
    client = Client()
    client.get(link, follow=True)
    client.post(f"{cast.acme.portal}invitation/", {"password": "a heap of anvils"})
    assert PortalAccess.objects.filter(contact_person__name="Nora").exists()


def test_t36_a_password_is_set_after_all_the_scanners(letters: Letters) -> None:
    (kind,) = [kind for kind in letters if "password_reset" in kind]
    (link,) = letters[kind]
    scan(link)
    client = Client()
    page = client.get(link.removeprefix(settings.BASE_URL), follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "quite another password"})
    wile = Account.objects.get(email="wile@coyote.example")
    assert wile.check_password("quite another password")


@pytest.mark.parametrize("kind", ["paper", "receipt"])
def test_t36_a_paper_is_confirmed_after_all_the_scanners(kind: str, letters: Letters) -> None:
    links = [link for link in letters[kind] if "/v/" in link]
    for link in links:
        scan(link)
        answer = Client().get(link.removeprefix(settings.BASE_URL))
        assert "Yes, this is from us" in answer.content.decode()
    assert links
