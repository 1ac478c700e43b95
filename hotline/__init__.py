"""A telephone assistance line answered by volunteers at home."""
