"""What the preferences page shows of each setting beside its switch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.forms import BoundField, CheckboxInput, Textarea, Widget
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from doorstep.contacts.models import ContactPerson
from doorstep.identity.models import Session
from doorstep.lib.counts import count_together
from doorstep.organizations.models import Member, Organization, PortalPreferences
from doorstep.payments.models import Payment
from doorstep.payments.states import PaymentState
from doorstep.sales.models import Invoice
from doorstep.sharing.models import Link
from doorstep.web.backoffice.consequences import consequences
from doorstep.web.backoffice.forms.preferences import PreferencesForm

CHILDREN = {
    "vendor_banner_message": "banner_message",
    "mfa_remember_days": "mfa_required",
    "staff_mfa_required": "mfa_required",
    "sign_up_admission": "allow_sign_up",
    "notify_by_email": "notify_activity",
    "notify_in_app": "notify_activity",
}
# Settings that begin a group of their own.
HEADINGS = {"verify_identity_on_links": gettext_lazy("Secure Public Links")}
MANY = 1000


@dataclass
class Setting:
    """One row: its field, those that belong to it, and what it means for people now."""

    key: str
    bound: BoundField
    kind: str
    was: str
    affects: str
    changed: bool
    when: list[tuple[str, str, str, str]]
    children: list[Setting] = field(default_factory=list)

    @property
    def heading(self) -> str:
        """Above this setting, when it begins a group."""
        return str(HEADINGS.get(self.key, ""))

    @property
    def words(self) -> str:
        """What the search box finds it by, beside its label and help."""
        return " ".join([self.key, *(child.key for child in self.children)])


def rows_of(form: PreferencesForm, member: Member) -> list[Setting]:
    """The settings in the order of the page, children within their parents."""
    affects = affected(member.organization, at=form.at)
    rows: dict[str, Setting] = {}
    for name in form.fields:
        row = _row(form, name, affects)
        if parent := CHILDREN.get(name):
            rows[parent].children.append(row)
        else:
            rows[name] = row
    return list(rows.values())


def count_changed(rows: list[Setting]) -> int:
    return sum(any(part.changed for part in (row, *row.children)) for row in rows)


def affected(organization: Organization, *, at: datetime) -> dict[str, str]:
    """Whom each setting concerns now, in words; one query, and no count grows with the tenant."""
    people = ContactPerson.of(organization).filter(access__revoked_at=None, access__isnull=False)
    several = (
        Invoice.of(organization).open().values("contact").annotate(n=Count("pk")).filter(n__gt=1)
    )
    without_access = (
        ContactPerson.of(organization)
        .filter(contact__role="customer", contact__is_active=True, access=None)
        .addressable()
    )
    counts = count_together(
        outside=without_access.order_by()[:MANY],
        reached=people.order_by()[:MANY],
        signed_in=Session.people_in_portal_of(organization.pk, at=at)[:MANY],
        moving=Payment.of(organization).filter(state=PaymentState.PENDING)[:MANY],
        members=organization.members.active()[:MANY],
        links=Link.of(organization).live(at=at).order_by()[:MANY],
        several=several.order_by()[:MANY],
    )
    n = counts["reached"]
    reached = _said(n, ngettext("%(n)s person with access", "%(n)s people with access", n))
    n = counts["moving"]
    moving = ngettext("%(n)s bank transfer in progress", "%(n)s bank transfers in progress", n)
    n = counts["outside"]
    outside = ngettext(
        "%(n)s person with an address, but without access",
        "%(n)s people with an address, but without access",
        n,
    )
    n = counts["members"]
    members = ngettext("%(n)s member of the team", "%(n)s members of the team", n)
    n = counts["links"]
    links = ngettext("%(n)s link is out", "%(n)s links are out", n)
    n = counts["several"]
    indebted = ngettext(
        "%(n)s customer with more than one open invoice",
        "%(n)s customers with more than one open invoice",
        n,
    )
    return {
        "portal_name": reached,
        "banner_message": reached,
        "mfa_required": _("%(people)s, %(n)d of them signed in now")
        % {"people": reached, "n": counts["signed_in"]},
        "prevent_duplicate_payments": _said(counts["moving"], moving),
        "allow_sign_up": _said(counts["outside"], outside),
        "notify_activity": _said(counts["members"], members),
        "verify_identity_on_links": _said(counts["links"], links),
        "allow_bulk_payment": _said(counts["several"], indebted),
        "allow_uploads_and_edits": reached,
    }


def portal_address() -> str:
    """What stands before the portal name."""
    return f"{settings.BASE_URL}/portal/"


def in_words(name: str, value: Any) -> str:
    """A setting's value as history tells it."""
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if choices := dict(_field_of(name).flatchoices):
        return str(choices.get(value, value))
    if name == "portal_name" or isinstance(value, int):
        return str(value)
    text = " ".join(strip_tags(str(value)).split())
    if not text:
        return _("empty")
    return "“" + (text if len(text) <= 60 else text[:57].rstrip() + "…") + "”"


def label_of(name: str) -> str:
    return str(_field_of(name).verbose_name)


def _field_of(name: str) -> Any:
    return PortalPreferences._meta.get_field(name)


def _row(form: PreferencesForm, name: str, affects: dict[str, str]) -> Setting:
    bound: BoundField = form[name]
    model_field = _field_of(name)
    kind = _kind(name, bound.field.widget)
    saved = form.saved[name]
    return Setting(
        key=name,
        bound=bound,
        kind=kind,
        was=in_words(name, saved) if kind in ("switch", "value") or not saved else "",
        affects=affects.get(name, ""),
        changed=(model_field.has_default() and saved != model_field.get_default())
        or (kind == "text" and bool(saved)),
        when=consequences(name, affects),
    )


def _kind(name: str, widget: Widget) -> str:
    if name == "portal_name":
        return "name"
    if isinstance(widget, Textarea):
        return "text"
    return "switch" if isinstance(widget, CheckboxInput) else "value"


def _said(n: int, words: str) -> str:
    return words % {"n": f"{MANY}+" if n == MANY else n}
