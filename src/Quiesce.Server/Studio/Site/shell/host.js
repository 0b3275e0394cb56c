// The host page of one Studio screen.
import './bar.js';
import { keepPagesApart } from './navigation.js';
import { mount } from './screen.js';

keepPagesApart();
await mount();
