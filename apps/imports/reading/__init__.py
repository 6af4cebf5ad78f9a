"""Read recipes from pages, texts and files. Nothing is fetched here."""
