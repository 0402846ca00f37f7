"""The words of the training digits nearest to a picture, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "view_neighbours": "Memory",
    "neighbours_network": "Network",
    "neighbours_denoised": "Denoised",
    "neighbours_noisy": "Noisy",
    "neighbours_clean": "Without noise",
    "neighbours_own": "{rmse} from your digit",
    "neighbours_label": "{picture}. Nearest training digits: {digits}.",
    "neighbours_one": "a {label} at {rmse}",
    "neighbours_reading": "The training digits are being read.",
    "neighbours_understood": "Not copied: the denoised picture is {own} away from your digit, and {nearest} from the "
    "nearest training digit.",
    "neighbours_remembered": "It leans on its memory: the denoised picture is {own} away from your digit, but only "
    "{nearest} from the nearest training digit.",
    "neighbours_copied": "Copied: the denoised picture is a training digit.",
    "neighbours_searched": "Searched: {count} training digits ({source}).",
    "neighbours_own_digits": "the project's own digits",
    "neighbours_about": "Did it remember, or did it understand? Beside each picture stand the digits nearest to it "
    "among those that the network learned from, nearest first. If it copied from memory, the denoised picture would "
    "equal one of them; if it understood, the picture is nearer to yours, which it has never seen. With so much noise "
    "that little of your digit is left, it has to fall back on what it knows. The numbers are RMSE, the root of the "
    "mean squared difference of all 784 pixels, from 0, the same, to 1.",
}
CHINESE = {
    "view_neighbours": "记忆",
    "neighbours_network": "网络",
    "neighbours_denoised": "去噪后",
    "neighbours_noisy": "加噪后",
    "neighbours_clean": "没有噪声",
    "neighbours_own": "与你的数字相距 {rmse}",
    "neighbours_label": "{picture}。最近的训练数字：{digits}。",
    "neighbours_one": "{label}，距离 {rmse}",
    "neighbours_reading": "正在读取训练数字。",
    "neighbours_understood": "不是照抄：去噪后的图与你的数字相距 {own}，与最近的训练数字相距 {nearest}。",
    "neighbours_remembered": "它更多靠记忆：去噪后的图与你的数字相距 {own}，与最近的训练数字只相距 {nearest}。",
    "neighbours_copied": "照抄：去噪后的图就是一个训练数字。",
    "neighbours_searched": "查找范围：{count} 个训练数字（{source}）。",
    "neighbours_own_digits": "本项目生成的数字",
    "neighbours_about": "它是记住了，还是学懂了？每张图旁边，是网络学过的数字中离它最近的几个，由近到远。"
    "如果只是照抄记忆，去噪后的图就会和其中一个一模一样；如果学懂了，它就离你的数字更近，而那是它从没见过的。"
    "噪声多到你的数字所剩无几时，它就只能依靠学过的东西。"
    "数值是均方根误差（RMSE），即 784 个像素之差的平方的平均再开方：0 表示相同，最大为 1。",
}
NEIGHBOURS_TEXTS = {"en": ENGLISH, "zh": CHINESE}
