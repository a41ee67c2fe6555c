from doorstep.documents.models.attachment import Attachment, FormerVersion, Side
from doorstep.documents.models.document import Document, DocumentQuerySet, PaperManager
from doorstep.documents.models.file_request import Asked, FileRequest
from doorstep.documents.models.hold import Hold
from doorstep.documents.models.line import Line
from doorstep.documents.models.rendition import Rendition
from doorstep.documents.models.settlement import Settlement

__all__ = [
    "Asked",
    "Attachment",
    "Document",
    "DocumentQuerySet",
    "FileRequest",
    "FormerVersion",
    "Hold",
    "Line",
    "PaperManager",
    "Rendition",
    "Settlement",
    "Side",
]
