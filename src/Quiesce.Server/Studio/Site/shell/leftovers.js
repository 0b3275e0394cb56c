// After a crash or a closed page: changes that never reached the server are offered when their definition is opened again.
import { leftBehind } from './drafts.js';
import { settle, tell } from './notices.js';
import { copy } from './saves.js';

const init = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
const path = '/elsa/api/workflow-definitions';

export function offerLeftovers(definitionId) {
  const [draft] = leftBehind(definitionId);
  if (!draft) {
    return;
  }
  const when = new Date(draft.at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  tell('leftover', {
    tone: 'warning', closable: false, text: `Changes to this workflow from ${when} never reached the server; this browser has kept them.`,
    actions: [
      { text: 'Save them now', run: () => restore(draft) },
      { text: 'Save them as a copy', run: () => copy(send, init, definitionId, draft.body).then(draft.forget) },
      { text: 'Drop them', run: () => { draft.forget(); settle('leftover'); } },
    ],
  });
}

const send = request => fetch(path, request);

/** The same save as then: where somebody else was faster, the server refuses it and nothing is lost. */
async function restore(draft) {
  settle('leftover');
  const response = await send({ ...init, body: draft.body });
  if (response.ok) {
    draft.forget();
    location.reload();
  }
}
