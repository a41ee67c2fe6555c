from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "doorstep.web.ui"
    label = "ui"
