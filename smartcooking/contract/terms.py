"""The terms and the privacy notice that hold: another version has everybody asked again."""

VERSION = "2026-11-28"
