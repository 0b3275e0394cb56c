// Everything Studio asks the server goes through here, because Studio says nothing of most failures and cannot go on after them.
import { insist, once } from './network.js';
import { tell } from './notices.js';
import { isSave, save } from './saves.js';

const api = '/elsa/api/';
// Reading by POST: may be asked again.
const reading = /^\/elsa\/api\/(workflow-instances|workflow-instances\/[^/]+\/journal|activity-executions\/report|scripting\/.*|descriptors\/.*)$/;
const nameCheck = '/elsa/api/workflow-definitions/validation/is-name-unique';
const running = /^\/elsa\/api\/workflow-definitions\/[^/]+\/(execute|dispatch)$/;

export function watchCalls() {
  const original = window.fetch.bind(window);
  window.fetch = (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, document.baseURI);
    if (url.origin !== location.origin || !url.pathname.startsWith(api) || input instanceof Request) {
      return original(input, init);
    }
    return call(send => original(input, send), url, init);
  };
}

async function call(send, url, init) {
  const method = (init.method ?? 'GET').toUpperCase();
  const response = await answer(send, url, method, init);
  if (response.status === 401) {
    // The address of a page is no secret, and the log-in takes only addresses of this server.
    location.assign(`/login?returnUrl=${encodeURIComponent(location.pathname + location.search)}`);
  } else if (response.status === 403) {
    tell('forbidden', { tone: 'failed', text: 'Your key may not do that. Log in with a key of a higher role, or ask an administrator.' });
  } else if (running.test(url.pathname)) {
    await ran(response.clone());
  } else if (method !== 'GET' && response.headers.has('x-quiesce-refused') && !isSave(url, method)) {
    await refused(response.clone());
  }
  return response;
}

function answer(send, url, method, init) {
  if (isSave(url, method)) {
    return save(send, init);
  }
  if (url.pathname === nameCheck) {
    return once(() => send(init)).catch(assumeUnique);
  }
  return method === 'GET' || (method === 'POST' && reading.test(url.pathname)) ? insist(() => send(init), init.signal) : once(() => send(init));
}

/** Studio asks this before it saves a new name. While the server is away the save has to come this far, so that it is kept; the server has the last word on it anyway. */
function assumeUnique(failure) {
  if (failure.name === 'AbortError') {
    throw failure;
  }
  return new Response('{"isUnique":true}', { headers: { 'Content-Type': 'application/json' } });
}

/** In its lists Studio shows no reason, and in bulk actions not even that something was refused. */
async function refused(response) {
  const problem = await response.json().catch(() => ({}));
  tell('refused', { tone: 'failed', text: Object.values(problem.errors ?? {}).flat().join(' ') || 'The server refused that and did not say why.' });
}

/** Studio reports every Run as a success, whatever the answer. */
async function ran(response) {
  if (response.ok && response.headers.has('x-elsa-workflow-instance-id') && !response.headers.has('x-elsa-workflow-cannot-start')) {
    return;
  }
  const problem = await response.json().catch(() => ({}));
  const reason = Object.values(problem.errors ?? {}).flat().join(' ') || problem.reason || problem.detail || problem.message || problem.title || 'The server did not say why.';
  tell('run', { tone: 'failed', text: `Not started: ${reason}` });
}
