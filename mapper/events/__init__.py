"""What happened, who says so, and where: events from a parsed text."""
