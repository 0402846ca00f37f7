"""The words around the tabs, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    # what a link to the page shows elsewhere
    "description": "Drown a handwritten digit in noise and watch a small neural network bring it back while you draw. "
    "Then train one of your own, in seconds.",
    "preview": "A drawn digit, the same digit in noise, and what the network makes of it",
    # beside the tabs and at the foot
    "tour": "What am I seeing?",
    "language": "English",
    "language_short": "EN",
    "language_about": "Switch to English",
    "source": "Source",
    "readme": "Read me",
    "next_tab": "Next: {title} →",
    # the tour
    "tour_place": "{at} of {all}",
    "tour_back": "Back",
    "tour_next": "Next",
    "tour_done": "Done",
    "tour_close": "Close",
    "tour_noise": "Noise",
    "tour_noise_text": "This slider drowns your digit. At 0 % the picture is untouched, at 100 % hardly anything "
    "is left. Drag it and watch both pictures.",
    "tour_network": "The network",
    "tour_network_text": "It never sees your digit, only the noisy picture, and works out what was drawn. It is a long "
    "calculation with {weights} adjustable numbers, its weights. Nobody typed them in: it found them by practising on "
    "thousands of digits. Choose another network here and compare.",
    "tour_psnr": "PSNR",
    "tour_psnr_text": "How close a picture is to your digit, in decibels (dB): higher is better, and every 3 dB halve "
    "the error. Compare the figure under “Noisy” with this one: the difference is the network's work.",
    "tour_reader": "The reader",
    "tour_reader_text": "A second network, which has learned to read clean digits, looks at the picture. The bars show "
    "how sure it is of each digit. Often it cannot read the noisy picture, but can read the denoised one.",
    "tour_training": "Training",
    "tour_training_text": "Press this button, and a new network learns before your eyes. It gets noisy digits, guesses "
    "the clean ones, is shown how far off it was, and adjusts its weights a little: hundreds of times. Grey mush "
    "turns into digits.",
}

CHINESE = {
    # what a link to the page shows elsewhere
    "description": "写一个数字，用噪声淹没它，边写边看小小的神经网络把它找回来；再花几秒钟，亲手训练一个网络。",
    "preview": "手写的数字、加了噪声的同一个数字，以及网络还原的结果",
    # beside the tabs and at the foot
    "tour": "我看到的是什么？",
    "language": "中文",
    "language_short": "中",
    "language_about": "切换到中文",
    "source": "源代码",
    "readme": "说明",
    "next_tab": "下一步：{title} →",
    # the tour
    "tour_place": "第 {at} 站，共 {all} 站",
    "tour_back": "上一站",
    "tour_next": "下一站",
    "tour_done": "完成",
    "tour_close": "关闭",
    "tour_noise": "噪声",
    "tour_noise_text": "这个滑块用噪声淹没你的数字：0 % 时原样不动，100 % 时几乎什么也不剩。拖一拖，看两张图怎么变。",
    "tour_network": "网络",
    "tour_network_text": "它从没见过你写的数字，只看到有噪声的图，再推算原来写的是什么。它是一长串计算，"
    "其中有 {weights} 个可以调节的数，叫做“权重”。这些数不是人填的，是它用成千上万个数字练习出来的。"
    "在这里换一个网络，比比看。",
    "tour_psnr": "PSNR（峰值信噪比）",
    "tour_psnr_text": "一张图与你的数字有多接近，单位是分贝（dB）。越高越好，每高 3 dB，误差就减半。"
    "比一比“加噪后”下面的数和这里的数，差距就是网络的功劳。",
    "tour_reader": "识别",
    "tour_reader_text": "另一个网络学过怎么认干净的数字，由它来看图。每根条形表示它对各个数字有多大把握。"
    "加了噪声的图它常常认不出，还原之后就认得了。",
    "tour_training": "训练",
    "tour_training_text": "按下这个按钮，一个新网络就在你眼前学起来：给它有噪声的数字，它猜干净的样子，"
    "再告诉它差了多少，它把权重微调一点，如此反复几百次。灰蒙蒙的一片就变成了数字。",
}

SHELL_TEXTS = {"en": ENGLISH, "zh": CHINESE}
