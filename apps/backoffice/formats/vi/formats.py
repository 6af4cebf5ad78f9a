"""Times as moderators read them in Vietnamese: short enough for a table on a phone, and in UTC like every record."""

DATE_FORMAT = SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = r"H:i d/m/Y \U\T\C"
