"""Ledgers of cases: one row a record, counted into the monthly tables; a row itself never leaves this package."""
