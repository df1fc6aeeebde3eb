"""Reading in child processes that may hang, die or eat memory: the file gets a failure, and the batch goes on.

`Readers` read files, `Recogniser` recognises pages. What is read, and how, is `ingest.pipeline`'s and `ingest.ocr`'s.
"""

from ingest.sandbox.readers import Readers
from ingest.sandbox.recogniser import Recogniser

__all__ = ["Readers", "Recogniser"]
