"""Measuring stored runs afterwards, also against models of other runs: `kd-projector measure`.

`plan` and `comparison` say what is missing and need no torch; `work` computes it in worker processes; `batch` has it
done and written; `scalars` shows it to TensorBoard's own tabs.
"""
