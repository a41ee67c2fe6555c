"""Kinds of events about imports."""

IMPORT_STARTED = "import.started"
IMPORT_COMPLETED = "import.completed"
IMPORT_CANCELLED = "import.cancelled"
