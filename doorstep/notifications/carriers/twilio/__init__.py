"""Messages to telephones through Twilio."""

from doorstep.notifications.carriers.twilio.carrier import send

__all__ = ["send"]
