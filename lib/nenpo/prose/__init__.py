"""What the sentences say: their numbers, read and held against the data."""
