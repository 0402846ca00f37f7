"""All words of the Inside tab, in both languages: the same keys, the same order."""

from __future__ import annotations

from ui.inside.flow_texts import FLOW_TEXTS
from ui.inside.network_texts import NETWORK_TEXTS

ENGLISH = {
    "inside_network": "Network",
    "inside_views": "What to look at",
    "view_flow": "The flow",
    "view_network": "Network",
}
CHINESE = {
    "inside_network": "网络",
    "inside_views": "看什么",
    "view_flow": "流程",
    "view_network": "网络结构",
}
OWN_TEXTS = {"en": ENGLISH, "zh": CHINESE}
INSIDE_TEXTS = {
    language: OWN_TEXTS[language] | FLOW_TEXTS[language] | NETWORK_TEXTS[language] for language in OWN_TEXTS
}
