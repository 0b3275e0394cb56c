// Puts the one Studio element of this page on it.
import { go } from './navigation.js';

const { element, key, shown } = document.body.dataset;

/** Adds the provider first: an element reads its connection once, when it starts. */
export async function mount() {
  const place = document.getElementById('q-screen');
  await customElements.whenDefined(element);
  const provider = document.createElement('elsa-backend-provider');
  // Absolute and without a slash at the end: Studio glues its paths to it as they are.
  provider.setAttribute('remote-endpoint', `${location.origin}/elsa/api`);
  const screen = document.createElement(element);
  if (key) {
    screen.setAttribute(key, shown);
  }
  place.replaceChildren(provider, screen);
  // Callbacks set before the element is defined are lost.
  screen.editWorkflowDefinition = id => go(`workflows/definitions/${encodeURIComponent(id)}/edit`);
  screen.viewWorkflowInstance = id => go(`workflows/instances/${encodeURIComponent(id)}/view`);
}

/** Designer and viewer are as high as the window less what is above them, and a notice above them comes and goes. */
export function fit() {
  const place = document.getElementById('q-screen');
  new ResizeObserver(() => document.documentElement.style.setProperty('--q-top', `${place.offsetTop}px`)).observe(place);
}
