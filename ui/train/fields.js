// Single controls of the form.

const NUMBERS = ['learning_rate', 'weight_decay', 'dropout', 'patience', 'batch_size', 'seed'];
const WHOLE = ['patience', 'batch_size', 'seed'];
const EXPERT = [
  'optimizer', 'learning_rate', 'schedule', 'batch_size', 'weight_decay', 'dropout', 'augment', 'patience', 'seed',
];
const IN_RECIPES = EXPERT.filter((name) => name !== 'seed');
const OPTIMIZER_NAMES = { adam: 'Adam', adamw: 'AdamW', sgd: 'SGD', muon: 'Muon' };
const plainNumber = (value) => (typeof value === 'number' && value && value < 1e-4 ? value.toExponential() : value);

// A checkbox that looks like a button.
function checkChip(name, value) {
  const label = document.createElement('label');
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', name, value, checked: true });
  const face = Object.assign(document.createElement('i'), { textContent: text[`${name}.${value}`] ?? value });
  label.append(box, face);
  return label;
}

function expertField(name, choices) {
  const field = Object.assign(document.createElement('div'), { className: 'field' });
  const key = name === 'seed' ? 'train_seed' : name;
  const control = document.createElement(choices ? 'select' : 'input');
  Object.assign(control, { id: `training-${name}`, name });
  control.setAttribute('aria-describedby', `about-${name} fault-${name}`);
  if (choices) control.append(...choices.map(([words, value]) => new Option(words, value)));
  else if (name === 'augment') control.type = 'checkbox';
  else Object.assign(control, { type: 'text', inputMode: 'decimal', autocomplete: 'off', maxLength: 12 });
  const label = Object.assign(document.createElement('label'), { htmlFor: control.id, textContent: text[key] });
  const about = Object.assign(document.createElement('small'), { id: `about-${name}`, className: 'about' });
  about.textContent = text[`${key}_about`];
  const fault = Object.assign(document.createElement('p'), { id: `fault-${name}`, className: 'fault' });
  fault.dataset.fault = name;
  fault.setAttribute('role', 'alert');
  field.append(label, control, fault, about);
  return field;
}

// A control and what stands in it, in two or three words.
function inWords(control) {
  const { name } = control;
  const label = text[name === 'seed' ? 'train_seed' : name].toLocaleLowerCase(language);
  if (name === 'augment') return control.checked ? label : withDetails(text.without, { what: label });
  return control.options ? control.selectedOptions[0]?.text : `${label} ${control.value}`;
}

function optionGroup(label, entries) {
  if (!entries.length) return [];
  const group = Object.assign(document.createElement('optgroup'), { label: text[label] });
  group.append(...entries.map(([name, value]) => new Option(name, value)));
  return [group];
}

// The networks by what they learn.
function networkOptions(networks) {
  const group = (label, which) => optionGroup(label, networks.filter(({ reads }) => reads === which)
    .map(({ model }) => [text[`model.${model}`], model]));
  return [...group('learn_to_denoise', false), ...group('learn_to_read', true)];
}

// What "auto" means where there is MNIST or none, and what cannot be chosen without it.
function nameSources(select, mnist) {
  const found = mnist ? text['data.mnist'] : text['data.own'];
  for (const option of select.options) {
    const words = text[`data.${option.value}`];
    option.disabled = !mnist && option.value.includes('mnist');
    option.text = withDetails(option.disabled ? text.data_missing : words, { found, name: words });
  }
}
