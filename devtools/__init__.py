"""Tools of development: a synthetic society to measure on, and the read and write units that user actions cost."""
