"""Building: papermill over the chapters, then the report."""
