"""Whole stories, played in the real browser against the running product."""
