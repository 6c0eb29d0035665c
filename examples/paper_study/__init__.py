"""The study of `examples/study.py`: does distillation make a student's earlier layers more compact and more accurate?

After Lee & Wallraven (arXiv 2110.04483). README.md says what is asked, how it is decided, and how to read the result.
"""
