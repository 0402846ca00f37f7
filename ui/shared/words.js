// The visitor's language, and its words put into the page.

const language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
const text = props.value.texts[language];

const withDetails = (words, details) => words.replace(/\{(\w+)\}/g, (_, name) => details[name]);

function fillWords(root) {
  root.lang = document.documentElement.lang = language;
  document.title = text.title;
  for (const node of root.querySelectorAll('[data-text]')) node.textContent = text[node.dataset.text];
  for (const node of root.querySelectorAll('[data-title]')) node.title = text[node.dataset.title];
  for (const node of root.querySelectorAll('[data-label]')) {
    node.setAttribute('aria-label', text[node.dataset.label]);
    if (node.matches('button, input')) node.title = text[node.dataset.label];
  }
}
