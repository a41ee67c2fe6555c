"""Kinds of events about the organisation itself."""

ORGANIZATION_CREATED = "organization.created"
ORGANIZATION_CHANGED = "organization.changed"
PREFERENCES_CHANGED = "preferences.changed"
MEMBER_ADDED = "member.added"
MEMBER_CHANGED = "member.changed"
MEMBER_REMOVED = "member.removed"
