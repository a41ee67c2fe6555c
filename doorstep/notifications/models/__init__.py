from doorstep.notifications.models.choice import NoticeChoice, NoticeReach
from doorstep.notifications.models.mail_settings import MailSettings
from doorstep.notifications.models.message import Message
from doorstep.notifications.models.notice import Notice
from doorstep.notifications.models.outbox import MessageState
from doorstep.notifications.models.sms_settings import SmsSettings

__all__ = [
    "MailSettings",
    "Message",
    "MessageState",
    "Notice",
    "NoticeChoice",
    "NoticeReach",
    "SmsSettings",
]
