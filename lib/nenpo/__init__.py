"""nenpo (年報): one year of a public service's records, turned into its annual report."""

__version__ = "0.1.0"
