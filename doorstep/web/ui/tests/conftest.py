from tests.conftest import chromium

__all__ = ["chromium"]
