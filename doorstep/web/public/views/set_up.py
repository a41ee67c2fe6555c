"""The first business of an installation: set up once, with the token printed at start."""

from __future__ import annotations

import hmac
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from allauth.account.internal.flows.login import record_authentication
from babel.core import get_global
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from doorstep.activity.models import System
from doorstep.identity.models import Account, canonical_address
from doorstep.lib import clock
from doorstep.organizations.models import Member, Organization, PortalPreferences
from doorstep.web.tenancy import path_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_CURRENCIES = "USD EUR GBP CHF CAD AUD NZD JPY CNY INR SEK NOK DKK PLN CZK HUF BRL MXN ZAR SGD HKD AED KWD".split()


def is_open() -> bool:
    """Whether nobody but the demo company lives here yet. Once closed it never opens again."""
    return not Organization.is_anybody_here()


class SetUpForm(forms.Form):
    token = forms.CharField(
        label=_("Set-up token"),
        max_length=80,
        help_text=_("It was printed where Doorstep was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("Name of your business"), max_length=120)
    portal_name = forms.CharField(
        label=_("Portal name"),
        max_length=40,
        required=False,
        help_text=_("Part of the address that your customers open. Empty takes the name."),
    )
    currency = forms.CharField(
        label=_("Currency"),
        max_length=3,
        initial="USD",
        widget=forms.TextInput(attrs={"list": "currencies", "autocapitalize": "characters"}),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        initial="UTC",
        choices=lambda: [(name, name.replace("_", " ")) for name in sorted(available_timezones())],
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")
    your_name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("Your e-mail address"))
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    currencies = _CURRENCIES

    def clean_token(self) -> str:
        path = Path(settings.HOME) / "set-up-token"
        expected = path.read_text().strip() if path.exists() else ""
        typed: str = self.cleaned_data["token"].strip()
        if not expected or not hmac.compare_digest(typed.encode(), expected.encode()):
            raise ValidationError(_("This is not the token that was printed at the start."))
        return typed

    def clean_currency(self) -> str:
        code: str = self.cleaned_data["currency"].upper()
        if code not in get_global("all_currencies"):
            raise ValidationError(_("There is no currency of that code."))
        return code

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        validate_password(
            typed, Account(email=self.data.get("email", ""), name=self.data.get("your_name", ""))
        )
        return typed

    def clean_email(self) -> str:
        address = canonical_address(self.cleaned_data["email"])
        if Account.at_address(address):
            raise ValidationError(_("There is an account with this address already. Use another."))
        return address

    def set_up(self) -> tuple[Organization, Account]:
        """Create organisation and owner. Raises ValidationError (portal name) and Http404 (too late)."""
        token = Path(settings.HOME) / "set-up-token"
        taken = token.with_name("set-up-token.taken")
        try:
            token.rename(taken)  # of two at once, one finds nothing
        except FileNotFoundError:
            raise Http404 from None
        try:
            made = self._create()
        except BaseException:
            taken.rename(token)
            raise
        taken.unlink()
        return made

    def _create(self) -> tuple[Organization, Account]:
        at, said = clock.now(), self.cleaned_data
        with transaction.atomic():
            organization = Organization.create(
                name=said["name"],
                currency=said["currency"],
                portal_name=said["portal_name"] or PortalPreferences.free_name(said["name"], at=at),
                time_zone=said["time_zone"],
                language=said["language"],
                email=said["email"],
                at=at,
                by=System(),
            )
            account = Account.create(said["email"], said["password"], name=said["your_name"])
            Member.add(organization, account, "owner", by=System(), at=at)
        return organization, account


@login_not_required
@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    if not is_open():
        raise Http404
    form = SetUpForm(request.POST or None)
    if form.is_valid() and (made := _made(form)):
        organization, account = made
        record_authentication(request, account, "password")
        login(request, account, backend=BACKEND)
        return redirect(path_in("office", organization.portal_name, "home"))
    return render(request, "public/set_up.html", {"form": form}, status=422 if form.errors else 200)


def _made(form: SetUpForm) -> Any:
    try:
        return form.set_up()
    except ValidationError as error:
        for field, messages in error.message_dict.items():
            form.add_error(field if field in form.fields else None, messages)
        return None
