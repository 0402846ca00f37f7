"""The words of CPU against GPU, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "speed_head": "CPU against GPU",
    "speed_about": "The same network, the same pictures, on everything that there is: how many it denoises in a "
    "second, by how many it gets at a time. A GPU needs many at once to be worth it; for one digit the way there takes "
    "longer than the work.",
    "speed_network": "Network",
    "speed_go": "Measure the speed",
    "speed_curves": "Pictures a second over pictures at a time, both scales logarithmic",
    "speed_across": "pictures at a time",
    "speed_up": "pictures a second",
    "speed_used": "Drawings are denoised on the server by: {device}.",
    "speed_best": "{count} a second, {batch} at a time",
    "speed_waits": "waiting",
    "speed_cannot": "this browser cannot compute it",
    "way_cpu": "CPU, PyTorch",
    "way_onnx": "CPU, ONNX Runtime",
    "way_cuda": "GPU (CUDA)",
    "way_mps": "GPU (MPS)",
    "way_browser": "This browser",
}
CHINESE = {
    "speed_head": "CPU 与 GPU",
    "speed_about": "同一个网络、同样的图片，在这里所有的设备上：一次给它多少张，每秒能去噪多少张。"
    "GPU 要一次给得多才划算；只有一个数字时，来回传送比计算更花时间。",
    "speed_network": "网络",
    "speed_go": "测量速度",
    "speed_curves": "每秒张数随每次张数的变化，两轴都是对数刻度",
    "speed_across": "每次张数",
    "speed_up": "每秒张数",
    "speed_used": "服务器上手写数字的去噪方式：{device}。",
    "speed_best": "每秒 {count} 张，每次 {batch} 张",
    "speed_waits": "等待中",
    "speed_cannot": "这个浏览器无法计算",
    "way_cpu": "CPU，用 PyTorch",
    "way_onnx": "CPU，用 ONNX Runtime",
    "way_cuda": "GPU（用 CUDA）",
    "way_mps": "GPU（用 MPS）",
    "way_browser": "这个浏览器",
}
SPEED_TEXTS = {"en": ENGLISH, "zh": CHINESE}
