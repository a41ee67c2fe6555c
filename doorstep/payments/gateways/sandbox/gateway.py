"""The sandbox bank as a gateway."""
