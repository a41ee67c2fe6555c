"""How far the portal has come: from the invitation to the first payment, and month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.contacts.models import Contact, ContactPerson, ContactRole, Invitation, PortalAccess
from doorstep.organizations.models import Organization
from doorstep.payments.models import Payment
from doorstep.payments.models.payment import PaymentQuerySet

MONTHS = 6
HEIGHT = 60
# The funnel is drawn in these units.
WIDEST, STEP, THICK, MIDDLE = 110, 40, 28, 150
# What a member wrote down, or another system brought.
NOT_HERE = ("manual", "import")


@dataclass(frozen=True, slots=True)
class Bar:
    """One month of the chart, measured for the drawing: x, heights and tops in its own units."""

    label: str
    paid: int
    in_portal: int
    x: int
    all_height: int
    portal_height: int

    @property
    def middle(self) -> int:
        return self.x + 12

    @property
    def all_top(self) -> int:
        return HEIGHT - self.all_height

    @property
    def portal_top(self) -> int:
        return HEIGHT - self.portal_height


@dataclass(frozen=True, slots=True)
class Adoption:
    bars: list[Bar]

    @property
    def paid(self) -> int:
        return sum(bar.paid for bar in self.bars)

    @property
    def in_portal(self) -> int:
        return sum(bar.in_portal for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the funnel; shares in whole per cent of the first step and of the step before."""

    label: str
    count: int
    of_all: int
    of_before: int
    y: int
    width: int

    @property
    def x(self) -> int:
        return MIDDLE - self.width // 2

    @property
    def line(self) -> int:
        """Where the words stand."""
        return self.y + THICK // 2 + 4


def adoption(owner: Contact | Organization, *, at: datetime) -> Adoption:
    """The last six months of one contact, or of all; one query."""
    organization = owner.organization if isinstance(owner, Contact) else owner
    months = _months(organization.today(at))
    counted = {
        month: (paid, portal)
        for month, paid, portal in Payment.of(owner)
        .succeeded()
        .filter(date__gte=months[0])
        .order_by()
        .annotate(month=TruncMonth("date"))
        .values_list("month")
        .annotate(paid=Count("pk"), here=Count("pk", filter=~Q(gateway__in=NOT_HERE)))
    }
    most = max((paid for paid, _portal in counted.values()), default=0) or 1
    return Adoption(
        [_bar(n, month, *counted.get(month, (0, 0)), most) for n, month in enumerate(months)]
    )


def funnel(organization: Organization) -> list[Stage]:
    """The people of active customers, each step within the one before; one query.

    Whose access was taken away is not counted, nor are vendors: they pay nothing.
    """
    asked = Invitation.of(organization).filter(contact_person=OuterRef("pk"))
    access = PortalAccess.live_in(organization).filter(contact_person=OuterRef("pk"))
    people = (
        ContactPerson.of(organization)
        .filter(contact__role=ContactRole.CUSTOMER, contact__is_active=True)
        .exclude(access__revoked_at__isnull=False)
        .annotate(
            was_asked=Exists(asked),
            has_opened=Exists(asked.exclude(opened_at=None, accepted_at=None)),
            is_in=Exists(access),
            has_paid=Exists(paid_here(organization, "contact", "access__account")),
        )
    )
    counted = people.aggregate(
        asked=Count("pk", filter=Q(was_asked=True) | Q(is_in=True)),
        opened=Count("pk", filter=Q(has_opened=True) | Q(is_in=True)),
        signed_in=Count("pk", filter=Q(is_in=True)),
        paid=Count("pk", filter=Q(is_in=True, has_paid=True)),
    )
    words = {
        "asked": _("Invited"),
        "opened": _("Opened"),
        "signed_in": _("Signed in"),
        "paid": _("First payment"),
    }
    counts = [counted[name] for name in words]
    before = [counts[0], *counts]
    return [
        _stage(n, label, count, counts[0], before[n])
        for n, (label, count) in enumerate(zip(words.values(), counts, strict=True))
    ]


def paid_here(organization: Organization, contact: str, account: str) -> PaymentQuerySet:
    """The payments in the portal of whoever these columns of the outer query name."""
    succeeded = Payment.of(organization).succeeded().exclude(gateway__in=NOT_HERE)
    return succeeded.filter(contact=OuterRef(contact), started_by=OuterRef(account))


def _stage(n: int, label: str, count: int, all_of_them: int, before: int) -> Stage:
    return Stage(
        label=label,
        count=count,
        of_all=count * 100 // all_of_them if all_of_them else 0,
        of_before=count * 100 // before if before else 0,
        y=n * STEP,
        width=max(2, count * WIDEST // all_of_them) if all_of_them else 2,
    )


def _bar(place: int, month: date, paid: int, portal: int, most: int) -> Bar:
    label = str(format_date(month, "LLL", locale=(get_language() or "en").replace("-", "_")))
    return Bar(
        label=label,
        paid=paid,
        in_portal=portal,
        x=place * 40 + 8,
        all_height=paid * HEIGHT // most,
        portal_height=portal * HEIGHT // most,
    )


def _months(today: date) -> list[date]:
    first = today.replace(day=1)
    months = [first]
    while len(months) < MONTHS:
        year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
        first = date(year, month, 1)
        months.insert(0, first)
    return months
