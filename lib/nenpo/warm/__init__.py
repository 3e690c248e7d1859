"""Kernels started warm; nothing else knows of it."""
