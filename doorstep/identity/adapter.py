"""Where the sign-in library asks for our ways."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from doorstep.identity.models import canonical_address
from doorstep.lib.secrets import SECRET_LINK, seal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by invitation only."""
        return False

    def clean_email(self, email: str) -> str:
        return canonical_address(email)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def format_email_subject(self, subject: str) -> str:
        return subject.strip()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox of the organisation whose page was used; a link that opens something is sealed."""
        request = context["request"]
        headers = {"X-Doorstep-Kind": template_prefix.replace("/email/", ".").replace("/", ".")}
        if organization := getattr(request, "organization", None):
            headers["X-Doorstep-Organization"] = str(organization.pk)
        if user := context.get("user"):
            headers["X-Doorstep-Name"] = user.get_full_name()
        if secret := context.get("password_reset_url"):
            headers["X-Doorstep-Secret"] = seal(secret)
            context = {**context, "password_reset_url": SECRET_LINK, "key": "", "uid": ""}
        self.render_mail(template_prefix, email, {"email": email, **context}, headers).send()

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""
