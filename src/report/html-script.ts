/** Filters. The page says everything without it. */
export const SCRIPT = `
'use strict';
const form = document.querySelector('.filters');
const findings = [...document.querySelectorAll('.finding')];
const count = document.querySelector('#count');
form.hidden = false;
const apply = () => {
  const data = new FormData(form);
  const severities = new Set(data.getAll('severity'));
  const states = new Set([...data.getAll('state'), 'open']);
  const category = data.get('category');
  const text = data.get('text').toLowerCase();
  let shown = 0;
  for (const finding of findings) {
    const { severity, state, category: own } = finding.dataset;
    const rule = finding.closest('.rule');
    const fits = severities.has(severity) && states.has(state) && (category === '' || category === own) &&
      (text === '' || (rule.querySelector('summary').textContent + finding.textContent).toLowerCase().includes(text));
    finding.hidden = !fits;
    if (fits) shown += 1;
  }
  for (const rule of document.querySelectorAll('.rule')) rule.hidden = !rule.querySelector('.finding:not([hidden])');
  for (const part of document.querySelectorAll('.category')) part.hidden = !part.querySelector('.rule:not([hidden])');
  count.textContent = shown + ' of ' + findings.length + ' shown';
};
form.addEventListener('input', apply);
form.addEventListener('submit', (event) => event.preventDefault());
apply();
`;
