"""Kinds of events that only sales papers know."""

INVOICE_MARKED_SENT = "invoice.marked_sent"
