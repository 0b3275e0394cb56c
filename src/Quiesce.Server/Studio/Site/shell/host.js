// The host page of one Studio screen. Runs before Studio's own scripts, so that Studio's first request is watched already.
import './bar.js';
import { watchCalls } from './calls.js';
import { offerLeftovers } from './leftovers.js';
import { keepPagesApart } from './navigation.js';
import { watchNetwork } from './network.js';
import { saved } from './saves.js';
import { fit, mount } from './screen.js';

const { key, shown } = document.body.dataset;

watchCalls();
watchNetwork();
keepPagesApart(saved);
document.querySelector('#blazor-error-ui .reload').addEventListener('click', () => location.reload());
if (key === 'definition-id') {
  offerLeftovers(shown);
}
fit();
// Not awaited here: the scripts after this one define the elements it waits for.
mount();
