"""The Japanese language: eras and years, numerals, letters, and the words by which reports state a figure."""
