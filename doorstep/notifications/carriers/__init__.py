"""Who carries messages to telephones. One folder each; nobody else knows their SDK."""
