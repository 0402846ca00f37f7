"""All words of the Compare tab, in both languages: the same keys, the same order."""

from __future__ import annotations

from ui.compare.measure_texts import MEASURE_TEXTS
from ui.compare.neighbours_texts import NEIGHBOURS_TEXTS
from ui.compare.speed_texts import SPEED_TEXTS

ENGLISH = {
    "compare_about": "One digit, one noise, and everybody who takes it out. All are told the kind and amount of the "
    "noise, but networks that cannot be; how strongly a classical filter smooths was tuned on other digits. With "
    "little noise some filters come close: move the slider and see where they fall behind.",
    "compare_rivals": "What each of them makes of it",
    "compare_views": "What is compared",
    "view_beside": "Side by side",
    "view_sweep": "Every amount",
    "view_map": "Break it",
    "view_measure": "Measure",
    "map_caption": "PSNR in dB, compared with doing nothing: plus where a network helps, minus where it does harm",
    "map_cell": "{name}, {kind} noise, {percent} %: {psnr} dB; the noisy picture has {nothing} dB",
    "map_own": "the project's own digits",
    "map_digits": "{count} test digits ({source}) for each cell; the networks are not told the noise.",
    "map_about": "A network knows what it has seen. Those that learned blend noise alone may do harm to digits with "
    "another one. Train one on a single kind in Train: it stands here below the others.",
    "sweep_film": "Sixteen amounts of noise, from none to nothing else: noisy above, denoised below",
    "sweep_curves": "PSNR over the amount of noise",
    "sweep_whose": "Whose pictures are shown",
    "sweep_lost": "read below {percent} %",
    "sweep_never": "read at every amount",
    "sweep_about": "How close each comes to your digit, by the amount of noise. A ring marks where another digit is "
    "read for the first time. Choose one on the list, and its pictures stand in the strip above: see how a filter "
    "keeps the noise and loses the digit, and how a network keeps a digit, until it is somebody else's.",
    "compare_sort": "Sort by",
    "sort_given": "kind of method",
    "sort_psnr": "PSNR",
    "sort_ssim": "SSIM",
    "sort_ms": "time",
    "best": "best",
    "read_rightly": "read as {digit}",
    "read_wrongly": "misread as {digit}",
    "took": "{ms} ms",
    "rival_label": "{name}: PSNR {psnr}, SSIM {ssim}, {reads}",
    "rival.nothing": "Doing nothing",
    "rival.gaussian_filter": "Gaussian filter",
    "rival.median_filter": "Median filter",
    "rival.total_variation": "Total variation",
    "rival.wavelets": "Wavelets",
    "rival.non_local_means": "Non-local means",
    "rival.bm3d": "BM3D",
    "compare_missing": "Not installed here: {names}.",
}
CHINESE = {
    "compare_about": "同一个数字，同一份噪声，看看各种方法怎样去掉它。除了无法告知的网络，大家都知道噪声的种类和强度；"
    "经典滤波的强弱是在另外的数字上调好的。噪声少的时候，有些滤波器和网络不相上下：拖动滑块，看看它们从哪里开始落后。",
    "compare_rivals": "各种方法的结果",
    "compare_views": "比较什么",
    "view_beside": "并排",
    "view_sweep": "所有强度",
    "view_map": "难倒它",
    "view_measure": "测量",
    "map_caption": "与什么都不做相比的 PSNR（dB）：正数表示网络有帮助，负数表示帮了倒忙",
    "map_cell": "{name}，{kind}噪声，{percent} %：{psnr} dB；加噪图为 {nothing} dB",
    "map_own": "本项目生成的数字",
    "map_digits": "每格 {count} 个测试数字（{source}）；没有告诉网络噪声是什么。",
    "map_about": "网络只懂它见过的东西。只学过混合噪声的网络，遇到别的噪声可能帮倒忙。"
    "在“训练”里只用一种噪声训练一个，它就排在下面。",
    "sweep_film": "十六种噪声强度，从没有噪声到只剩噪声：上面是加噪后，下面是去噪后",
    "sweep_curves": "PSNR 随噪声强度的变化",
    "sweep_whose": "显示谁的结果",
    "sweep_lost": "{percent} % 以下认得出",
    "sweep_never": "在任何强度都认得出",
    "sweep_about": "噪声从无到有，各种方法离你的数字有多近。圆圈标出第一次认错的地方。"
    "在列表中选一个，上面的胶片就显示它的结果：看看滤波器怎样留下噪声、丢掉数字，而网络怎样一直留住一个数字，直到那已经不是你的数字。",
    "compare_sort": "排序",
    "sort_given": "按方法",
    "sort_psnr": "按 PSNR",
    "sort_ssim": "按 SSIM",
    "sort_ms": "按时间",
    "best": "最好",
    "read_rightly": "认作 {digit}",
    "read_wrongly": "误认作 {digit}",
    "took": "{ms} 毫秒",
    "rival_label": "{name}：PSNR {psnr}，SSIM {ssim}，结果{reads}",
    "rival.nothing": "什么都不做",
    "rival.gaussian_filter": "高斯滤波",
    "rival.median_filter": "中值滤波",
    "rival.total_variation": "全变分",
    "rival.wavelets": "小波",
    "rival.non_local_means": "非局部均值",
    "rival.bm3d": "BM3D 块匹配",
    "compare_missing": "这里没有安装：{names}。",
}
OWN_TEXTS = {"en": ENGLISH, "zh": CHINESE}
PARTS = (OWN_TEXTS, NEIGHBOURS_TEXTS, MEASURE_TEXTS, SPEED_TEXTS)
COMPARE_TEXTS = {
    language: {key: words for part in PARTS for key, words in part[language].items()} for language in OWN_TEXTS
}
