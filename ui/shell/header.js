// The head of the page: which tab or stop of the tour is open, in the address and in the browser's memory.

const TAB_KEY = 'denoiser.tab';
const LANGUAGE_KEY = 'denoiser.language';
const SWITCHED_KEY = 'denoiser.switched';  // set while the page reloads in the other language

const OTHER = language === 'zh' ? 'en' : 'zh';

const root = element.querySelector('.head');
const tabs = new Tabs(choose);
const tour = new Tour(root, {
  details: { weights: props.value.weights.toLocaleString(language) },
  moved: ({ tab }, at) => {
    tabs.open(tab);
    name(at ? `tour-${at + 1}` : 'tour', history.replaceState);
  },
  closed: (focus) => {
    name(tabs.current, history.replaceState);
    kept.set(TAB_KEY, tabs.current);
    (focus ?? root.querySelector('.tour-start')).focus({ preventScroll: true });
  },
});

// The name in the address, with all that stands before it: relative addresses begin at Gradio's base, not here.
function name(fragment, change) {
  const { pathname, search, hash } = location;
  if (hash !== `#${fragment}`) change.call(history, { tab: tabs.current }, '', `${pathname}${search}#${fragment}`);
}

function choose(tab) {
  tour.leave();
  kept.set(TAB_KEY, tab);
  name(tab, history.pushState);
}

// What the address asks for; an address without a name is that of the tab it was opened with.
function follow() {
  const asked = location.hash.slice(1);
  const stop = asked.match(/^tour(?:-(\d))?$/);
  if (stop) return tour.go((stop[1] ?? 1) - 1);
  tour.leave();
  const tab = tabs.ids.includes(asked) ? asked : history.state?.tab;
  if (!tab) return;
  tabs.open(tab);
  kept.set(TAB_KEY, tab);
}

function switchLanguage() {
  kept.set(LANGUAGE_KEY, OTHER);
  kept.set(SWITCHED_KEY, 'yes');
  location.reload();
}

// Links of our own in Gradio's foot, which it may draw anew.
function addLinks() {
  const foot = document.querySelector('footer');
  if (!foot || foot.querySelector('.ours')) return;
  const addresses = { source: props.value.source, readme: props.value.readme[language]?.slice(1) };
  for (const [name, href] of Object.entries(addresses)) {
    if (!href) continue;
    const link = Object.assign(document.createElement('a'), { href, target: '_blank', rel: 'noopener', className: 'ours' });
    link.textContent = text[name];
    foot.append(link);
  }
}

function listen() {
  root.querySelector('.tour-start').addEventListener('click', () => {
    name('tour', history.pushState);
    tour.go(0);
  });
  const other = root.querySelector('.language');
  const words = props.value.texts[OTHER];
  Object.assign(other, { lang: OTHER, textContent: words.language, title: words.language_about });
  other.addEventListener('click', switchLanguage);
  if (kept.get(SWITCHED_KEY)) other.focus({ preventScroll: true });
  kept.set(SWITCHED_KEY, null);
  window.addEventListener('popstate', follow);
}

function complete() {
  addLinks();
  const { dataset } = document.documentElement;
  if (tabs.find()) {
    if (dataset.opening) tabs.open(dataset.opening);
    if (!location.hash) history.replaceState({ tab: dataset.opening ?? tabs.current }, '');
    else follow();
  }
  if (dataset.opening === tabs.current) delete dataset.opening;
}

fillWords(root);
listen();
new MutationObserver(complete).observe(document.querySelector('.gradio-container'), { childList: true, subtree: true });
complete();
