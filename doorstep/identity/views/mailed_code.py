"""Sign-in by a mailed code: bound to this browser, five tries, ten minutes, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account import views
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from doorstep.identity.models import Limit, Rule, TooOften
from doorstep.lib import clock

TRIES = Rule("mailed code", most=5, per=timedelta(days=1))
USES = Rule("mailed code used", most=1, per=timedelta(days=1))


class EnterCode(views.ConfirmLoginCodeView):  # type: ignore[misc]
    """The session counts as well; the database counts for requests that arrive together."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self._action == "resend":
            return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]
        try:
            Limit.take(TRIES, *self._challenge(), at=clock.now())
            return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]
        except TooOften:
            return self._dead()

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        Limit.take(USES, *self._challenge(), self._process.code, at=clock.now())
        return super()._verify_form_valid(form)  # type: ignore[no-any-return]

    def form_invalid(self, form: Any) -> HttpResponse:
        if self._process.record_invalid_attempt():
            return super(views.ConfirmLoginCodeView, self).form_invalid(form)  # type: ignore[no-any-return]
        return self._dead()

    def _dead(self) -> HttpResponse:
        self._process.abort()
        messages.error(self.request, _("This code is not right, or no longer. Ask for a new one."))
        return HttpResponseRedirect(reverse("account_request_login_code"))

    def _challenge(self) -> tuple[str, float]:
        return self._process.state["email"], self._process.state["at"]


enter_code = EnterCode.as_view()
