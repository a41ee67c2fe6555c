from django.apps import AppConfig


class AccountPagesConfig(AppConfig):
    name = "doorstep.web.account"
    label = "account_pages"
