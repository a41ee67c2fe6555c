"""Kinds of events about links and who proved to be whom."""

LINK_SHARED = "link.shared"
LINK_OPENED = "link.opened"
LINK_REVOKED = "link.revoked"
LINK_CODE_ASKED = "link.code_asked"
LINK_VERIFIED = "link.verified"
LINK_RENEWED = "link.renewed"
