"""The words of the flow through a network, and of where it looks, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "flow_about": "Your digit on its way through the network: smaller and smaller pictures going down on the left, "
    "larger again going up on the right. Each small picture is one channel; white is positive, blue negative. Click "
    "one to see what it answers to. Then break something: take a tick away from a skip connection, and watch.",
    "flow_no_skips": "The book calls this one a U-Net, but it has no skip connections: all that it knows of the "
    "picture passes the 7×7 numbers at the bottom.",
    "flow_noisy": "Noisy",
    "flow_whole": "Denoised",
    "flow_edited": "Denoised, broken",
    "flow_scored": "{psnr} dB, read as {digit}",
    "flow_parts": "What is broken",
    "flow_mend": "Mend everything",
    "flow_mend_part": "Mend it",
    "flow_cut_part": "skip from {stage} cut",
    "flow_frozen_part": "{stage} frozen",
    "flow_silent_part": "{stage}, channel {channel} silent",
    "flow_measuring": "Measuring on test digits …",
    "flow_loss": "Without it {digits} test digits lose {lost} dB of PSNR: from {whole} to {edited}.",
    "flow_gain": "Without it {digits} test digits gain {lost} dB of PSNR: from {whole} to {edited}.",
    "flow_stages": "The stages of the network, from the noisy picture to the denoised one",
    "flow_skip": "skip connection",
    "flow_skip_about": "Take the tick away to cut it: nothing arrives by it then",
    "flow_last": "Denoised picture",
    "flow_type.Input": "Noisy picture",
    "flow_type.Conv2d": "Convolution",
    "flow_type.ConvTranspose2d": "Enlarging convolution",
    "flow_type.Linear": "Dense layer",
    "flow_type.Add": "Sum with the skip",
    "flow_type.ToneCurves": "Tone curves",
    "flow_type.ResidualBlock": "Residual block",
    "flow_channel": "{stage}, channel {channel} of {channels} (the stage has {weights} weights)",
    "flow_channel_of": "channel {channel} of {channels}",
    "flow_range": "from {low} to {high}",
    "flow_silence": "Silence this channel",
    "flow_freeze": "Freeze the whole stage at its mean over test digits",
    "flow_answers": "What it answers to",
    "flow_answers_about": "Where it is strongest in noisy test digits",
    "flow_activation": "activation {activation}",
    "flow_next": "What comes of it",
    "flow_next_about": "What it adds to channels of the next stage, {stage}",
    "flow_next_none": "{stage} makes nothing of it here",
    "flow_to_channel": "what it adds to channel {channel}; click to look at that one",
    "flow_tone": "Its tone curve",
    "flow_tone_bright": "Bright from {half} % brightness on (slope {steep}); thin: with other amounts of noise; grey: "
    "the histogram that chose it",
    "flow_tone_dark": "Bright below {half} % brightness (slope −{steep}); thin: with other amounts of noise; grey: the "
    "histogram that chose it",
    "flow_tone_never": "It does not turn over between black and white here (slope {steep}, half at {half} %); thin: "
    "with other amounts of noise; grey: the histogram that chose it",
    "looks_output": "Denoised: point at a pixel",
    "looks_input": "Noisy: where the network looks for it",
    "looks_line": "Row {row}, column {column}: {pixels} of 784 pixels have 90 % of the influence; its field is "
    "{height}×{width} pixels.",
    "looks_about": "The gradient of the pixel under your pointer: a noisy pixel that is orange makes it brighter when "
    "it gets brighter, a blue one darker. With little noise the network hardly looks further than the pixel itself; "
    "turn up the noise and see it ask further and further away. Arrow keys move the pixel.",
}
CHINESE = {
    "flow_about": "你的数字在网络中走过的路：左边一路向下，图越来越小；右边一路向上，图又变大。每张小图是一个通道，白"
    "色为正，蓝色为负。点一张，看看它对什么有反应。然后破坏点什么：去掉一条跳跃连接前的勾，看看会怎样。",
    "flow_no_skips": "书中把它叫作 U-Net，但它没有跳跃连接：它对图的全部了解都要经过最底下的 7×7 个数。",
    "flow_noisy": "加噪后",
    "flow_whole": "去噪后",
    "flow_edited": "破坏后的去噪",
    "flow_scored": "{psnr} dB，认作 {digit}",
    "flow_parts": "破坏了什么",
    "flow_mend": "全部修好",
    "flow_mend_part": "修好它",
    "flow_cut_part": "切断来自{stage}的跳跃连接",
    "flow_frozen_part": "冻结{stage}",
    "flow_silent_part": "{stage}第 {channel} 通道静音",
    "flow_measuring": "正在测试数字上测量……",
    "flow_loss": "没有它，{digits} 个测试数字的 PSNR 下降 {lost} dB：从 {whole} 到 {edited}。",
    "flow_gain": "没有它，{digits} 个测试数字的 PSNR 上升 {lost} dB：从 {whole} 到 {edited}。",
    "flow_stages": "网络的各个阶段，从加噪图到去噪图",
    "flow_skip": "跳跃连接",
    "flow_skip_about": "去掉勾就切断它：不再有东西从这里传来",
    "flow_last": "去噪图",
    "flow_type.Input": "加噪图",
    "flow_type.Conv2d": "卷积",
    "flow_type.ConvTranspose2d": "放大卷积",
    "flow_type.Linear": "全连接层",
    "flow_type.Add": "与跳跃相加",
    "flow_type.ToneCurves": "色调曲线",
    "flow_type.ResidualBlock": "残差块",
    "flow_channel": "{stage}，第 {channel} 通道，共 {channels} 个（该阶段有 {weights} 个权重）",
    "flow_channel_of": "第 {channel} 通道，共 {channels} 个",
    "flow_range": "从 {low} 到 {high}",
    "flow_silence": "让这个通道静音",
    "flow_freeze": "把整个阶段冻结在测试数字上的均值",
    "flow_answers": "它对什么有反应",
    "flow_answers_about": "它在加噪测试数字中最强的地方",
    "flow_activation": "激活值 {activation}",
    "flow_next": "它带来什么",
    "flow_next_about": "它给下一阶段（{stage}）的通道加上什么",
    "flow_next_none": "{stage}在这里没有用到它",
    "flow_to_channel": "它给第 {channel} 通道加上什么；点击查看该通道",
    "flow_tone": "它的色调曲线",
    "flow_tone_bright": "亮度 {half} % 以上变亮（斜率 {steep}）；细线：其他噪声强度；灰色：选出它的直方图",
    "flow_tone_dark": "亮度 {half} % 以下变亮（斜率 −{steep}）；细线：其他噪声强度；灰色：选出它的直方图",
    "flow_tone_never": "在黑与白之间没有翻转（斜率 {steep}，中点在 {half} %）；细线：其他噪声强度；灰色：选出它的直方"
    "图",
    "looks_output": "去噪后：指向一个像素",
    "looks_input": "加噪后：网络为它看向哪里",
    "looks_line": "第 {row} 行第 {column} 列：784 个像素中 {pixels} 个占了 90 % 的影响；它的视野是 {height}×{width} 像"
    "素。",
    "looks_about": "指针所指像素的梯度：橙色的加噪像素变亮，它也变亮；蓝色的变亮，它就变暗。"
    "噪声少的时候，网络几乎只看这个像素本身；加大噪声，看它怎样越看越远。方向键可以移动像素。",
}
FLOW_TEXTS = {"en": ENGLISH, "zh": CHINESE}
