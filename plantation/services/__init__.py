"""The use cases, one noun a file: take a desk, gather, call the pure rule, write. They never commit."""
