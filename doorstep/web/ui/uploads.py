"""Files in a form, and the limits that hold before anything of them is looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext_lazy as _

from doorstep.files.intake import MOST_AT_ONCE, MOST_BYTES

# A little more than the files alone, for the rest of the form.
MOST_IN_A_REQUEST = MOST_AT_ONCE * MOST_BYTES + 1024 * 1024
TOO_LARGE = "The body is larger than any form of ours."
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.gif,.docx,.xlsx,.pptx,.odt,.ods,.odp,.csv,.txt"


class Bounded(FileUploadHandler):
    """Cuts a body off where no form of ours could be that large. It comes first and passes everything on."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.read = 0
        if content_length > MOST_IN_A_REQUEST:
            raise RequestDataTooBig(TOO_LARGE)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.read += len(raw_data)
        if self.read > MOST_IN_A_REQUEST:
            raise RequestDataTooBig(TOO_LARGE)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; `cleaned_data` holds a list. What they are is told by the intake."""

    widget = FilesInput

    def __init__(self, *, most: int = MOST_AT_ONCE, **kwargs: Any) -> None:
        self.most = most
        kwargs.setdefault("widget", FilesInput(attrs={"accept": ACCEPTED, "multiple": most > 1}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = [file for file in (data if isinstance(data, list) else [data]) if file]
        if not files:
            raise ValidationError(_("Choose a file first."))
        if len(files) > self.most:
            raise ValidationError(_("At most %(n)d files at once.") % {"n": self.most})
        return files
