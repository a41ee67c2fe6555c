"""Many people at the same moment, against real servers."""
