from doorstep.sales.models.invoice import Invoice, InvoiceQuerySet

__all__ = ["Invoice", "InvoiceQuerySet"]
