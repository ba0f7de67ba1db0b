"""Measurements beside named peers; they print ratios and judge nothing."""
