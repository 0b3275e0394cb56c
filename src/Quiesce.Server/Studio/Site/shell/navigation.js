// Every screen is a page of its own: what Studio does with the address bar alone becomes a real page load.

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

function watchLinks() {
  document.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="/workflows/"]') : null;
    if (link && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      event.stopPropagation();
      location.assign(meant(new URL(link.href)));
    }
  }, { capture: true });
}

export function keepPagesApart() {
  watchHistory();
  watchLinks();
}
