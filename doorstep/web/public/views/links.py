"""What a link in a mail opens: one paper, shown to whoever has proven an address, payable by anybody."""

from __future__ import annotations

from datetime import timedelta
from functools import wraps
from typing import Any, Protocol

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doorstep.identity.models import CodeRefused, Limit, Rule, TooOften
from doorstep.identity.peers import browser_of, peer_of
from doorstep.lib import clock
from doorstep.lib.languages import supported
from doorstep.lib.statements import Given, Statement
from doorstep.notifications.models import SmsSettings
from doorstep.sales.models import Invoice
from doorstep.sales.renditions import file_name, paper_of, pdf_of
from doorstep.sharing.models import Link, Opening
from doorstep.sharing.proofs import Proof, Way
from doorstep.sharing.scanners import is_scanner
from doorstep.sharing.visitor import Visitor
from doorstep.web.public.bearer import Bearer

CODES_PER_ADDRESS = Rule("link.codes", most=5, per=timedelta(hours=1))
TRIES_PER_PAPER = Rule("link.tries", most=20, per=timedelta(hours=1))
FRESH_PER_LINK = Rule("link.fresh", most=3, per=timedelta(hours=24))
OPENINGS_PER_LINK = Rule("link.openings", most=60, per=timedelta(hours=1))
FROM_ONE_PEER = Rule("link.peer", most=60, per=timedelta(minutes=10))


class View(Protocol):
    def __call__(
        self, request: HttpRequest, visitor: Visitor, *args: Any, **kwargs: Any
    ) -> HttpResponse: ...


@login_not_required
@require_safe
def land(request: HttpRequest, token: str) -> HttpResponse:
    """Any token leads on the same way and touches no row: scanners may come as often as they like."""
    bearer = Bearer.begin(request, token)
    response = redirect("link", bearer.handle)
    bearer.give(response)
    return response


def visited(view: View) -> Any:
    """Finds who is visiting; unknown, expired and revoked links are one and the same page."""

    @login_not_required
    @wraps(view)
    def find(request: HttpRequest, handle: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        visitor = find_visitor(request, handle)
        if visitor is None:
            return render(request, "public/link_closed.html", {"handle": handle}, status=404)
        request.organization = visitor.organization  # type: ignore[attr-defined]
        with translation.override(supported(visitor.locale())):
            return view(request, visitor, *args, **kwargs)

    return find


def find_visitor(request: HttpRequest, handle: str) -> Visitor | None:
    bearer, at = Bearer.of(request), clock.now()
    if bearer is None or bearer.handle != handle:
        return None
    link = Link.behind(bearer.token_hash, at=at)
    if link is None:
        return None
    if link.person:
        link.person.organization = link.organization
    proof = Proof.within_the_hour(link, browser=bearer.browser, at=at) or Proof(None)
    return Visitor(link, bearer.browser, person=proof.person, guest=proof.guest)


@require_safe
@visited
def link(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    return show(request, visitor)


@require_safe
@visited
def link_print(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    invoice = _seen_paper(visitor)
    paper = paper_of(invoice, locale=visitor.locale(), at=clock.now())
    return render(
        request, "public/link_print.html", {"paper": paper, "handle": visitor.link.handle}
    )


@require_safe
@visited
def link_pdf(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    invoice = _seen_paper(visitor)
    content = pdf_of(invoice, locale=visitor.locale(), at=clock.now())
    if request.method == "GET":
        note(request, visitor, "downloaded")
    headers = {"Content-Disposition": f'inline; filename="{file_name(invoice)}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
@visited
def link_opening(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    """Sent by the page itself: a browser showed it. The register gains a line; a scanner's is no view."""
    at, said = clock.now(), HttpResponse(status=204)
    try:
        Limit.take(OPENINGS_PER_LINK, visitor.link.pk, at=at)
    except TooOften:
        return said
    by_scanner = note(request, visitor, "viewed" if visitor.sees_the_paper else "landed")
    if visitor.sees_the_paper and not by_scanner:
        paper_behind(visitor).view(by=visitor, at=at)
    return said


@require_POST
@visited
def link_code(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    at = clock.now()
    way = _chosen_way(request, visitor)
    if way is None:
        return show(request, visitor, problem=_("Choose one of the addresses."), status=422)
    Limit.take(FROM_ONE_PEER, peer_of(request), at=at)
    Limit.take(CODES_PER_ADDRESS, visitor.link.document_id, way.target, at=at)
    way.ask_code(browser=visitor.browser, by=visitor, at=at)
    return show(request, visitor, asked=way)


@require_POST
@visited
def link_proof(request: HttpRequest, visitor: Visitor) -> HttpResponse:
    at = clock.now()
    Limit.take(TRIES_PER_PAPER, visitor.link.document_id, at=at)
    try:
        code = request.POST.get("code", "")
        Proof.give(visitor.link, code, browser=visitor.browser, by=visitor, at=at)
    except CodeRefused as refusal:
        asked = _chosen_way(request, visitor)
        return show(request, visitor, asked=asked, problem=str(refusal), status=422)
    return redirect("link", visitor.link.handle)


@login_not_required
@require_POST
def link_fresh(request: HttpRequest, handle: str) -> HttpResponse:
    """Mail a fresh link to the original address. Whoever asks reads the same words, whatever is true."""
    at, bearer = clock.now(), Bearer.of(request)
    Limit.take(FROM_ONE_PEER, peer_of(request), at=at)
    if bearer is not None and bearer.handle == handle:
        old = Link.behind(bearer.token_hash)
        if old is not None:
            Limit.take(FRESH_PER_LINK, old.pk, at=at)
            old.renew(by=Visitor(link=old, browser=bearer.browser), at=at)
    return render(request, "public/link_fresh.html")


def show(
    request: HttpRequest,
    visitor: Visitor,
    *,
    asked: Way | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page of the link in whatever state it is."""
    from doorstep.web.public.views.link_payments import till_of

    invoice, locale = paper_behind(visitor), visitor.locale()
    today = visitor.organization.today(clock.now())
    context: dict[str, Any] = {
        "handle": visitor.link.handle,
        "number": invoice.number,
        "balance": invoice.balance_money.show_with_code(locale),
        "overdue": invoice.is_overdue(today),
        "is_open": invoice.is_open,
        "sees": visitor.sees_the_paper,
        "problem": problem,
        **till_of(visitor, invoice),
    }
    if visitor.sees_the_paper:
        context["paper"] = paper_of(invoice, locale=locale, at=clock.now())
        context["may_pass_on"] = visitor.link.may_be_passed_on
    else:
        context["to_prove"] = ways_to_prove(visitor)
        context["asked"] = asked
    return render(request, "public/link.html", context, status=status)


def paper_behind(visitor: Visitor) -> Invoice:
    """The link's paper as what it is."""
    contact = visitor.contact
    given = {"organization": contact.organization_id, "contact": contact.pk}
    invoice = _PAPER.first(**given, pk=visitor.link.document_id)
    if invoice is None:
        raise Http404
    invoice.organization, invoice.contact = visitor.organization, visitor.contact
    found: Invoice = invoice
    return found


_PAPER: Statement[Invoice, Invoice] = Statement(lambda: Invoice.given().filter(pk=Given("pk"))[:1])


def ways_to_prove(visitor: Visitor) -> list[Way]:
    """By mail, and by a message where the business is connected to send one."""
    return visitor.link.ways_to_prove(texts=SmsSettings.of(visitor.organization).is_offered)


def _chosen_way(request: HttpRequest, visitor: Visitor) -> Way | None:
    chosen = request.POST.get("person")
    return next((way for way in ways_to_prove(visitor) if way.key == chosen), None)


def note(request: HttpRequest, visitor: Visitor, what: str) -> bool:
    """A line in the register; whether it was a scanner. Who has proven an address or paid is a person."""
    at, unproven = clock.now(), not (visitor.person or visitor.guest)
    by_scanner = unproven and what != "paid" and is_scanner(request.headers, visitor.link, at=at)
    Opening.note(
        visitor.link,
        what,
        at=at,
        by_scanner=by_scanner,
        browser=browser_of(request),
        address=peer_of(request),
        person_name=visitor.person.name if visitor.person else visitor.guest,
    )
    return by_scanner


def _seen_paper(visitor: Visitor) -> Invoice:
    if not visitor.sees_the_paper:
        raise Http404
    return paper_behind(visitor)
