"""All words of the Train tab, in both languages: of the form, of runs, of networks that read, of the experiment."""

from __future__ import annotations

from ui.train.form_texts import FORM_TEXTS
from ui.train.reading_texts import READING_TEXTS
from ui.train.run_texts import RUN_TEXTS
from ui.train.workflow_texts import WORKFLOW_TEXTS

PARTS = (FORM_TEXTS, RUN_TEXTS, READING_TEXTS, WORKFLOW_TEXTS)
ENGLISH, CHINESE = ({key: text for part in PARTS for key, text in part[language].items()} for language in ("en", "zh"))
TRAINING_TEXTS = {"en": ENGLISH, "zh": CHINESE}
