"""The current version of the terms and the privacy notice. A new version asks everybody to accept again."""

VERSION = "2026-11-28"
