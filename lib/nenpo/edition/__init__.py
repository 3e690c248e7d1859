"""The review edition: the report to be followed, cell by cell, and what has changed in it."""
