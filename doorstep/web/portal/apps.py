from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "doorstep.web.portal"
    label = "portal"
