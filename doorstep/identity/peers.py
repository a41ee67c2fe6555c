"""Where a request comes from, as far as it can be trusted, and which browser it says it is."""

from __future__ import annotations

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from doorstep.lib.places import place_of

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("SamsungBrowser", "Samsung Internet"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def peer_of(request: HttpRequest) -> str:
    """The address that called, or what our own proxies say: counted from the right, never from the left."""
    hops = settings.TRUSTED_PROXIES
    claimed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    said = claimed[-hops] if hops and len(claimed) >= hops else request.META.get("REMOTE_ADDR", "")
    return _network(said)


def browser_of(request: HttpRequest) -> str:
    """ "Firefox on Windows", as a person would say it."""
    said = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in said), _("A browser"))
    system = next((name for mark, name in _SYSTEMS if mark in said), "")
    return (
        _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
        if system
        else browser
    )


def shortened(peer: str) -> str:
    """The first half of an address: enough to recognise a place, too little to find a person."""
    if ":" in peer:
        return ":".join(peer.split(":")[:2]) + ":x"
    return re.sub(r"^(\d+\.\d+)\..*$", r"\1.x.x", peer)


def where_of(request: HttpRequest) -> str:
    """The shortened address, and the place where the operator has a file of places; at most 60 letters."""
    peer = peer_of(request)
    place = place_of(peer, get_language() or "en")
    return f"{shortened(peer)}, {place}"[:60] if place else shortened(peer)


def _network(said: str) -> str:
    """One household is one peer: of an IPv6 address its first 64 bits."""
    try:
        address = ipaddress.ip_address(said.strip("[]"))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.IPv6Network((address, 64), strict=False).network_address)
    return str(address)
