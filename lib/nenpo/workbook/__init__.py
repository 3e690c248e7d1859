"""The office's Excel workbook, ``data/R5/statistics.xlsx``: reading it and writing it."""
