from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "doorstep.web.public"
    label = "public"
