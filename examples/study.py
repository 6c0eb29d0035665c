"""The experiment of arXiv 2110.04483: does distillation make a student's earlier layers more compact, more accurate?

    python examples/study.py --quick          # minutes, on the digits of scikit-learn
    python examples/study.py                  # the full grid; can be stopped and started again
    python examples/study.py --data cifar10 --root DIR --family resnet --device cuda
    tensorboard --logdir runs/study/runs

Needs the extra [examples]. How the question is decided, and how to read the report: paper_study/README.md.
"""

import sys

from paper_study.study import main

if __name__ == "__main__":
    sys.exit(main())
