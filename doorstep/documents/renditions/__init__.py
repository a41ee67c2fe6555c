"""Papers as files that a person can keep."""

from doorstep.documents.renditions.compiler import render
from doorstep.documents.renditions.paper import Paper, Receipt

__all__ = ["Paper", "Receipt", "render"]
