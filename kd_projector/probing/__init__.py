"""Running a watched model on the probe: its layers, its captured embeddings, and nothing of its training disturbed."""
