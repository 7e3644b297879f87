/** Entry: colours first, so that nothing flashes, then the app. */
import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { prefs } from './state/prefs.svelte';
import { applyTheme } from './theme';

applyTheme(document.documentElement, prefs.drawn);

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');
mount(App, { target });
