// Saves that the server has not taken yet, kept in this browser so that neither a reload nor a crash of the page loses them.
const prefix = 'quiesce-draft:';
// Another tab's save that is on its way is none of this tab's business before it is this old.
const abandoned = 60_000;
const tab = sessionStorage.getItem('quiesce-tab') ?? crypto.randomUUID();
sessionStorage.setItem('quiesce-tab', tab);

const keyOf = definitionId => `${prefix}${tab}:${definitionId}`;

/** Keeps the body of a save until it is dropped. A browser that has no room keeps nothing; the page itself still holds the changes. */
export function keep(definitionId, body) {
  try {
    localStorage.setItem(keyOf(definitionId), JSON.stringify({ definitionId, body, at: Date.now() }));
  } catch (failure) {
    console.warn('This browser has no room to keep an unsaved workflow.', failure);
  }
}

/** The server has it, or nobody wants it. */
export function drop(definitionId, body) {
  const key = keyOf(definitionId);
  const kept = localStorage.getItem(key);
  if (kept && (body === undefined || JSON.parse(kept).body === body)) {
    localStorage.removeItem(key);
  }
}

/** What was left behind for a definition: the newest first, with a way to forget it. */
export function leftBehind(definitionId) {
  const found = [];
  for (const key of Object.keys(localStorage).filter(one => one.startsWith(prefix))) {
    const draft = JSON.parse(localStorage.getItem(key));
    if (draft.definitionId === definitionId && (key === keyOf(definitionId) || Date.now() - draft.at > abandoned)) {
      found.push({ ...draft, forget: () => localStorage.removeItem(key) });
    }
  }
  return found.sort((one, other) => other.at - one.at);
}
