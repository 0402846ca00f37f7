"""The words of a digit and its noise above the views of a tab, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "task_yours": "Your digit",
    "task_test": "A test digit",
    "task_test_about": "A digit that no network has seen in training",
    "task_clean": "Without noise",
    "view_next": "Next: {title} →",
    "view_save": "Save as picture",
    "view_save_about": "What you see here, as a PNG file",
    "hint_task_empty": "There is no digit yet: draw one in Draw, or take a test digit.",
    "hint_task_lost": "No answer from the server: it is asked again.",
    "hint_task_busy": "The server is busy: it is asked again.",
    "hint_task_refused": "The server refused this: take another digit.",
}
CHINESE = {
    "task_yours": "你的数字",
    "task_test": "测试数字",
    "task_test_about": "一个网络在训练中没有见过的数字",
    "task_clean": "没有噪声",
    "view_next": "下一步：{title} →",
    "view_save": "存为图片",
    "view_save_about": "把这里看到的存为 PNG 文件",
    "hint_task_empty": "还没有数字：在“手写”里画一个，或者取一个测试数字。",
    "hint_task_lost": "服务器没有回答，正在重试。",
    "hint_task_busy": "服务器正忙，正在重试。",
    "hint_task_refused": "服务器没有接受，请换一个数字。",
}
TASK_TEXTS = {"en": ENGLISH, "zh": CHINESE}
