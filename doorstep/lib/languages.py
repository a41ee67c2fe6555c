"""Which of our languages a person gets."""

from functools import cache

from django.conf import settings


@cache
def supported(language: str) -> str:
    """The language itself, its plain form, or English: "de-AT" → "de", "" → "en"."""
    known = {code for code, _name in settings.LANGUAGES}
    for code in (language, language.split("-", maxsplit=1)[0]):
        if code in known:
            return code
    return "en"
