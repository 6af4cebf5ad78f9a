"""Reading recipes out of what people bring: pages, texts, files. Nothing is fetched here."""
