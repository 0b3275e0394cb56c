// Messages of the host page: Studio's own vanish after seconds, these stay until they are settled.
const place = document.getElementById('q-notices');
const shown = new Map();

/**
 * Shows a notice in place of the one with the same id.
 * @param {string} id what it is about
 * @param {{tone?: 'info'|'good'|'warning'|'failed', text: string, actions?: {text: string, run: () => void}[], closable?: boolean, seconds?: number}} notice
 */
export function tell(id, { tone = 'info', text, actions = [], closable = true, seconds = 0 }) {
  if (shown.get(id)?.dataset.text === text) {
    return;
  }
  settle(id);
  const box = document.createElement('div');
  box.className = `q-notice q-${tone}`;
  box.dataset.notice = id;
  box.dataset.text = text;
  // Trouble interrupts a screen reader, the rest waits for a pause.
  box.setAttribute('role', tone === 'failed' ? 'alert' : 'status');
  const words = document.createElement('p');
  words.textContent = text;
  box.append(words);
  for (const action of actions) {
    box.append(button(action.text, 'q-button', action.run));
  }
  if (closable) {
    box.append(button('Close', 'q-button q-quiet', () => settle(id)));
  }
  place.append(box);
  shown.set(id, box);
  if (seconds > 0) {
    setTimeout(() => shown.get(id) === box && settle(id), seconds * 1000);
  }
}

/** Takes a notice away, if it is there. */
export function settle(id) {
  shown.get(id)?.remove();
  shown.delete(id);
}

function button(text, className, run) {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = text;
  made.addEventListener('click', run);
  return made;
}
