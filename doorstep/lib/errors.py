"""What a rule says when it refuses, in the words of the person who asked."""

from http import HTTPStatus

from django.utils.functional import Promise


class Refused(Exception):
    """A rule said no. `words` are for the person; `status` is what HTTP answers."""

    status = HTTPStatus.CONFLICT

    def __init__(self, words: str | Promise) -> None:
        super().__init__(words)
        self.words = words

    def __str__(self) -> str:
        return str(self.words)


class NotAllowed(Refused):
    """The person may see the thing but not do this to it."""

    status = HTTPStatus.FORBIDDEN
