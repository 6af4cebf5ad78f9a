"""Trials of the image: what `docker/try_image.py` is made of."""
