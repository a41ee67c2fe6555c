"""Sign-in with a customer's own identity provider: the library's protocol, made stricter and kept in its place."""
