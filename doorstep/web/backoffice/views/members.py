"""Settings → Members and roles: who works here and what they may do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from doorstep.lib import clock, words
from doorstep.organizations import roles
from doorstep.organizations.models import Member
from doorstep.web.askers import OfficeRequest
from doorstep.web.backoffice.forms.organization import MemberForm
from doorstep.web.backoffice.rights import needs
from doorstep.web.ui.spreadsheet import csv_file


@needs("settings.view", to_act="members.manage", dangerous=True)
def members(request: OfficeRequest) -> HttpResponse:
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _add(request, form)
        return redirect("members")
    context = {
        "form": form,
        "members": _rows(request),
        "may_manage": request.member.may("members.manage"),
        "may_export": request.member.may("exports.run"),
        "roles": roles.MemberRole.choices,
        "rights": _rights(),
    }
    return render(request, "backoffice/settings/members.html", context)


@require_GET
@needs("exports.run")
def members_csv(request: OfficeRequest) -> StreamingHttpResponse:
    columns = ("account__name", "account__email", "phone", "role", "created_at")
    rows = Member.of(request.organization).order_by("created_at", "pk").values_list(*columns)
    return csv_file("members.csv", ("name", "email", "phone", "role", "since"), rows)


@require_POST
@needs("members.manage", dangerous=True)
def member_role(request: OfficeRequest, pk: int) -> HttpResponse:
    found, role = _find(request, pk), request.POST.get("role", "")
    if role in roles.MemberRole.values and role != found.role:
        found.change_role(role, by=request.member, at=clock.now())
        said = _("%(name)s: %(role)s.") % {"name": found, "role": found.get_role_display()}
        messages.success(request, said)
    return redirect("members")


@require_POST
@needs("settings.view")
def member_phone(request: OfficeRequest, pk: int) -> HttpResponse:
    """What the customers whom this member looks after call: everybody's own, and for managers all."""
    found, phone = _find(request, pk), request.POST.get("phone", "").strip()[:60]
    found.change_phone(phone, by=request.member, at=clock.now())
    messages.success(request, _("Saved."))
    return redirect("members")


@require_POST
@needs("members.manage", dangerous=True)
def member_removal(request: OfficeRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    found.remove(by=request.member, at=clock.now())
    messages.success(
        request, _("%s no longer works here. What they did stays in the history.") % found
    )
    return redirect("home" if found == request.member else "members")


def _add(request: OfficeRequest, form: MemberForm) -> None:
    cleaned = form.cleaned_data
    added = Member.invite(
        request.organization,
        cleaned["email"],
        cleaned["role"],
        name=cleaned["name"],
        by=request.member,
        at=clock.now(),
    )
    if added.account.has_usable_password():
        messages.success(
            request,
            _("%s signs in with the account that they have, and reads so in a mail.") % added,
        )
        return
    said = _("%(name)s was added. A mail to %(email)s leads to a password.")
    messages.success(request, said % {"name": added, "email": added.account.email})


def _find(request: OfficeRequest, pk: int) -> Member:
    found = get_object_or_404(Member.of(request.organization).select_related("account"), pk=pk)
    found.organization = request.organization
    return found


def _rows(request: OfficeRequest) -> list[dict[str, Any]]:
    locale = get_language() or "en"
    found = Member.of(request.organization).select_related("account").order_by("created_at", "pk")
    return [
        {
            "pk": each.pk,
            "name": each.actor_name,
            "email": each.account.email,
            "phone": each.phone,
            "role": each.role,
            "role_label": each.get_role_display(),
            "since": words.plain_date(each.created_at.date(), locale),
            "is_me": each == request.member,
            "waits": not each.account.has_usable_password(),
        }
        for each in found[:200]
    ]


def _rights() -> list[tuple[str, list[bool]]]:
    """One row a right, one column a role."""
    return [
        (str(what), [role in holders for role in roles.MemberRole.values])
        for what, holders in roles.RIGHTS.values()
    ]
