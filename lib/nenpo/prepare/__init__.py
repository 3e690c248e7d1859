"""Prepares a year: the workbook to fill in, last year's text rolled forward, an office of one's own."""
