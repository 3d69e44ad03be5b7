"""The adapters: each reads one form of place data and yields ``SourcePlace`` values."""
