"""The TensorBoard side: finds runs, answers the panel's requests (http_api.md), serves the built panel.

Runs in TensorBoard's own process, so it never imports torch, tensorflow, scikit-learn or openTSNE.
"""
