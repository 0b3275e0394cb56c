// Every screen is a page of its own: what Studio does with the address bar alone becomes a real page load.

// Studio saves half a second after the last change; whoever leaves sooner would lose that change.
const settling = 900;
let lastTouch = 0;

/** Loads the page at an address relative to /studio/. */
export function go(address) {
  location.assign(new URL(address, document.baseURI));
}

/** Where a link of Studio was meant to lead: it takes the site's root for its own. */
function meant(url) {
  const below = /^\/(workflows\/.*)$/.exec(url.pathname)?.[1];
  return below ? new URL(below + url.search, document.baseURI) : url;
}

/** After Run and after Save as, Studio only writes a new address into the bar. */
function watchHistory() {
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name].bind(history);
    history[name] = (state, unused, address) => {
      const target = address == null ? null : meant(new URL(address, document.baseURI));
      if (target && target.origin === location.origin && target.pathname !== location.pathname) {
        location.assign(target);
      } else {
        original(state, unused, address);
      }
    };
  }
}

/** Links of the bar wait for the last change to be saved, links of Studio lead where they were meant to. */
function watchLinks(saved) {
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('.q-bar a[href], a[href^="/workflows/"]') : null;
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    leave(meant(new URL(link.href)), saved);
  }, { capture: true });
}

async function leave(target, saved) {
  await new Promise(resolve => setTimeout(resolve, Math.max(0, lastTouch + settling - Date.now())));
  await saved();
  location.assign(target);
}

/** @param {() => Promise<void>} saved resolves when no save is under way */
export function keepPagesApart(saved) {
  watchHistory();
  watchLinks(saved);
  if (document.body.dataset.element === 'elsa-workflow-definition-editor') {
    for (const touch of ['pointerup', 'keyup', 'drop']) {
      document.getElementById('q-screen').addEventListener(touch, () => { lastTouch = Date.now(); }, { capture: true });
    }
  }
}
