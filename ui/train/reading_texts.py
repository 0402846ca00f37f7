"""What the Train tab says of networks that read digits, in both languages: the same keys, the same order."""

from __future__ import annotations

ENGLISH = {
    "learn_to_denoise": "Learn to denoise",
    "learn_to_read": "Learn to read digits",
    "model.lean_classifier": "Lean classifier",
    "model.lean_classifier.about": "Learns which digit it sees, from clean ones. Ours, and small.",
    "model.tutorial_classifier": "Tutorial classifier",
    "model.tutorial_classifier.about": "Learns which digit it sees, from clean ones. 25.8 million weights, "
    "nearly all in one layer: a step takes long.",
    "tutorial.tutorial_classifier": "Adam, the same learning rate to the end, dropout of one half. There, dropout "
    "stays on in the test by mistake; here it does not.",
    "news_idle_read": "Press “{button}”: a network that knows nothing learns to read digits, before your eyes.",
    "news_reads": "Done: of digits it has never seen, it reads {share} % rightly.",
    "news_guesses": "Done, but it reads no better than by guessing.",
    "news_uploaded_read": "Your checkpoint is here: use it, or press “{button}” to go on from it.",
    "row_digit": "digit",
    "row_read": "read as",
    "wrong": "wrong",
    "samples_read_about": "Digits: {digits}. Below each, what the network reads it as, and how sure it is: {readings}.",
    "curve_read": "Loss and errors",
    "curve_read_about": "Curves over time. Training loss {loss}; of held-out digits the share {validation} is read "
    "wrongly, by guessing it would be {nothing}.",
    "line_training_read": "loss",
    "line_validation_read": "share read wrongly",
    "line_guessing": "read wrongly by guessing",
    "figure_accuracy": "Read rightly",
    "go_on_weights": "Go on from its weights for {seconds} s",
    "go_on_weights_about": "A new run that begins with them: the optimizer's memory of so large a network is not kept.",
}

CHINESE = {
    "learn_to_denoise": "学去噪",
    "learn_to_read": "学认数字",
    "model.lean_classifier": "轻量分类器",
    "model.lean_classifier.about": "用干净数字学习辨认是哪个数字。我们自己的，很小。",
    "model.tutorial_classifier": "教程分类器",
    "model.tutorial_classifier.about": "用干净数字学习辨认是哪个数字。2580 万个权重，几乎全在一层里：走一步要很久。",
    "tutorial.tutorial_classifier": "Adam，学习率始终不变，随机失活一半。教程测试时忘了关掉随机失活，这里会关掉。",
    "news_idle_read": "按下“{button}”：一个什么都不懂的网络，会在你眼前学会认数字。",
    "news_reads": "完成：从没见过的数字，它认对了 {share} %。",
    "news_guesses": "完成，但它认得并不比瞎猜好。",
    "news_uploaded_read": "权重文件已就绪：可以使用，或按“{button}”接着它训练。",
    "row_digit": "数字",
    "row_read": "认作",
    "wrong": "错",
    "samples_read_about": "数字：{digits}。每个数字下面是网络认作什么、有多确定：{readings}。",
    "curve_read": "损失与错误",
    "curve_read_about": "随时间的曲线。训练损失 {loss}；没见过的数字认错的比例 {validation}，瞎猜则是 {nothing}。",
    "line_training_read": "损失",
    "line_validation_read": "认错的比例",
    "line_guessing": "瞎猜时认错的比例",
    "figure_accuracy": "认对",
    "go_on_weights": "从它的权重再训练 {seconds} 秒",
    "go_on_weights_about": "会开始一次新的训练，以这些权重为起点：网络太大，优化器的记忆没有保留。",
}

READING_TEXTS = {"en": ENGLISH, "zh": CHINESE}
