"""A round of invitations in words: how far it is, what became of its mails, whom it did not reach."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.http import QueryDict
from django.utils.translation import get_language

from doorstep.contacts.models import InvitationRound, Outcome, Place
from doorstep.lib import words
from doorstep.notifications.models import Message, MessageState
from doorstep.organizations.models import Organization
from doorstep.web.ui.paging import Page, turn_to

NOT_REACHED = (MessageState.FAILED, MessageState.CANCELLED)


def standing(found: InvitationRound, organization: Organization) -> dict[str, Any]:
    """Two queries."""
    tally, mails = found.tally(), _mails(found, organization)
    total, waiting = sum(tally.values()), tally.get(Outcome.WAITING, 0)
    invited, queued = tally.get(Outcome.INVITED, 0), mails.get(MessageState.QUEUED, 0)
    not_reached = sum(mails.get(state, 0) for state in NOT_REACHED)
    # An invitation is written first, and swept into a mail a moment later.
    unwritten = max(invited - sum(mails.values()), 0)
    return {
        "total": total,
        "done": total - waiting,
        "share": (total - waiting) * 100 // total if total else 100,
        "is_inviting": bool(waiting),
        "invited": invited,
        "sent": mails.get(MessageState.SENT, 0),
        "kept": mails.get(MessageState.KEPT, 0),
        "leaving": queued + unwritten,
        "refused": not_reached,
        "left_out": total - waiting - invited,
    }


def not_reached(found: InvitationRound, query: QueryDict, organization: Organization) -> Page:
    """Who was left out and whose mail was refused, each with the reason; one query."""
    mail = Message.of(organization).filter(
        event=OuterRef("invitation__event"), state__in=NOT_REACHED
    )
    places = (
        Place.of(organization)
        .filter(round=found)
        .annotate(refusal=Subquery(mail.values("error")[:1]))
    )
    reached = Q(outcome__in=[Outcome.INVITED, Outcome.WAITING], refusal=None)
    columns = (
        "person",
        "person__name",
        "person__email",
        "person__contact__name",
        "outcome",
        "refusal",
    )
    page = turn_to(places.exclude(reached), query, *columns, by="id", descending=False)
    rows = [
        {
            "pk": row.person,
            "name": row.person__name,
            "email": row.person__email,
            "contact_name": row.person__contact__name,
            "reason": Outcome(row.outcome).label if row.refusal is None else row.refusal,
            "is_refused": row.refusal is not None,
        }
        for row in page.rows
    ]
    return Page(rows, page.newer, page.older)


def page_of(query: QueryDict, organization: Organization) -> Page:
    """The rounds there were, newest first; two queries."""
    locale, zone = get_language() or "en", organization.time_zone
    columns = ("finished_at", "started_by__account__name", "started_by__account__email")
    page = turn_to(InvitationRound.of(organization), query, *columns, by="started_at")
    shown = [row.pk for row in page.rows]
    places = Place.of(organization).filter(round__in=shown).order_by()
    counted = {
        pk: (total, invited)
        for pk, total, invited in places.values_list("round").annotate(
            total=Count("pk"), invited=Count("pk", filter=Q(outcome=Outcome.INVITED))
        )
    }
    rows = [
        {
            "pk": row.pk,
            "when": words.moment(row.started_at, locale, zone),
            "by": row.started_by__account__name or row.started_by__account__email,
            "total": counted.get(row.pk, (0, 0))[0],
            "invited": counted.get(row.pk, (0, 0))[1],
            "is_done": row.finished_at is not None,
        }
        for row in page.rows
    ]
    return Page(rows, page.newer, page.older)


def _mails(found: InvitationRound, organization: Organization) -> dict[str, int]:
    events = Place.of(organization).filter(round=found).values("invitation__event")
    mails = Message.of(organization).filter(event__in=events).order_by()
    return dict(mails.values_list("state").annotate(count=Count("pk")))
