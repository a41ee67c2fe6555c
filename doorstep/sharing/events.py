"""Kinds of events about links, who proved to be whom, and who asked for access."""

LINK_SHARED = "link.shared"
LINK_OPENED = "link.opened"
LINK_PASSED_ON = "link.passed_on"
LINK_REVOKED = "link.revoked"
LINK_CODE_ASKED = "link.code_asked"
LINK_VERIFIED = "link.verified"
LINK_RENEWED = "link.renewed"
