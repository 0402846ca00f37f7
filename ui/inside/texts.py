"""All words of the Inside tab, in both languages: the same keys, the same order."""

from __future__ import annotations

from ui.inside.data_texts import DATA_TEXTS
from ui.inside.flow_texts import FLOW_TEXTS
from ui.inside.latent_texts import LATENT_TEXTS
from ui.inside.network_texts import NETWORK_TEXTS

ENGLISH = {
    "inside_network": "Network",
    "inside_views": "What to look at",
    "view_flow": "The flow",
    "view_looks": "Where it looks",
    "view_latent": "Latent plane",
    "view_network": "Network",
}
CHINESE = {
    "inside_network": "网络",
    "inside_views": "看什么",
    "view_flow": "流程",
    "view_looks": "看向哪里",
    "view_latent": "潜在平面",
    "view_network": "网络结构",
}
OWN_TEXTS = {"en": ENGLISH, "zh": CHINESE}
PARTS = (OWN_TEXTS, FLOW_TEXTS, LATENT_TEXTS, NETWORK_TEXTS, DATA_TEXTS)
INSIDE_TEXTS = {
    language: {key: words for part in PARTS for key, words in part[language].items()} for language in OWN_TEXTS
}
