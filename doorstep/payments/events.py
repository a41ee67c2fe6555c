"""Kinds of events about payments."""

PAYMENT_STARTED = "payment.started"
PAYMENT_PENDING = "payment.pending"
PAYMENT_SUCCEEDED = "payment.succeeded"
PAYMENT_FAILED = "payment.failed"
PAYMENT_EXPIRED = "payment.expired"
PAYMENT_CANCELLED = "payment.cancelled"
PAYMENT_QUARANTINED = "payment.quarantined"
