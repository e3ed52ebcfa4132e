"""Defects to plant in the clean email, each with the one rule that has to find it."""

from tests.emails.qa.planted_links import IMAGES_, LINKS
from tests.emails.qa.planted_page import INBOX, LAW, PAGE, SIZE
from tests.emails.qa.planted_words import CLIENTS, LEFT, LITTLE, READING, TEXT

PLANTED = (*SIZE, *INBOX, *PAGE, *LAW, *LINKS, *IMAGES_, *READING, *TEXT, *LEFT, *CLIENTS, *LITTLE)
