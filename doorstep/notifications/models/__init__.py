from doorstep.notifications.models.mail_settings import MailSettings
from doorstep.notifications.models.message import Message, MessageState
from doorstep.notifications.models.notice import Notice

__all__ = ["MailSettings", "Message", "MessageState", "Notice"]
