"""What a member wants to hear of: a box for each kind and each way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from doorstep.contacts import events as contacts
from doorstep.documents import events as papers
from doorstep.notifications.models import NoticeChoice, NoticeReach
from doorstep.notifications.models.choice import CHOOSABLE
from doorstep.notifications.rules import Channel, Rule
from doorstep.organizations.models import Member
from doorstep.payments import events as payments
from doorstep.sharing import events as sharing

KINDS = {
    payments.PAYMENT_SUCCEEDED: _("Somebody paid"),
    payments.PAYMENT_FAILED: _("A payment failed or came back"),
    payments.PAYMENT_QUARANTINED: _("Money arrived that does not fit"),
    payments.PAYMENT_STARTED: _("Somebody began to pay"),
    payments.PAYMENT_PENDING: _("A bank transfer is in progress"),
    papers.FILE_UPLOADED: _("Somebody sent a file"),
    papers.FILE_DELIVERED: _("Somebody sent a file that you asked for"),
    contacts.DETAILS_EDITED: _("Somebody changed their details"),
    contacts.DETAIL_ASKED: _("A changed legal name or tax number waits for you"),
    papers.PAPER_VIEWED: _("A paper was opened for the first time"),
    contacts.ACCESS_ACCEPTED: _("Somebody accepted the invitation to the portal"),
    contacts.ACCESS_SIGNED_UP: _("Somebody signed up to the portal"),
    sharing.SIGN_UP_HELD: _("Somebody asks for access and waits for you"),
}
WAYS = {Channel.BELL: _("by the bell"), Channel.MAIL: _("by mail")}


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind of notice with a box for each way."""

    label: str
    bell: BoundField | None
    mail: BoundField | None


class NoticeForm(forms.Form):
    """A way that the organisation switched off can be read and not be changed."""

    everybody = forms.ChoiceField(
        label=_("About whom"),
        choices=[
            ("yes", _("All customers and vendors")),
            ("no", _("Those that I look after")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, typed: Any = None, *, member: Member) -> None:
        super().__init__(typed, initial={"everybody": "yes" if NoticeReach.of(member) else "no"})
        self.member = member
        preferences = member.organization.preferences
        self.allowed = {
            Channel.BELL: preferences.allows_notices_in_app(),
            Channel.MAIL: preferences.allows_notices_by_mail(),
        }
        for rule, wanted in NoticeChoice.by(member).items():
            label = f"{KINDS[rule.event]}, {WAYS[rule.channel]}"
            self.fields[_name(rule)] = forms.BooleanField(
                label=label,
                initial=wanted,
                required=False,
                disabled=not self.allowed[rule.channel],
                widget=forms.CheckboxInput(attrs={"aria-label": label}),
            )

    @property
    def rows(self) -> list[KindRow]:
        return [
            KindRow(str(label), self._box(kind, Channel.BELL), self._box(kind, Channel.MAIL))
            for kind, label in KINDS.items()
        ]

    def save(self) -> None:
        wanted = {rule: self.cleaned_data[_name(rule)] for rule in CHOOSABLE}
        everybody = self.cleaned_data["everybody"] == "yes"
        NoticeChoice.choose(self.member, wanted, everybody=everybody)

    def _box(self, kind: str, channel: Channel) -> BoundField | None:
        name = f"{channel.value}-{kind}"
        return self[name] if name in self.fields else None


def _name(rule: Rule) -> str:
    return f"{rule.channel.value}-{rule.event}"
