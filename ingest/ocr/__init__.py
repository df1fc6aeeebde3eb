"""Pages as pictures, and the text that is recognised on them, in reading order.

Two doors: `page_image` draws a page, `recognise` reads it. Which pages wait for recognition is not asked here.
"""

from ingest.ocr.pictures import page_image
from ingest.ocr.recognition import recognise

__all__ = ["page_image", "recognise"]
