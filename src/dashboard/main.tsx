import { render } from 'preact';
import { Page } from './page.js';
import { followFragment } from './route.js';
import { enter } from './wire/session.js';
import { tick } from './wire/time.js';

const place = document.getElementById('page');
if (place) render(<Page />, place);
tick();
await enter();
followFragment();
