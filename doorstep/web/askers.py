"""Who is asking: found once per request, with the papers that they may walk to."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from doorstep.contacts.models import Contact, ContactPerson, PortalAccess, Viewing
from doorstep.identity.guards import note_session
from doorstep.identity.models import Account
from doorstep.lib import clock
from doorstep.lib.errors import NotAllowed
from doorstep.lib.languages import supported
from doorstep.notifications.models import Notice
from doorstep.organizations.models import Member, Organization, PortalPreferences
from doorstep.payments.models import Payment
from doorstep.payments.models.payment import PaymentQuerySet
from doorstep.sales.models import Invoice, InvoiceQuerySet
from doorstep.web.gates import second_factor, terms
from doorstep.web.ui.refusals import answer


@dataclass(frozen=True, slots=True)
class Asker:
    """A contact person with one hat on; `viewing` when a member looks through their eyes."""

    organization: Organization
    contact: Contact
    person: ContactPerson
    hats: list[PortalAccess] = field(default_factory=list)
    viewing: Viewing | None = None

    @property
    def preferences(self) -> PortalPreferences:
        return self.organization.preferences.for_contact(self.contact)

    @property
    def locale(self) -> str:
        """For words, dates and amounts."""
        return self.person.language or self.contact.language or self.organization.language


class Customer(Asker):
    """Walks to what was sold to them."""

    @property
    def given(self) -> dict[str, int]:
        """What a statement about one customer needs to be told."""
        return {"organization": self.organization.pk, "contact": self.contact.pk}

    @property
    def invoices(self) -> InvoiceQuerySet:
        return Invoice.of(self.contact).visible()

    @property
    def payments(self) -> PaymentQuerySet:
        return Payment.of(self.contact)


class Vendor(Asker):
    """Walks to what was bought from them."""


class FaceRequest(HttpRequest):
    """What every face's views may rely on."""

    organization: Organization
    htmx: HtmxDetails
    user: Account


class PortalRequest(FaceRequest):
    """`asker` is always there; `customer` in views for customers, `vendor` in views for vendors."""

    asker: Asker
    customer: Customer
    vendor: Vendor
    overdue_count: int


class OfficeRequest(FaceRequest):
    """`unread` notices wait behind the member's bell."""

    member: Member
    unread: int


type PortalView = Callable[..., HttpResponseBase]


def for_customers[V: PortalView](view: V) -> V:
    """A page that vendors do not have."""
    view.audience = Customer  # type: ignore[attr-defined]
    return view


def for_vendors[V: PortalView](view: V) -> V:
    """A page that customers do not have."""
    view.audience = Vendor  # type: ignore[attr-defined]
    return view


class AskerMiddleware:
    """Sets `request.asker` (portal) or `request.member` (office); a stranger gets 404."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: Any, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if request.face == "public" or not getattr(view, "login_required", True):
            return None
        at, asked_of = clock.now(), request.organization.preferences
        if request.face == "office":
            request.member, request.unread = _member(request)
            if out := _out_after_a_while(request, at=at):
                return out
            language = request.user.language or request.organization.language
        else:
            try:
                request.asker = _asker(request)
            except (
                NotAllowed
            ) as refusal:  # Django asks no middleware about what process_view raises
                return answer(request, refusal)
            language = request.asker.locale
            _admit(request, view)
        staff = request.face == "office" or request.asker.viewing is not None
        if gate := second_factor(request, asked_of, staff=staff, at=at):
            return gate
        if not staff and (gate := terms(request)):
            return gate
        note_session(request)
        translation.activate(supported(language))
        return None


def _out_after_a_while(request: Any, *, at: datetime) -> HttpResponse | None:
    """Members of the team sign in again sooner than customers, whose session it may also be."""
    row = request.session.row
    if row is None or not row.too_old_for_staff(at=at):
        return None
    logout(request)
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _member(request: Any) -> tuple[Member, int]:
    found = Notice.bell_of(request.user.pk, request.organization)
    if found is None:
        raise Http404
    member, unread = found
    member.account, member.organization = request.user, request.organization
    return member, unread


def _asker(request: Any) -> Asker:
    kind, _slash, number = request.hat.removeprefix("/").partition("/")
    if kind == "viewing":
        return _viewing(request, int(number))
    hats = PortalAccess.worn_by(request.user.pk, request.organization)
    worn = [hat for hat in hats if not number or hat.pk == int(number)]
    if not worn:
        raise Http404
    return _put_on(request.organization, worn[0].contact_person, worn[0], hats=hats)


def _viewing(request: Any, number: int) -> Asker:
    viewing = (
        Viewing.open_for(request.user.pk, request.organization, at=clock.now())
        .filter(pk=number)
        .first()
    )
    if viewing is None or not viewing.member.may("customers.view_as"):
        raise Http404
    if request.method not in ("GET", "HEAD"):
        raise NotAllowed(
            _("You are looking through a customer's eyes: nothing can be changed here.")
        )
    if viewing.trying_on:
        _try_on(request.organization, viewing.trying_on)
    return _put_on(request.organization, viewing.contact_person, None, viewing=viewing)


def _try_on(organization: Organization, unsaved: dict[str, Any]) -> None:
    """Show the portal under settings that are not saved; the row itself stays as it is."""
    tried = copy.copy(organization.preferences)
    for name, value in unsaved.items():
        setattr(tried, name, value)
    organization.preferences = tried


def _put_on(
    organization: Organization,
    person: ContactPerson,
    access: PortalAccess | None,
    **more: Any,
) -> Asker:
    contact = person.contact
    person.organization = contact.organization = organization
    if access is not None:
        person.access = access
    kind = Vendor if contact.is_vendor else Customer
    return kind(organization=organization, contact=contact, person=person, **more)


def _admit(request: Any, view: Callable[..., Any]) -> None:
    asker = request.asker
    audience = getattr(view, "audience", Asker)
    if not isinstance(asker, audience):
        raise Http404
    if isinstance(asker, Customer):
        request.customer = asker
    elif isinstance(asker, Vendor):
        request.vendor = asker
