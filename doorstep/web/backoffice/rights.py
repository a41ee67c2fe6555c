"""Each view of the back office says which right it needs; nothing is open because somebody forgot."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.http import HttpResponseBase

from doorstep.web.askers import OfficeRequest

type OfficeView = Callable[..., HttpResponseBase]

READS = ("GET", "HEAD")


def ask_who_it_is(request: OfficeRequest) -> None:
    """Unless they proved it a moment ago; then the request goes on with what they had sent."""
    raise_if_reauthentication_required(request, app="doorstep")


def needs(
    to_see: str, *, to_act: str = "", dangerous: bool = False
) -> Callable[[OfficeView], OfficeView]:
    """`to_see` for reading; `to_act` for everything else, the same right when it is not named.

    Raises `NotAllowed` before the view runs. For a dangerous act, whoever has not proven who they
    are a moment ago is asked first; then it goes on with what they had sent.
    """

    def mark(view: OfficeView) -> OfficeView:
        @wraps(view)
        def checked(request: OfficeRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            reading = request.method in READS
            request.member.require(to_see if reading or not to_act else to_act)
            if dangerous and not reading:
                ask_who_it_is(request)
            return view(request, *args, **kwargs)

        checked.dangerous = dangerous  # type: ignore[attr-defined]
        checked.rights = (to_see, to_act or to_see)  # type: ignore[attr-defined]
        return checked

    return mark
