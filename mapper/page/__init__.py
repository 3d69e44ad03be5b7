"""Drawing: one HTML page with everything in it."""
