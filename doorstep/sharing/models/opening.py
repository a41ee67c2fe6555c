"""The register of a link: when it was opened, from where, and whether by a person or a mail scanner."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from doorstep.organizations.models import Organization
from doorstep.sharing.models.link import Link


class Opening(models.Model):
    """`what` says how far the visitor came: landed, viewed, printed, downloaded, paid."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    link = models.ForeignKey(Link, models.CASCADE, related_name="openings")
    what = models.CharField(max_length=12)
    at = models.DateTimeField()
    by_scanner = models.BooleanField(default=False)
    person_name = models.CharField(max_length=200, blank=True)
    browser = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["link", "-id"], name="opening_of_link")]

    def __str__(self) -> str:
        return f"{self.what} {self.at}"

    @classmethod
    def note(
        cls,
        link: Link,
        what: str,
        *,
        at: datetime,
        browser: str,
        address: str,
        by_scanner: bool = False,
        person_name: str = "",
    ) -> None:
        cls.objects.create(
            organization_id=link.organization_id,
            link=link,
            what=what,
            at=at,
            by_scanner=by_scanner,
            person_name=person_name,
            browser=browser[:120],
            address=address[:60],
        )
