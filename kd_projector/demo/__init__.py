"""The demo: distil a small network on scikit-learn's handwritten digits, with few labels, and log it with kd_projector.

The setting of Lee & Wallraven (arXiv 2110.04483) in miniature, and a worked example of the logger in a plain loop.
"""
