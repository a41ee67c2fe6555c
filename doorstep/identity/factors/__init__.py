"""The second factor: the library with secrets sealed, codes hashed and used once over all processes."""
