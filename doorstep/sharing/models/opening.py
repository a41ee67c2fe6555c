"""The register of a link: when it was opened, from where, and whether by a person or a mail scanner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Window
from django.db.models.functions import RowNumber

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
    def latest_of(cls, links: Iterable[Link], *, each: int = 5) -> dict[int, list[Opening]]:
        """The newest few of each link, by the link's number, in one query."""
        place = Window(RowNumber(), partition_by="link", order_by="-pk")
        found = cls.objects.filter(link__in=[link.pk for link in links]).annotate(place=place)
        by_link: dict[int, list[Opening]] = {}
        for opening in found.filter(place__lte=each).order_by("-pk"):
            by_link.setdefault(opening.link_id, []).append(opening)
        return by_link

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
