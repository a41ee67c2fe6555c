"""The states of a payment and the only ways between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PaymentState(models.TextChoices):
    OPEN = "open", _("Not finished")
    PENDING = "pending", _("Bank transfer in progress")
    SUCCEEDED = "succeeded", _("Paid")
    FAILED = "failed", _("Failed")
    EXPIRED = "expired", _("Expired")
    CANCELLED = "cancelled", _("Cancelled")


class Method(models.TextChoices):
    CARD = "card", _("Card")
    BANK_DEBIT = "bank_debit", _("Bank debit")
    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    CHEQUE = "cheque", _("Cheque")
    CASH = "cash", _("Cash")
    OTHER = "other", _("Other")


NEXT: dict[str, frozenset[str]] = {
    PaymentState.OPEN: frozenset(
        {
            PaymentState.PENDING,
            PaymentState.SUCCEEDED,
            PaymentState.FAILED,
            PaymentState.EXPIRED,
            PaymentState.CANCELLED,
        }
    ),
    PaymentState.PENDING: frozenset({PaymentState.SUCCEEDED, PaymentState.FAILED}),
    PaymentState.SUCCEEDED: frozenset(),
    PaymentState.FAILED: frozenset(),
    PaymentState.EXPIRED: frozenset(),
    PaymentState.CANCELLED: frozenset(),
}
UNDER_WAY = (PaymentState.OPEN, PaymentState.PENDING)
ENDED_WITHOUT_MONEY = frozenset({PaymentState.FAILED, PaymentState.EXPIRED, PaymentState.CANCELLED})
