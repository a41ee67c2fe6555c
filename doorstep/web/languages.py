"""Which of our languages a person gets."""

from doorstep.lib.languages import supported

__all__ = ["supported"]
