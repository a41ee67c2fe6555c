"""The pages of the sandbox bank. They belong to the bank, not to a business: no tenant, no sign-in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from doorstep.lib import clock
from doorstep.lib.words import short_date
from doorstep.payments.models import SandboxSession
from doorstep.web.public.forms.bank import NoticeForm, PayForm


@login_not_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Debits on their way in the demo, where anybody may play the bank."""
    pending = SandboxSession.shown().pending().filter(organization__is_demo=True)
    return render(
        request, "public/bank_overview.html", {"rows": [_row(session) for session in pending[:100]]}
    )


@login_not_required
@require_safe
def session(request: HttpRequest, reference: str) -> HttpResponse:
    return _page(request, _find(reference))


@login_not_required
@require_POST
def payment(request: HttpRequest, reference: str) -> HttpResponse:
    """The payer pays: by a good card, by a bad one, or by letting the bank fetch it."""
    found = _find(reference)
    form = PayForm(request.POST, session=found)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    form.pay(at=clock.now())
    if found.is_open:
        return redirect("sandbox_session", reference)
    return _leave(found.return_url)


@login_not_required
@require_POST
def cancellation(request: HttpRequest, reference: str) -> HttpResponse:
    found = _find(reference)
    found.cancel(at=clock.now())
    return _leave(found.cancel_url)


@login_not_required
@require_POST
def settlement(request: HttpRequest, reference: str) -> HttpResponse:
    """Time passes and the debited money arrives."""
    _find(reference).settle(at=clock.now())
    messages.success(request, _("The money has arrived. The business is told in a moment."))
    return redirect("sandbox_session", reference)


@login_not_required
@require_POST
def returned(request: HttpRequest, reference: str) -> HttpResponse:
    """Time passes and the payer's bank sends the debit back."""
    _find(reference).send_back(at=clock.now())
    messages.success(request, _("The debit was returned. The business is told in a moment."))
    return redirect("sandbox_session", reference)


@login_not_required
@require_POST
def behaviour(request: HttpRequest, reference: str) -> HttpResponse:
    """How the notices of this session go astray."""
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _page(request, _find(reference), knobs=form, status=422)
    _find(reference).misbehave(**form.cleaned_data)
    messages.success(request, _("Saved. It holds for what happens from now on."))
    return redirect("sandbox_session", reference)


def _find(reference: str) -> SandboxSession:
    return get_object_or_404(SandboxSession.shown(), reference=reference)


def _page(
    request: HttpRequest,
    found: SandboxSession,
    form: PayForm | None = None,
    knobs: NoticeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "session": found,
        "amount": found.money.show(translation.get_language()),
        "expected": found.expected_on and short_date(found.expected_on, translation.get_language()),
        "is_open": found.is_open and found.expires_at > clock.now(),
        "form": form or PayForm(session=found),
        "knobs": knobs or NoticeForm.of(found),
        "back": _path(found.return_url if not found.is_open else found.cancel_url),
    }
    return render(request, "public/bank_session.html", context, status=status)


def _row(pending: SandboxSession) -> dict[str, Any]:
    language = translation.get_language()
    return {
        "reference": pending.reference,
        "description": pending.description,
        "organization": pending.organization.name,
        "amount": pending.money.show(language),
        "expected": pending.expected_on and short_date(pending.expected_on, language),
    }


def _leave(address: str) -> HttpResponse:
    return HttpResponseRedirect(_path(address) or "/")


def _path(address: str) -> str:
    """On the host that the person came by, which need not be the one in the base address."""
    return address.removeprefix(settings.BASE_URL)
