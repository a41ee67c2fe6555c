"""Kinds of events about mail itself."""

SMS_SETTINGS_CHANGED = "sms.settings_changed"
MAIL_SETTINGS_CHANGED = "mail.settings_changed"
MESSAGE_REVEALED = "mail.link_revealed"
MESSAGE_QUEUED = "mail.queued"
MESSAGE_DISCARDED = "mail.discarded"
KEPT_QUEUED = "mail.kept_queued"
KEPT_DISCARDED = "mail.kept_discarded"
