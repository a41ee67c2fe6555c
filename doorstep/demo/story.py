"""The demo company's story, told in the order in which it happened, ending today.

Whatever module exists has something open, something on its way, something failed and something done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.module_loading import import_string

from doorstep.activity.models import Event, Origin, System
from doorstep.contacts.models import Contact, ContactPerson, PortalAccess
from doorstep.demo.documents import write_the_documents
from doorstep.demo.door import write_the_door
from doorstep.demo.people import BANNER, CAST, CUSTOMERS, GOODS
from doorstep.documents.models import Document, Line
from doorstep.identity.models import Account
from doorstep.lib.money import to_minor
from doorstep.organizations.models import Member, NumberSeries, Organization
from doorstep.payments.models import Payment, SandboxNotice, SandboxSession
from doorstep.sales.models import Invoice

ZONE = "America/Denver"


@dataclass
class Story:
    """Everything that the demo needs to remember while it is being told."""

    now: datetime
    passwords: dict[str, str]
    organization: Organization = field(init=False)
    olivia: Member = field(init=False)
    people: dict[str, ContactPerson] = field(default_factory=dict)
    steps: list[tuple[datetime, Callable[[datetime], object]]] = field(default_factory=list)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    debits: dict[str, Payment] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(1949))  # noqa: S311 - the same story each time

    def tell(self) -> Organization:
        """Make the company, then let everything happen in order. Returns the organisation."""
        self._found_company()
        self._write_coyote()
        self._write_the_others()
        write_the_door(self)
        write_the_documents(self)
        for at, step in sorted(self.steps, key=lambda planned: planned[0]):
            step(at)
        # Nobody is to be told of what is only a story.
        Event.objects.filter(organization=self.organization, origin=Origin.ACT).update(
            origin=Origin.DEMO, swept_at=self.now
        )
        Document.papers.filter(organization=self.organization).update(origin=Origin.DEMO)
        SandboxNotice.objects.filter(organization=self.organization).delete()
        return self.organization

    # -- the company and its people ------------------------------------------------------------

    def _found_company(self) -> None:
        began = self.now - timedelta(days=300)
        self.organization = Organization.create(
            name="Acme Wholesale",
            legal_name="Acme Wholesale Inc.",
            currency="USD",
            portal_name="acme",
            time_zone=ZONE,
            street="400 Mesa Road NE",
            city="Albuquerque",
            region="NM",
            postal_code="87102",
            country="United States",
            email="hello@acme.example",
            phone="+1 505 555 0142",
            website="https://acme.example",
            bank_details="First Mesa Bank\nAccount 0142 5550 87\nRouting 107000001",
            is_demo=True,
            gateway="sandbox",
            at=began,
            by=System(),
        )
        preferences = self.organization.preferences
        preferences.banner_message = BANNER
        preferences.save()
        NumberSeries.objects.filter(organization=self.organization, kind="invoice").update(
            next_value=41
        )
        NumberSeries.objects.filter(organization=self.organization, kind="payment").update(
            next_value=31
        )
        accounts = {
            part.key: Account.objects.create_account(
                part.email, self.passwords[part.key], name=part.name
            )
            for part in CAST
        }
        self.olivia = Member.add(
            self.organization, accounts["olivia"], "owner", by=System(), at=began
        )
        Member.add(self.organization, accounts["ben"], "accountant", by=self.olivia, at=began)
        coyote = self._contact("Coyote Ltd", "Flagstaff", "AZ", at=began, street="18 Canyon Street")
        self._person(coyote, "wanda", accounts["wanda"], at=began)
        self._person(coyote, "wile", accounts["wile"], at=began)
        for name, email in (
            ("Priya Raman", "priya@coyote.example"),
            ("Dana Ortiz", "dana@ledger.example"),
        ):
            person = ContactPerson.add(coyote, name=name, email=email, by=self.olivia, at=began)
            self.people[email] = person
        self.plan(4, lambda at: self.people["priya@coyote.example"].invite(by=self.olivia, at=at))
        vendor = self._contact("Roadrunner Supplies", "Gallup", "NM", at=began, role="vendor")
        self._person(vendor, "rita", accounts["rita"], at=began)

    def _contact(
        self,
        name: str,
        city: str,
        region: str,
        *,
        at: datetime,
        role: str = "customer",
        street: str = "",
    ) -> Contact:
        return Contact.create(
            self.organization,
            role=role,
            name=name,
            company_name=name,
            billing_street=street or f"{self.chance.randint(2, 900)} Main Street",
            billing_city=city,
            billing_region=region,
            billing_postal_code=f"8{self.chance.randint(1000, 7999)}",
            billing_country="United States",
            account_manager=self.olivia,
            by=self.olivia,
            at=at,
        )

    def _person(self, contact: Contact, key: str, account: Account, *, at: datetime) -> None:
        person = ContactPerson.add(
            contact, name=account.name, email=account.email, by=self.olivia, at=at
        )
        access = PortalAccess.objects.create(
            organization=self.organization, contact_person=person, account=account, accepted_at=at
        )
        person.access = access
        self.people[key] = person

    # -- Coyote, whom visitors will be ---------------------------------------------------------

    def _write_coyote(self) -> None:
        wile, wanda = self.people["wile"], self.people["wanda"]
        for number, ago in enumerate(range(280, 66, -18)):
            key = f"old-{number}"
            self._plan_invoice(key, wanda, ago, po=f"{7500 + number * 9}")
            if number == 5:
                self._plan_failed_debit(key, wile, ago - 12)
            self._plan_card_payment([key], (wile, wanda)[number % 2], ago - 20)
        self._plan_invoice("a", wanda, 58, "1204.50", po="7731")
        self._plan_invoice("last", wanda, 53, "932.00", po="7722")
        self._plan_card_payment(["last"], wanda, 26)
        self._plan_invoice("b", wanda, 44, "864.00", po="7740")
        self._plan_invoice("c", wanda, 37, "2310.75", po="7752")
        self._plan_invoice("debit", wanda, 23, "420.00", po="7755")
        self._plan_invoice("due", wanda, 16, "1560.00", po="7761")
        self._plan_invoice("new", wanda, 2, "698.40", po="7764", seen=False)
        self.plan(1, lambda at: self._send_debit("debit", wile, at))

    # -- the others, so that the business looks like one ---------------------------------------

    def _write_the_others(self) -> None:
        for place, (name, city, region, who) in enumerate(CUSTOMERS):
            began = self.now - timedelta(days=290 - place)
            contact = self._contact(name, city, region, at=began)
            address = f"{who.split()[0].lower()}@{name.split()[0].lower()}.example"
            person = ContactPerson.add(contact, name=who, email=address, by=self.olivia, at=began)
            if place % 3 != 2:
                account = Account.objects.create_account(address, name=who)
                person.access = PortalAccess.objects.create(
                    organization=self.organization,
                    contact_person=person,
                    account=account,
                    accepted_at=began,
                )
            self._write_customer(place, person)

    def _write_customer(self, place: int, person: ContactPerson) -> None:
        for number, ago in enumerate(range(250 - place * 3, 10, -55)):
            key = f"{place}-{number}"
            self._plan_invoice(key, person, ago, seen=number % 3 != 1)
            if ago > 45 and (place + number) % 5:
                self._plan_received([key], ago - 30, ("bank_transfer", "cheque")[number % 2])
            elif ago > 45 and number % 2:
                self._plan_received([key], ago - 33, "bank_transfer", share=Decimal("0.4"))
        if place == 0:
            self._plan_invoice("mesa-returned", person, 50)
            self._plan_failed_debit("mesa-returned", person, 9)
            self._plan_invoice("mesa-open", person, 20)
            self.plan(0, lambda at: self._start(["mesa-open"], person, "card", at))
        if place == 1:
            self._plan_invoice("sandia-void", person, 30, seen=False)
            self.plan(
                29,
                lambda at: self.invoices["sandia-void"].void(
                    by=self.olivia, at=at, reason="Ordered twice"
                ),
            )
        if place in (2, 3):
            self._plan_invoice(f"draft-{place}", person, 1, issued=False)
        if place == 4:
            self._plan_invoice("juniper-expired", person, 15)
            self.plan(12, lambda at: self._let_expire(["juniper-expired"], person, at))

    # -- what can happen -----------------------------------------------------------------------

    def plan(self, days_ago: int, step: Callable[[datetime], object], hour: int = 10) -> None:
        day = self.organization.today(self.now) - timedelta(days=days_ago)
        minute = (len(self.steps) * 7) % 60
        at = datetime.combine(day, time(hour, minute), tzinfo=ZoneInfo(ZONE))
        self.steps.append((min(at, self.now), step))

    def _plan_invoice(
        self,
        key: str,
        person: ContactPerson,
        days_ago: int,
        total: str = "",
        *,
        po: str = "",
        seen: bool = True,
        issued: bool = True,
    ) -> None:
        def write(at: datetime) -> None:
            lines, shipping = self._lines(total)
            invoice = Invoice.draft(
                person.contact,
                by=self.olivia,
                at=at,
                day=self.organization.today(at),
                lines=lines,
                shipping=shipping,
                reference=po,
                notes="Thank you for your order.",
                origin=Origin.DEMO,
            )
            if issued:
                invoice.send(by=self.olivia, at=at, to=[person])
            self.invoices[key] = invoice

        self.plan(days_ago, write, hour=9)
        if seen and issued:
            self.plan(
                max(days_ago - 1, 0), lambda at: self.invoices[key].view(by=person, at=at), hour=16
            )

    def _lines(self, total: str) -> tuple[list[Line], int]:
        """Goods worth `total`, what is left being freight; without one, whatever chance brings, taxed."""
        picks = self.chance.sample(GOODS, self.chance.randint(2, 4))
        if not total:
            lines = [_line(good, self.chance.randint(1, 6)) for good in picks]
            for line in lines:
                line.tax_name, line.tax_rate = "Sales tax", Decimal("7.25")
            return lines, 0
        left, lines = to_minor(Decimal(total), "USD"), []
        for good in sorted(GOODS, key=lambda good: -Decimal(good[2])):
            each = to_minor(Decimal(good[2]), "USD")
            quantity = min(left // each, 3)
            if quantity and len(lines) < 5:
                lines.append(_line(good, quantity))
                left -= each * quantity
        return lines, left

    def _start(self, keys: list[str], person: ContactPerson, method: str, at: datetime) -> Payment:
        invoices = [Invoice.of(self.organization).get(pk=self.invoices[key].pk) for key in keys]
        total = sum(invoice.balance for invoice in invoices)
        return Payment.start(invoices, by=person, method=method, seen_total=total, at=at)

    def _at_the_bank(
        self, keys: list[str], person: ContactPerson, method: str, at: datetime
    ) -> Payment:
        """Begun at the sandbox bank, as a payer would; call `_tell` after what happens there."""
        payment = self._start(keys, person, method, at)
        back = import_string(settings.LINKS)("portal", "acme", "payment_return", payment.number)
        payment.go_to_gateway(return_url=back, cancel_url=back, at=at)
        return payment

    def _session(self, payment: Payment) -> SandboxSession:
        return SandboxSession.objects.get(key=payment.attempt)

    def _plan_card_payment(self, keys: list[str], person: ContactPerson, days_ago: int) -> None:
        def pay(at: datetime) -> None:
            payment = self._at_the_bank(keys, person, "card", at)
            self._session(payment).pay_by_card(at=at + timedelta(minutes=2))
            payment.ask_gateway(at=at + timedelta(minutes=2))

        self.plan(days_ago, pay, hour=13)

    def _plan_failed_debit(self, key: str, person: ContactPerson, days_ago: int) -> None:
        def debit(at: datetime) -> None:
            self.debits[key] = self._at_the_bank([key], person, "bank_debit", at)
            self._session(self.debits[key]).debit(at=at)
            self.debits[key].ask_gateway(at=at)

        def send_back(at: datetime) -> None:
            self._session(self.debits[key]).send_back(at=at)
            Payment.objects.get(pk=self.debits[key].pk).ask_gateway(at=at)

        self.plan(days_ago, debit, hour=11)
        self.plan(days_ago - 4, send_back, hour=8)

    def _send_debit(self, key: str, person: ContactPerson, at: datetime) -> None:
        payment = self._at_the_bank([key], person, "bank_debit", at)
        self._session(payment).debit(at=at)
        payment.ask_gateway(at=at)

    def _let_expire(self, keys: list[str], person: ContactPerson, at: datetime) -> None:
        payment = self._at_the_bank(keys, person, "card", at)
        payment.give_up(at=at + timedelta(minutes=31))

    def _plan_received(
        self, keys: list[str], days_ago: int, method: str, share: Decimal = Decimal(1)
    ) -> None:
        def receive(at: datetime) -> None:
            invoices = [Invoice.of(self.organization).get(pk=self.invoices[key].pk) for key in keys]
            shares = [(invoice, int(invoice.balance * share)) for invoice in invoices]
            money = invoices[0].balance_money
            Payment.receive(
                invoices[0].contact,
                type(money)(sum(amount for _invoice, amount in shares), money.currency),
                shares,
                by=self.olivia,
                method=method,
                date=self.organization.today(at),
                at=at,
                reference=f"{self.chance.randint(10000, 99999)}",
            )

        self.plan(max(days_ago, 1), receive, hour=15)


def _line(good: tuple[str, str, str], quantity: int) -> Line:
    name, sku, price = good
    return Line(name=name, sku=sku, quantity=Decimal(quantity), price=Decimal(price))
