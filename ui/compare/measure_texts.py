"""The words of the Measure view, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "measure_about": "The scores of everybody on test digits that no network has seen: the very numbers of "
    "“python -m denoiser evaluate --methods all --kinds all”, with 95 % bootstrap intervals. It takes minutes, "
    "and can be stopped and gone on with.",
    "measure_digits": "Test digits",
    "measure_all": "all",
    "measure_score": "Score",
    "score_mse": "MSE",
    "score_psnr": "PSNR, dB",
    "score_ssim": "SSIM",
    "score_read": "Read rightly, %",
    "measure_go": "Measure",
    "measure_stop": "Stop",
    "measure_go_on": "Go on",
    "measure_progress": "How much of the table of all kinds is filled",
    "measure_caption": "{score} under {kind} noise, by the amount of it; small the 95 % interval",
    "measure_uniform": "all amounts",
    "measure_told": "{name}, told the noise",
    "measure_most": "the first {count} digits",
    "measure_best": "the best of this column",
    "measure_note": "{count} test digits ({source}), noise seed {seed}, on {hardware}, torch {torch}. “All amounts” "
    "averages over amounts spread evenly from 0 to 100 %.",
    "measure_csv": "Save as CSV",
    "measure_json": "Save as JSON",
}
CHINESE = {
    "measure_about": "各种方法在网络没有见过的测试数字上的得分：与命令"
    "“python -m denoiser evaluate --methods all --kinds all”的数字完全相同，"
    "附 95 % 自助法区间。要花几分钟，可以随时停下，再接着来。",
    "measure_digits": "测试数字",
    "measure_all": "全部",
    "measure_score": "得分",
    "score_mse": "均方误差 MSE",
    "score_psnr": "峰值信噪比 PSNR，dB",
    "score_ssim": "结构相似度 SSIM",
    "score_read": "认对的比例，%",
    "measure_go": "开始测量",
    "measure_stop": "停止",
    "measure_go_on": "继续",
    "measure_progress": "所有噪声种类的表格填了多少",
    "measure_caption": "{kind}噪声下的 {score}，按噪声强度排列；小字为 95 % 区间",
    "measure_uniform": "所有强度",
    "measure_told": "{name}，已告知噪声",
    "measure_most": "前 {count} 个数字",
    "measure_best": "这一列中最好的",
    "measure_note": "{count} 个测试数字（{source}），噪声种子 {seed}，{hardware}，torch {torch}。"
    "“所有强度”是在 0 到 100 % 之间均匀分布的强度上取平均。",
    "measure_csv": "存为 CSV",
    "measure_json": "存为 JSON",
}
MEASURE_TEXTS = {"en": ENGLISH, "zh": CHINESE}
