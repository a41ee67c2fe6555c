"""A person signs in with another address from now on; the old one can take that back for a while."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from doorstep.identity.models.account import Account
from doorstep.identity.models.challenge import Challenge, Purpose
from doorstep.lib.errors import Refused
from doorstep.lib.secrets import seal
from doorstep.lib.tokens import hash_token, make_token

# As long as somebody may be away from their mail.
TAKEN_BACK_WITHIN = timedelta(days=14)


class AddressTaken(Refused):
    """Somebody signs in with that address already. Said only to who has proven to read its mail."""


class AddressChangeQuerySet(models.QuerySet["AddressChange"]):
    def answering(self, token: str, *, at: datetime) -> AddressChangeQuerySet:
        """The change that this token takes back now, or none."""
        return self.filter(
            token_hash=hash_token(token), taken_back_at=None, at__gt=at - TAKEN_BACK_WITHIN
        )


class AddressChange(models.Model):
    account = models.ForeignKey(Account, models.CASCADE, related_name="address_changes")
    before = models.EmailField(max_length=254)
    after = models.EmailField(max_length=254)
    at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, unique=True)
    # Readable only until the mail to the old address has been written, then wiped.
    sealed_token = models.TextField(blank=True)
    taken_back_at = models.DateTimeField(null=True)

    objects = AddressChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"

    @classmethod
    def pose(cls, account: Account, address: str, *, browser: str, at: datetime) -> Challenge:
        """The code for the mail to the new address; whose that is plays no part yet."""
        return Challenge.pose(
            Purpose.ADDRESS,
            account.pk,
            target=address,
            person=account.pk,
            browser=browser,
            at=at,
        )

    @classmethod
    def prove(cls, account: Account, code: str, *, browser: str, at: datetime) -> str:
        """The address that the code went to. Raises `CodeRefused`."""
        return Challenge.answer(Purpose.ADDRESS, account.pk, code, browser=browser, at=at).target

    @classmethod
    def make(cls, account: Account, proven: str, *, at: datetime) -> AddressChange:
        """Sign in with the proven address from now on; all that hangs on the account stays.

        Raises `AddressTaken`.
        """
        token = make_token()
        with transaction.atomic():
            change = cls.objects.create(
                account=account,
                before=account.email,
                after=proven,
                at=at,
                token_hash=hash_token(token),
                sealed_token=seal(token),
            )
            _move(account, proven)
        return change

    @classmethod
    def answering(cls, token: str, *, at: datetime) -> AddressChange | None:
        """What the link in the mail to the old address takes back, while it does."""
        return cls.objects.answering(token, at=at).select_related("account").first()

    def take_back(self, *, at: datetime) -> Account:
        """*This wasn't me*: the old address signs in again, and nobody else does.

        The password opens nothing any more, all browsers are out, and what was added since to prove
        a second step is gone. Raises `AddressTaken`, `Refused` when somebody was quicker.
        """
        with transaction.atomic():
            account = Account.objects.select_for_update().get(pk=self.account_id)
            since = AddressChange.objects.filter(account=account, pk__gte=self.pk)
            if not since.filter(taken_back_at=None).update(taken_back_at=at, sealed_token=""):
                raise Refused(_("This has been taken back already."))
            account.set_unusable_password()
            account.save(update_fields=["password"])
            _move(account, self.before)
            Authenticator.objects.filter(user_id=account.pk, created_at__gte=self.at).delete()
            account.sessions.all().delete()
        return account


def _move(account: Account, address: str) -> None:
    try:
        with transaction.atomic():
            account.email = address
            account.save(update_fields=["email"])
    except IntegrityError as error:
        account.refresh_from_db(fields=["email"])
        raise AddressTaken(
            _("%(email)s has an account of its own. Sign in with it there.") % {"email": address}
        ) from error
