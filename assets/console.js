// What pages do beyond HTML and htmx. Every page works without it.
'use strict';

// The server writes times in the person's zone.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `tz=${encodeURIComponent(zone)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

document.addEventListener('click', (event) => {
  const { target } = event;
  if (!(target instanceof Element)) return;
  target.closest('[data-dismiss="toast"]')?.closest('.toast')?.remove();
  copy(target.closest('[data-copy]'));
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    if (!menu.contains(target)) menu.open = false;
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeMenu(event.target);
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    if (open('palette')) event.preventDefault();
    return;
  }
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event);
  const isTyping = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable]');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === '?' && open('shortcuts')) return event.preventDefault();
  const field = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!field) return;
  event.preventDefault();
  field.focus();
});

// A box in a heading ticks those of its rows, and a bar tells how many are ticked.
document.addEventListener('change', (event) => {
  const { target } = event;
  if (!(target instanceof HTMLInputElement) || target.type !== 'checkbox' || !target.form) return;
  const boxes = [...target.form.querySelectorAll('input[type=checkbox][data-row]')];
  if (target.matches('[data-rows]')) for (const box of boxes) box.checked = target.checked;
  count(target.form, boxes);
});

function count(form, boxes) {
  const ticked = boxes.filter((box) => box.checked).length;
  for (const shown of form.querySelectorAll('[data-ticked]')) shown.textContent = String(ticked);
  for (const all of form.querySelectorAll('[data-rows]')) {
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
  }
  form.classList.toggle('has-ticked', ticked > 0);
}

async function copy(button) {
  const source = button && document.querySelector(button.dataset.copy);
  if (!source) return;
  source.select?.();
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  const words = button.querySelector('span');
  if (words) words.textContent = 'Copied';
}

// Opens a dialog; what it holds is asked for then.
function open(id) {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return dialog !== null;
  dialog.showModal();
  const field = dialog.querySelector('input');
  field?.select();
  field?.dispatchEvent(new Event('palette'));
  return true;
}

// From one thing found to the next, and back to the field.
function move(event) {
  const palette = document.querySelector('dialog.palette[open]');
  if (!palette) return;
  const stops = [palette.querySelector('input'), ...palette.querySelectorAll('a')];
  const step = event.key === 'ArrowDown' ? 1 : -1;
  const at = stops.indexOf(document.activeElement);
  stops[(Math.max(at, 0) + step + stops.length) % stops.length]?.focus();
  event.preventDefault();
}

function closeMenu(inside) {
  for (const menu of document.querySelectorAll('details.menu[open]')) {
    const hadFocus = menu.contains(inside);
    menu.open = false;
    if (hadFocus) menu.querySelector('summary')?.focus();
  }
}
