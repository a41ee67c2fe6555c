"""*Create your portal account*: offered at a public link, to whoever proves an address by a mailed code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from doorstep.identity.models import CodeRefused, Limit, Rule
from doorstep.identity.peers import peer_of
from doorstep.lib import clock
from doorstep.sharing.admission import Admission
from doorstep.sharing.newcomer import Newcomer
from doorstep.sharing.visitor import Visitor
from doorstep.web.doorway import carry
from doorstep.web.public.forms.sign_up import AddressForm, NameForm
from doorstep.web.public.views.links import FROM_ONE_PEER, paper_behind, visited
from doorstep.web.tenancy import path_in

CODES_PER_ADDRESS = Rule("sign_up.codes", most=5, per=timedelta(hours=1))
TRIES_PER_PAPER = Rule("sign_up.tries", most=20, per=timedelta(hours=1))
ASKED_PER_CUSTOMER = Rule("sign_up.asked", most=20, per=timedelta(days=1))


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def link_account(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The page. POST mails a code to the address; the answer is the same whoever has it."""
    newcomer = _newcomer(visitor)
    form = AddressForm(request.POST or None)
    if request.method != "POST":
        return _page(request, newcomer, form=form, other="other" in request.GET)
    if not form.is_valid():
        return _page(request, newcomer, form=form, other=True, status=422)
    email = form.cleaned_data["email"]
    Limit.take(FROM_ONE_PEER, peer_of(request), at=newcomer.at)
    Limit.take(CODES_PER_ADDRESS, visitor.contact_id, email, at=newcomer.at)
    newcomer.ask_code(email)
    return _page(request, newcomer, asked=email)


@require_POST
@visited
def link_account_proof(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """The code from the mail; who is on file goes straight on to the door."""
    newcomer = _newcomer(visitor)
    Limit.take(TRIES_PER_PAPER, visitor.link.document_id, at=newcomer.at)
    try:
        newcomer.prove(request.POST.get("code", ""))
    except CodeRefused as refusal:
        asked = request.POST.get("email", "")[:254]
        return _page(request, newcomer, asked=asked, problem=str(refusal), status=422)
    knows = newcomer.admission is Admission.IN and newcomer.known_person
    if knows and not newcomer.is_in_already:
        return _come_in(request, newcomer)
    return redirect("link_account", visitor.link.handle)


@require_POST
@visited
def link_account_entry(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """On with the address that was proven: in, or held until somebody decides."""
    newcomer = _newcomer(visitor)
    if newcomer.admission is Admission.IN and newcomer.known_person:
        return _come_in(request, newcomer)
    form = NameForm(request.POST)
    if newcomer.admission is Admission.NO or not form.is_valid():
        return _page(request, newcomer, naming=form, status=422)
    Limit.take(ASKED_PER_CUSTOMER, visitor.contact_id, at=newcomer.at)
    return _come_in(request, newcomer, form.cleaned_data["name"])


def offers_account(visitor: Visitor) -> bool:
    """Whether the pages of a link say that there is such a thing."""
    return visitor.organization.preferences.for_contact(visitor.contact).allows_sign_up()


def _newcomer(visitor: Visitor) -> Newcomer:
    """Switched off, the page does not exist."""
    if not offers_account(visitor):
        raise Http404
    return Newcomer(visitor, clock.now())


def _come_in(request: HttpRequest, newcomer: Newcomer, name: str = "") -> HttpResponse:
    """To the portal's door, and from there to the paper while it is to be paid."""
    token, visitor = newcomer.come_in(name), newcomer.visitor
    if not token:
        return _page(request, newcomer, held=newcomer.admission is Admission.HELD)
    paper = paper_behind(visitor)
    carry(request, token, invoice=paper.number if paper.is_open else "")
    return redirect(path_in("portal", visitor.organization.portal_name, "invitation_open"))


def _page(
    request: HttpRequest,
    newcomer: Newcomer,
    *,
    form: AddressForm | None = None,
    naming: NameForm | None = None,
    other: bool = False,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    """In whatever state it is; before an address is proven it knows nothing about any."""
    visitor, proven = newcomer.visitor, "" if other or "asked" in more else newcomer.address
    context: dict[str, Any] = {
        "handle": visitor.link.handle,
        "form": form or AddressForm(),
        "proven": proven,
        **more,
    }
    if proven:
        context |= {
            "admitted": newcomer.admission.name,
            "known": newcomer.known_person,
            "in_already": newcomer.is_in_already,
            "naming": naming or NameForm(),
            "portal": path_in("portal", visitor.organization.portal_name, "account_login"),
        }
    return render(request, "public/sign_up.html", context, status=status)
