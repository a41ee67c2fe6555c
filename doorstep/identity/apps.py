from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "doorstep.identity"

    def ready(self) -> None:
        """allauth resolves its own addresses knowing only FORCE_SCRIPT_NAME; ours are mounted per request."""
        from allauth.account.internal.flows import reauthentication
        from django.urls import get_script_prefix, resolve

        def script_aware_resolve(path: str) -> object:
            return resolve("/" + path.removeprefix(get_script_prefix()))

        if hasattr(reauthentication, "script_aware_resolve"):
            reauthentication.script_aware_resolve = script_aware_resolve

        from doorstep.identity import passwords
        from doorstep.identity.factors.library import install

        install()
        passwords.install()
