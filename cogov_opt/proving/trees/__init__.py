"""Branch certificates: `prove` closes what the prices of a stage leave open (S10.6)."""

from cogov_opt.proving.trees.evaluating import Published, Question, UnsoundTreeError, evaluate
from cogov_opt.proving.trees.growing import Allowance
from cogov_opt.proving.trees.proving import prove

__all__ = ["Allowance", "Published", "Question", "UnsoundTreeError", "evaluate", "prove"]
