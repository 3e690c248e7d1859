"""Small cells kept secret: which are hidden beside them so that none can be computed, and an attacker that tries."""
