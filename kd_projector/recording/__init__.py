"""From captured tensors to a run's files, beside the training: the background thread, the measures, the scalars."""
