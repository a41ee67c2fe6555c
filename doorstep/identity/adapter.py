"""Where the sign-in library asks for our ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from doorstep.identity.guards import GuardedAdapter
from doorstep.identity.models import Account, Limit, Rule, canonical_address
from doorstep.identity.reset_tokens import ResetTokens
from doorstep.lib import clock
from doorstep.lib.secrets import SECRET_LINK, seal

NOBODY = Rule("mail to nobody", most=10**6, per=timedelta(minutes=15))


class AccountAdapter(GuardedAdapter):
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
        if template_prefix == "account/email/unknown_account":
            self._pretend(request, email)
            return
        headers = {"X-Doorstep-Kind": template_prefix.replace("/email/", ".").replace("/", ".")}
        if organization := getattr(request, "organization", None):
            headers["X-Doorstep-Organization"] = str(organization.pk)
        if user := context.get("user"):
            headers["X-Doorstep-Name"] = user.get_full_name()
        if secret := context.get("password_reset_url"):
            headers["X-Doorstep-Secret"] = seal(secret)
            context = {**context, "password_reset_url": SECRET_LINK, "key": "", "uid": ""}
        if code := context.get("code"):
            headers["X-Doorstep-Secret"] = seal(code)
            context = {**context, "code": SECRET_LINK}
        if context.get("nobody"):
            headers["X-Doorstep-Nobody"] = "1"
        self.render_mail(template_prefix, email, {"email": email, **context}, headers).send()

    def _pretend(self, request: HttpRequest, email: str) -> None:
        """Nobody has this address: write a mail that is nobody's, so that the answer takes as long."""
        nobody = Account(pk=0, email=email)
        pretended = {"request": request, "user": nobody, "nobody": True}
        if request.resolver_match and request.resolver_match.url_name == "account_reset_password":
            key = f"0-{ResetTokens().make_token(nobody)}"
            url = self.get_reset_password_from_key_url(key)
            self.send_password_reset_mail(nobody, email, {**pretended, "password_reset_url": url})
            # Somebody's account would have been written to as well.
            Limit.take(NOBODY, email, at=clock.now())
        else:
            self.send_mail(
                "account/email/login_code", email, {**pretended, "code": self.generate_login_code()}
            )

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""
