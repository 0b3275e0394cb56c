// Saves, one after the other: kept in this browser until the server has them, and shown to the person when the server refuses them.
import { drop, keep } from './drafts.js';
import { countUnsavedWith, gone, insist, isAway } from './network.js';
import { go } from './navigation.js';
import { settle, tell } from './notices.js';

const path = '/elsa/api/workflow-definitions';
const revision = 'quiesceRevision';
let waiting = 0;
let turn = Promise.resolve();
// Per definition: what the last save of this page was based on, and what the server made of it.
const bases = new Map();

export function isSave(url, method) {
  return method === 'POST' && url.pathname === path;
}

/** Sends a save when those before it are through. Studio may give up waiting; the save goes on all the same. */
export function save(send, init) {
  const body = text(init.body);
  const definitionId = JSON.parse(body).model?.definitionId ?? '';
  keep(definitionId, body);
  waiting++;
  if (isAway()) {
    gone();
  }
  let givenUp = false;
  const sent = turn.then(() => deliver(send, init, definitionId, body)).then(response => {
    if (givenUp && response.ok) {
      tell('save', { tone: 'warning', text: 'Your last changes are saved now. The designer gave up waiting for that: reload this page before you go on.', actions: [{ text: 'Reload', run: () => location.reload() }] });
    }
    return response;
  }).finally(() => waiting--);
  turn = sent.then(() => {}, () => {});
  return new Promise((resolve, reject) => {
    init.signal?.addEventListener('abort', () => {
      givenUp = true;
      reject(new DOMException('Given up', 'AbortError'));
    });
    sent.then(resolve, reject);
  });
}

/** When no save is under way any more. */
export function saved() {
  return turn;
}

async function deliver(send, init, definitionId, body) {
  const based = rebase(definitionId, body);
  const wasAway = isAway();
  const response = await insist(() => send({ ...init, body: based, signal: undefined }));
  if (response.ok) {
    drop(definitionId, body);
    settle('save');
    await remember(definitionId, body, response.clone());
    if (wasAway || isAway()) {
      tell('network', { tone: 'good', text: 'The server answers again. Your last changes are saved.', seconds: 10 });
    }
  } else if (response.status === 400 || response.status === 409) {
    await refused(send, init, definitionId, body, response.clone());
  }
  return response;
}

/** A change that was made before the answer to the one before it came is based on that answer: it holds that change too. */
function rebase(definitionId, body) {
  const base = bases.get(definitionId);
  const { model } = JSON.parse(body);
  if (!base || !model || base.from !== stampOf(model)) {
    return body;
  }
  const document = JSON.parse(body);
  Object.assign(document.model, { id: base.id, version: base.version });
  document.model.customProperties = { ...document.model.customProperties, [revision]: base.revision };
  return JSON.stringify(document);
}

async function remember(definitionId, body, response) {
  const { workflowDefinition: kept } = await response.json();
  const { model } = JSON.parse(body);
  if (!definitionId || !kept || !model) {
    return;
  }
  bases.set(definitionId, { from: stampOf(model), id: kept.id, version: kept.version, revision: kept.customProperties?.[revision] });
}

function stampOf(model) {
  return `${model.id}/${model.customProperties?.[revision] ?? ''}`;
}

async function refused(send, init, definitionId, body, response) {
  const problem = await response.json().catch(() => ({}));
  const said = Object.values(problem.errors ?? {}).flat().join(' ') || problem.detail || problem.title || 'The server did not say why.';
  const reason = said.startsWith('Not saved') ? said : `Not saved: ${said}`;
  if (problem.code !== 'conflict') {
    // The page still holds it, and the person goes on with it there.
    tell('save', { tone: 'failed', text: reason });
    return;
  }
  tell('save', {
    tone: 'failed', closable: false, text: `${reason} What the server has is as it was, and your changes are kept in this browser until you choose.`,
    actions: [
      { text: 'Save mine as a copy', run: () => copy(send, init, definitionId, body) },
      { text: 'Reload and drop mine', run: () => { drop(definitionId); location.reload(); } },
    ],
  });
}

/** Keeps a refused or forgotten save as a definition of its own and opens that. */
export async function copy(send, init, definitionId, body) {
  const { model } = JSON.parse(body);
  const when = new Date().toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'medium' });
  const { [revision]: _, ...customProperties } = model.customProperties ?? {};
  const made = { ...model, id: null, definitionId: null, version: 1, isPublished: false, customProperties, name: `${model.name ?? definitionId} (mine, ${when})` };
  const response = await insist(() => send({ ...init, body: JSON.stringify({ model: made, publish: false }), signal: undefined }));
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    tell('copy', { tone: 'failed', text: `The copy was not saved: ${Object.values(problem.errors ?? {}).flat().join(' ') || problem.title || response.status}` });
    return;
  }
  drop(definitionId);
  const { workflowDefinition: kept } = await response.json();
  go(`workflows/definitions/${encodeURIComponent(kept.definitionId)}/edit`);
}

function text(body) {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

countUnsavedWith(() => waiting);
window.addEventListener('beforeunload', event => {
  // Only while the server is away: what it is taking just now it will have.
  if (waiting > 0 && isAway()) {
    event.preventDefault();
  }
});
