"""Mail scanners open links before people do. Told apart by what a browser that somebody holds always says.

Only signs that a person's browser does not show count. A scanner that behaves like a browser in all of them is listed
as a person; a person whose browser hides them is listed as a scanner: a line in the register, and nothing is closed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from doorstep.sharing.models.link import Channel, Link

# A mail has to be delivered, noticed and opened before a person's browser shows the page.
TOO_SOON = timedelta(seconds=3)
_AHEAD_OF_TIME = re.compile("prefetch|prerender|preview", re.IGNORECASE)
_AHEAD_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz")
_ROBOTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|scan|preview|headless|phantom|selenium|puppeteer|python|curl|wget|libwww|okhttp|"
    r"go-http|java/|axios|node-fetch|httpclient|apache-http|perl|ruby|facebookexternalhit|"
    r"skypeuri|barracuda|proofpoint|mimecast|fireeye|forti|sophos|symantec|messagelabs|trend ?micro|"
    r"bitdefender|zscaler|cisco|ironport|safelinks|googleimageproxy|yahoomailproxy|virustotal|urlscan",
    re.IGNORECASE,
)


def is_scanner(headers: Mapping[str, str], link: Link, *, at: datetime) -> bool:
    """Whether a program opened the link, as far as its first request can tell."""
    said = headers.get("User-Agent", "")
    return (
        not said.startswith("Mozilla/")
        or _ROBOTS.search(said) is not None
        # Every browser says which languages its person reads.
        or not headers.get("Accept-Language")
        or any(_AHEAD_OF_TIME.search(headers.get(name, "")) for name in _AHEAD_HEADERS)
        or (link.channel == Channel.MAIL and at - link.created_at < TOO_SOON)
    )
