"""A local gazetteer: place data in, candidates out. Imports nothing from ``mapper``."""
