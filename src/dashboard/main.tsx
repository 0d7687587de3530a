import { render } from 'preact';
import { Page } from './page.js';
import { enter } from './wire/session.js';

const place = document.getElementById('page');
if (place) render(<Page />, place);
await enter();
