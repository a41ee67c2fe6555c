"""The little formatting that people may type: bold, italics, lists, links."""

import nh3

_TAGS = {"b", "strong", "i", "em", "ul", "ol", "li", "a", "br", "p"}


def clean_banner(typed: str) -> str:
    """Safe HTML of a banner. `clean(clean(x)) == clean(x)`; links only to https, http and mailto."""
    if not typed.strip():
        return ""
    return nh3.clean(
        typed,
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
