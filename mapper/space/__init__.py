"""Words about space: the grammar that reads them, and the geometry that they mean."""
