"""Kinds of events about papers of every kind."""

PAPER_CREATED = "paper.created"
PAPER_CHANGED = "paper.changed"
PAPER_ISSUED = "paper.issued"
PAPER_SENT = "paper.sent"
PAPER_VIEWED = "paper.viewed"
PAPER_VOIDED = "paper.voided"
PAPER_DELETED = "paper.deleted"
