// Whether the server answers. While it does not, requests that may be repeated wait here: Studio would give up after 14 seconds and then be good for nothing but a reload.
import { tell } from './notices.js';

// A proxy in front of the server says these when the server is away, the server says 503 when its database is.
const away = new Set([502, 503, 504]);
const longest = 5000;
let isGone = false;
let unsaved = () => 0;

/** Tells this module how many saves are not with the server yet. */
export function countUnsavedWith(count) {
  unsaved = count;
}

/** Sends until the server answers. The request has to be one that may arrive twice. */
export async function insist(send, signal) {
  for (let wait = 500; ; wait = Math.min(wait * 2, longest)) {
    try {
      const response = await send();
      if (!away.has(response.status)) {
        answered();
        return response;
      }
    } catch (failure) {
      if (signal?.aborted) {
        throw failure;
      }
    }
    gone();
    await pause(wait, signal);
  }
}

/** Sends once, for what must not be repeated. */
export async function once(send) {
  try {
    const response = await send();
    answered();
    return response;
  } catch (failure) {
    if (failure.name !== 'AbortError') {
      gone();
    }
    throw failure;
  }
}

/** Says what the state of things is; called again whenever the number of saves that wait changes. */
export function gone() {
  isGone = true;
  tell('network', {
    tone: 'warning', closable: false,
    text: unsaved() > 0
      ? 'The server cannot be reached. Your last changes are not saved yet: they are kept in this browser and are sent as soon as the server answers. Leave this page open.'
      : 'The server cannot be reached. All changes so far are saved; what you change now is kept in this browser and sent as soon as the server answers.',
  });
}

function answered() {
  if (!isGone) {
    return;
  }
  isGone = false;
  const waiting = unsaved();
  tell('network', { tone: 'good', text: waiting > 0 ? 'The server answers again. Your last changes are being saved.' : 'The server answers again.', seconds: 10 });
}

/** Whether requests wait at present. */
export function isAway() {
  return isGone;
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const finish = end => () => {
      clearTimeout(timer);
      window.removeEventListener('online', goOn);
      signal?.removeEventListener('abort', giveUp);
      end();
    };
    const goOn = finish(resolve);
    const giveUp = finish(() => reject(signal.reason ?? new DOMException('Given up', 'AbortError')));
    const timer = setTimeout(goOn, milliseconds);
    window.addEventListener('online', goOn);
    signal?.addEventListener('abort', giveUp);
  });
}

export function watchNetwork() {
  window.addEventListener('offline', gone);
  // The browser is back on a network; whether our server answers there, a request has to show.
  window.addEventListener('online', () => isGone && insist(() => fetch('/api/health', { cache: 'no-store' })));
}
