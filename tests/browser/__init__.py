"""Tests in a real browser, over the invented town."""
