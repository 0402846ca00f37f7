"""All words of the Train tab, in both languages: the form's, a run's, and those for networks that read digits."""

from __future__ import annotations

from ui.train.form_texts import FORM_TEXTS
from ui.train.reading_texts import READING_TEXTS
from ui.train.run_texts import RUN_TEXTS

ENGLISH, CHINESE = (FORM_TEXTS[language] | RUN_TEXTS[language] | READING_TEXTS[language] for language in ("en", "zh"))
TRAINING_TEXTS = {"en": ENGLISH, "zh": CHINESE}
