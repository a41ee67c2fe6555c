"""What the person who is asking may do about paying, for pages that show a button or say why there is none."""

from __future__ import annotations

from dataclasses import dataclass

from doorstep.payments.gateways import gateway_named
from doorstep.payments.gateways.base import WayToPay
from doorstep.web.askers import Customer


@dataclass(frozen=True, slots=True)
class Till:
    """`is_there`: the business takes payments here and this person may pay; `is_shut`: only looked at."""

    has_gateway: bool
    may_pay: bool
    takes_several: bool
    is_shut: bool
    ways: list[WayToPay]
    bank_details: str

    @classmethod
    def of(cls, customer: Customer) -> Till:
        organization = customer.organization
        gateway = organization.gateway
        return cls(
            has_gateway=bool(gateway),
            may_pay=customer.person.may_pay,
            takes_several=customer.preferences.allows_bulk_payment(),
            is_shut=customer.viewing is not None,
            ways=gateway_named(gateway).ways_to_pay() if gateway else [],
            bank_details=organization.bank_details.strip(),
        )

    @property
    def is_there(self) -> bool:
        return self.has_gateway and self.may_pay

    @property
    def takes_picked(self) -> bool:
        """Whether lists have tick boxes."""
        return self.is_there and self.takes_several
