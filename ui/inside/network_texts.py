"""The words of the network's page, in both languages: the same keys, the same order; and those within its graph."""

from __future__ import annotations

from denoiser.models.drawing import ENGLISH as GRAPH_ENGLISH
from denoiser.models.drawing import Words

ENGLISH = {
    "network_about": "Where are the weights, and where is the work? A convolution uses each of its weights again at "
    "every position: 784 times at 28×28, only 49 times at 7×7. Then compare with another network, or with one that you "
    "trained: choose it above.",
    "network_shown": "Shown",
    "network_above": "the network above",
    "network_reader.lean_classifier": "Our reader of digits",
    "network_reader.tutorial_classifier": "The tutorial's classifier, untrained",
    "network_note.residual_unet": "It never works at full resolution: every 2×2 pixels become channels first. One skip "
    "connection carries the details past the 7×7 stages.",
    "network_note.simple_unet": "Two skip connections carry the details past the 7×7 stages; they are added, and cost "
    "no weights.",
    "network_note.conv_autoencoder": "A book calls it “U-Net”, but it has no skip connections: whatever is to be seen "
    "in the end must pass the lowest stage.",
    "network_note.dense_autoencoder": "No skip connections, and a code of two numbers at the bottom: these decide "
    "all that it draws. Every weight is used once.",
    "network_note.lean_classifier": "It reads digits, and so there is no way up: ten numbers are left, one for each "
    "digit.",
    "network_note.tutorial_classifier": "One layer joins each of 1,024 units with all 25,088 numbers before it: nearly "
    "all weights, but not most of the work. It is too large to be shipped; Train has it.",
    "network_totals": "{weights} weights, {memory}. For one picture {work} multiply-adds and {activations} of "
    "activations, the outputs of all steps together.",
    "network_most": "Largest share of the weights: {heavy}, {weight_share} %. Largest share of the multiply-adds: "
    "{busy}, {work_share} %.",
    "network_nowhere": "layers without positions",
    "network_graph": "The network's graph",
    "network_save": "Save as SVG",
    "network_steps": "The network's steps",
    "network_every": "Show every step, also those without weights",
    "network_layer": "Layer",
    "network_step": "Step",
    "network_output": "Output",
    "network_weights": "Weights",
    "network_work": "Multiply-adds",
    "network_all": "Total",
}
CHINESE = {
    "network_about": "权重在哪里，计算又在哪里？卷积在每个位置上都重新使用它的每个权重：28×28 时用 784 次，"
    "7×7 时只用 49 次。再和另一个网络比一比，或者和你训练的比：在上面选择。",
    "network_shown": "显示",
    "network_above": "上面选的网络",
    "network_reader.lean_classifier": "我们的识别网络",
    "network_reader.tutorial_classifier": "教程的分类器，未经训练",
    "network_note.residual_unet": "它从不在完整分辨率上计算：先把每 2×2 个像素变成通道。"
    "一条跳跃连接让细节绕过 7×7 的各个阶段。",
    "network_note.simple_unet": "两条跳跃连接让细节绕过 7×7 的各个阶段；它们只做相加，不需要权重。",
    "network_note.conv_autoencoder": "有本教材叫它“U-Net”，其实没有跳跃连接："
    "最后能看到的一切都必须经过最低的那个阶段。",
    "network_note.dense_autoencoder": "没有跳跃连接，最低处的编码只有两个数："
    "它能画出的每张图都由这两个数决定。每个权重只用一次。",
    "network_note.lean_classifier": "它识别数字，所以没有向上的路：最后只剩十个数，每个数字一个。",
    "network_note.tutorial_classifier": "有一层把 1,024 个单元各自与前面的 25,088 个数相连："
    "几乎占了全部权重，却不占大部分计算。它太大，不随项目附带；可以在“训练”里训练。",
    "network_totals": "{weights} 个权重，{memory}。一张图片需要 {work} 次乘加，"
    "激活值（所有步骤的输出合计）占 {activations}。",
    "network_most": "权重最多的地方：{heavy}，占 {weight_share} %。乘加最多的地方：{busy}，占 {work_share} %。",
    "network_nowhere": "没有位置的层",
    "network_graph": "网络的结构图",
    "network_save": "存为 SVG",
    "network_steps": "网络的各个步骤",
    "network_every": "显示每一步，包括没有权重的",
    "network_layer": "层",
    "network_step": "步骤",
    "network_output": "输出",
    "network_weights": "权重",
    "network_work": "乘加",
    "network_all": "合计",
}
NETWORK_TEXTS = {"en": ENGLISH, "zh": CHINESE}
GRAPH_CHINESE = Words(
    title="{name}，{stages} 个阶段，{weights} 个权重",
    skips="跳跃连接：{skips}。",
    from_to="从 {source} 到 {target}",
    between="、",
    told="没有画出接收噪声信息的部分。",
    skip="跳跃连接",
    box="{name}：{type}，输出 {shape}，{weights} 个权重",
    shapes="方框里：名称、步骤、输出的通道 × 高 × 宽、权重数。",
    bars="横条是它占全部权重的比例。",
)
GRAPH_WORDS = {"en": GRAPH_ENGLISH, "zh": GRAPH_CHINESE}
