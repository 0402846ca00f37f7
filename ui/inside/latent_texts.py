"""The words of the latent plane, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "latent_about": "Between its encoder and its decoder this network keeps two numbers of a digit, and nothing else: "
    "so every digit is a place in a plane. Raise the noise and watch yours wander off; the line is its way from no "
    "noise. Then drag the point: what lies between a 0 and a 3?",
    "latent_instead": "Only a dense autoencoder has a plane of two numbers: the shipped one is shown.",
    "latent_broken": "The plane of this network cannot be drawn: choose another one, or train it anew.",
    "latent_plane": "Latent plane",
    "latent_first": "first number",
    "latent_second": "second number",
    "latent_point": "Place in the plane. Arrow keys move it, with Shift farther; Escape goes back to the digit.",
    "latent_role": "two-dimensional slider",
    "latent_given": "What it is given",
    "latent_decoded": "Decoded",
    "latent_read": "read as {digit}, {percent} %",
    "latent_lies": "This digit lies at ({first}, {second}), {where}, and is decoded as {digit}.",
    "latent_there": "At ({first}, {second}), {where}, the decoder draws {digit}.",
    "latent_among": "among the {digit}s",
    "latent_between": "between the {digit}s and the {other}s",
    "latent_beyond": "beyond the edge, nearest to the {digit}s",
    "latent_digits": "Points: {count} test digits ({source}) without noise, {beyond} of them beyond the edges. "
    "Behind them: what is decoded at each place.",
    "latent_own_digits": "the project's own",
    "latent_legend": "Bring one digit to the front",
    "latent_back": "Back to the digit",
    "latent_save": "Save as PNG",
}
CHINESE = {
    "latent_about": "在编码器和解码器之间，这个网络只留下两个数，别的什么都没有："
    "所以每个数字都是平面上的一个位置。加大噪声，看你的数字怎样走远，线就是它从没有噪声时走来的路；"
    "再拖动那个点：0 和 3 之间有什么？",
    "latent_instead": "只有全连接自编码器才有由两个数构成的平面：这里显示自带的那一个。",
    "latent_broken": "画不出这个网络的平面：请换一个网络，或者重新训练。",
    "latent_plane": "潜在平面",
    "latent_first": "第一个数",
    "latent_second": "第二个数",
    "latent_point": "平面上的位置。方向键移动，按住 Shift 移得更远；Esc 回到数字。",
    "latent_role": "二维滑块",
    "latent_given": "网络得到的图像",
    "latent_decoded": "解码",
    "latent_read": "读作 {digit}，{percent} %",
    "latent_lies": "这个数字位于（{first}, {second}），{where}，解码成 {digit}。",
    "latent_there": "在（{first}, {second}），{where}，解码器画出 {digit}。",
    "latent_among": "在一群 {digit} 当中",
    "latent_between": "在 {digit} 和 {other} 之间",
    "latent_beyond": "在边缘之外，离 {digit} 最近",
    "latent_digits": "点：{count} 个没有噪声的测试数字（{source}），其中 {beyond} 个在边缘之外。"
    "背后：每个位置解码出的图像。",
    "latent_own_digits": "本项目自己的数字",
    "latent_legend": "把一个数字放到前面",
    "latent_back": "回到数字",
    "latent_save": "保存为 PNG",
}
LATENT_TEXTS = {"en": ENGLISH, "zh": CHINESE}
