"""Where does a paper belong? Series, class and access class proposed with the reason for each, best first.

Rules from the outline's own words plus the general words of village papers (`vocabulary`), plus what accepted records
taught (`learned`). It proposes and never decides, and it says when it does not know. No I/O: text comes as arguments.
"""

from __future__ import annotations

from classification.suggestion.cues import Cues
from classification.suggestion.learned import Learned, features
from classification.suggestion.suggester import Suggested, Suggester, Suggestion

__all__ = ["Cues", "Learned", "Suggested", "Suggester", "Suggestion", "features"]
