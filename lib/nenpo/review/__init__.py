"""Review: what was published against what is computed, and what must hold from one period to the next."""
