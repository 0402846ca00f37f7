"""The words of the flow through a network, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "flow_about": "Your digit on its way through the network.",
}
CHINESE = {
    "flow_about": "你的数字在网络中走过的路。",
}
FLOW_TEXTS = {"en": ENGLISH, "zh": CHINESE}
