"""A paper as a PDF, kept once made: the same paper in the same language is never drawn twice."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction
from django.db.models import Q

from doorstep.documents.models.document import Document
from doorstep.files.models import StoredFile
from doorstep.organizations.models import Organization


class Rendition(models.Model):
    """`key` is the hash of everything that was drawn, language and looks included."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="+")
    document = models.ForeignKey(Document, models.CASCADE, null=True, related_name="renditions")
    key = models.CharField(max_length=64)
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "key"], name="rendition_once")
        ]

    def __str__(self) -> str:
        return self.key

    @classmethod
    def find(cls, organization_id: int, key: str) -> bytes | None:
        """The bytes of a stored rendition, or None when it was never made or was lost."""
        found = (
            cls.objects.filter(Q(organization=organization_id, key=key))
            .select_related("file")
            .first()
        )
        if found is None:
            return None
        try:
            return found.file.read()
        except FileNotFoundError:
            return None

    @classmethod
    def keep(
        cls, organization_id: int, *, key: str, document: Document | None, name: str, content: bytes
    ) -> None:
        """Store what was drawn; a row whose file was lost gets this one instead."""
        kept = StoredFile.keep(
            organization_id, name=name, content_type="application/pdf", content=content
        )
        try:
            with transaction.atomic():
                found = cls.objects.filter(organization=organization_id, key=key).first()
                if found is None:
                    paper = document and document.pk
                    cls.objects.create(
                        organization_id=organization_id, document_id=paper, key=key, file=kept
                    )
                    return
        except IntegrityError:
            found = None  # somebody drew the same paper in the same moment; theirs is as good
        if found is None:
            kept.drop()
        else:
            lost, found.file = found.file, kept
            found.save(update_fields=["file"])
            lost.drop()
