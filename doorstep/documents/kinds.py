"""The kinds of papers and the states they share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    PARTLY_PAID = "partly_paid", _("Partly paid")
    PAID = "paid", _("Paid")
    VOID = "void", _("Void")


OPEN_STATES = (State.SENT, State.PARTLY_PAID)
VISIBLE_STATES = (State.SENT, State.PARTLY_PAID, State.PAID)
