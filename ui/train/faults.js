// What is wrong, told where it is wrong.

class Faults {
  constructor(root) {
    this.root = root;
    this.form = root.querySelector('.form');
  }

  fault(name, words) {
    const place = this.root.querySelector(`[data-fault="${name}"]`) ?? this.root.querySelector('[data-fault="run"]');
    place.textContent = words;
    this.faults++;
    const control = place.closest('.row, .field')?.querySelector('input, select')
      ?? place.previousElementSibling?.querySelector('input, select');
    control?.setAttribute('aria-invalid', 'true');
    for (let fold = place.closest('details'); fold; fold = fold.parentElement.closest('details')) fold.open = true;
    if (this.faults === 1) control?.focus();
  }

  // What was wrong and no longer is.
  clearFault(name) { this.root.querySelector(`[data-fault="${name}"]`).textContent = ''; }

  clearFaults() {
    this.faults = 0;
    for (const place of this.root.querySelectorAll('[data-fault]')) place.textContent = '';
    for (const control of this.form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
  }
}
