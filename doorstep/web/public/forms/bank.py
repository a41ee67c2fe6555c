"""What a person may choose on the sandbox bank's pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from doorstep.payments.models import SandboxSession

CARD, BAD_CARD, DEBIT = "card", "declined_card", "bank_debit"
WAYS = [
    (CARD, _("Test card ···· 4242, which works")),
    (BAD_CARD, _("Test card ···· 0002, which is declined")),
    (DEBIT, _("Test account ···· 6789, fetched in about four working days")),
]


class PayForm(forms.Form):
    """The cards and accounts that fit the way chosen before; all of them when none was."""

    way = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, session: SandboxSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session
        by_debit = {"card": False, "bank_debit": True}.get(session.method)
        choices = [(way, words) for way, words in WAYS if by_debit in (None, way == DEBIT)]
        self.fields["way"].choices = choices  # type: ignore[attr-defined]
        self.fields["way"].initial = choices[0][0]

    def pay(self, *, at: datetime) -> None:
        """Raises `BankRefused` when the session is closed."""
        verbs = {
            CARD: self.session.pay_by_card,
            BAD_CARD: self.session.decline_card,
            DEBIT: self.session.debit,
        }
        verbs[self.cleaned_data["way"]](at=at)


class NoticeForm(forms.Form):
    """How the bank's notices go astray."""

    delay = forms.TypedChoiceField(
        label=_("Notices arrive"),
        coerce=int,
        choices=[(0, _("at once")), (60, _("a minute late")), (600, _("ten minutes late"))],
    )
    copies = forms.TypedChoiceField(
        label=_("Each is told"),
        coerce=int,
        choices=[(1, _("once")), (2, _("twice")), (3, _("three times"))],
    )
    reverse = forms.BooleanField(label=_("Out of order"), required=False)
    lose = forms.BooleanField(label=_("Lost, never told"), required=False)

    @classmethod
    def of(cls, session: SandboxSession) -> Self:
        return cls(
            initial={
                "delay": session.notice_delay,
                "copies": session.notice_copies,
                "reverse": session.notices_reversed,
                "lose": session.notices_lost,
            }
        )
