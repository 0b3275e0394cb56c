// What has to work without a round trip to the server: theme, keyboard, the button of the reconnect box. No page needs it to be read.
(() => {
  'use strict';
  const root = document.documentElement;
  const themes = ['system', 'light', 'dark'];
  const media = {
    system: { light: 'not (prefers-color-scheme: dark)', dark: '(prefers-color-scheme: dark)' },
    light: { light: 'all', dark: 'not all' },
    dark: { light: 'not all', dark: 'all' },
  };

  function setTheme(theme) {
    root.dataset.theme = theme;
    for (const sheet of document.querySelectorAll('link[data-scheme]')) sheet.media = media[theme][sheet.dataset.scheme];
    document.querySelector('meta[name=color-scheme]').content = theme === 'system' ? 'light dark' : theme;
    const secure = location.protocol === 'https:' ? '; Secure' : '';
    document.cookie = `theme=${theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    say(`Theme: ${theme === 'system' ? 'as the system' : theme}`);
  }

  // One polite line for screen readers.
  function say(text) {
    let line = document.getElementById('said');
    if (!line) {
      line = document.createElement('div');
      line.id = 'said';
      line.className = 'for-readers';
      line.setAttribute('role', 'status');
      document.body.append(line);
    }
    line.textContent = text;
  }

  document.addEventListener('click', event => {
    const at = selector => event.target.closest(selector);
    if (at('[data-theme-toggle]')) setTheme(themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length]);
    else if (at('[data-shortcuts]')) document.getElementById('shortcuts').showModal();
    else if (at('[data-reload]')) location.reload();
    else if (at('a[data-leaves]')) {
      // Not a page of this console: the router must not look for it here.
      event.preventDefault();
      event.stopPropagation();
      location.assign(at('a[data-leaves]').href);
    } else if (at('a.skip')) {
      event.preventDefault();
      event.stopPropagation();
      document.getElementById('main').focus();
    }
  }, true);

  // Lists: arrow keys move between rows, Home and End to the ends. A row is focusable, or holds the one link that opens it.
  function moveInList(event) {
    const list = event.target.closest('[data-rows]');
    if (!list) return false;
    const rows = [...list.querySelectorAll('[data-row]')];
    const current = rows.indexOf(event.target.closest('[data-row]'));
    const next = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (next === undefined || !rows[next]) return false;
    (rows[next].matches('a,button,[tabindex]') ? rows[next] : rows[next].querySelector('a,button')).focus();
    return true;
  }

  // A list whose selection the server keeps: the page must not scroll away under the arrow keys, the server's page does the rest.
  function heldByListbox(event) {
    return !!event.target.closest('[data-listbox]') && ['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'].includes(event.key);
  }

  let afterG = 0;
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const writing = event.target.matches('input,textarea,select,[contenteditable=true],[role=combobox]');
    if (event.key === 'Escape' && writing && event.target.matches('[data-search]')) event.target.blur();
    if (writing || document.querySelector('dialog[open], .rz-dialog-wrapper')) return;
    let done = true;
    if (Date.now() < afterG && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)) {
      afterG = 0;
      document.querySelector(`[data-go="${CSS.escape(event.key)}"]`).click();
    } else if (event.key === 'g') afterG = Date.now() + 1500;
    else if (event.key === '?') document.getElementById('shortcuts').showModal();
    else if (event.key === '/' && document.querySelector('[data-search]')) document.querySelector('[data-search]').focus();
    else if (event.key === 'ArrowLeft' && !event.target.closest('[role=tablist]')) done = follow('a[rel=prev]');
    else if (event.key === 'ArrowRight' && !event.target.closest('[role=tablist]')) done = follow('a[rel=next]');
    else done = heldByListbox(event) || moveInList(event);
    if (done) event.preventDefault();
  });

  window.quiesce = {
    // Scrolls a wide picture so that this part of its width (0 to 1) is in the middle.
    centre(box, part) {
      if (box) box.scrollLeft = part * box.scrollWidth - box.clientWidth / 2;
    },
    // Scrolls a list so that the row at this height can be seen.
    reveal(box, top, height) {
      if (!box) return;
      if (top < box.scrollTop) box.scrollTop = top;
      else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
    },
  };

  // Blazor's own way would try ten times within a blink and then give up soon: a server that is started again needs seconds, an update minutes.
  document.addEventListener('DOMContentLoaded', () => window.Blazor.start({
    circuit: { reconnectionOptions: { maxRetries: 200, retryIntervalMilliseconds: tried => tried < 10 ? 1000 : 5000 } },
  }));

  function follow(selector) {
    const link = document.querySelector(selector);
    if (link) link.click();
    return !!link;
  }
})();
