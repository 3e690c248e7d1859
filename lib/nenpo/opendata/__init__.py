"""The numbers of a report as data that machines can read."""
