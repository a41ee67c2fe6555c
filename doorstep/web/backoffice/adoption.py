"""How much of what a customer pays is paid in the portal, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date
from django.db.models import Count, Q
from django.db.models.functions import TruncMonth
from django.utils.translation import get_language

from doorstep.contacts.models import Contact
from doorstep.payments.models import Payment

MONTHS = 6
HEIGHT = 60


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


def adoption(contact: Contact, *, at: datetime) -> Adoption:
    """The last six months; one query."""
    months = _months(contact.organization.today(at))
    counted = {
        month: (paid, portal)
        for month, paid, portal in Payment.of(contact)
        .succeeded()
        .filter(date__gte=months[0])
        .order_by()
        .annotate(month=TruncMonth("date"))
        .values_list("month")
        .annotate(paid=Count("pk"), here=Count("pk", filter=~Q(gateway__in=["manual", "import"])))
    }
    most = max((paid for paid, _portal in counted.values()), default=0) or 1
    return Adoption(
        [_bar(n, month, *counted.get(month, (0, 0)), most) for n, month in enumerate(months)]
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
