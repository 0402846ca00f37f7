// What was typed into the form, kept in this browser from visit to visit. Anything may lie there, so nothing is trusted.

const FORM_KEY = 'denoiser.training-form';
const MOST_KEPT = 8192;  // characters
const isBox = ({ type }) => ['checkbox', 'radio'].includes(type);

function keepForm(form) {
  const fields = [...form.elements].filter(({ name, type }) => name && type !== 'file');
  kept.set(FORM_KEY, JSON.stringify(fields.map((field) => [field.name, field.value, isBox(field) ? field.checked : null])));
}

// What was kept, as [name, value, checked or null]; nothing where that is damaged.
function keptForm() {
  const words = kept.get(FORM_KEY) ?? '';
  if (words.length > MOST_KEPT) return [];
  try {
    const fields = JSON.parse(words);
    return fields.filter((field) => (
      Array.isArray(field) && typeof field[0] === 'string' && typeof field[1] === 'string'
      && (field[2] === null || typeof field[2] === 'boolean')));
  } catch {
    return [];
  }
}

// One kept field into the form; a choice that is not offered any more is left alone.
function putBack(form, [name, value, checked]) {
  const field = [...form.elements].find((one) => (
    one.name === name && isBox(one) === (checked !== null) && (checked === null || one.value === value)));
  if (!field) return;
  if (checked !== null) field.checked = checked;
  else if (!field.options || [...field.options].some((option) => option.value === value)) {
    field.value = field.maxLength > 0 ? value.slice(0, field.maxLength) : value;
  }
}
