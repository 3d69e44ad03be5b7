"""One adapter a source: the shipped extracts, curated tables, and the formats that users add."""
