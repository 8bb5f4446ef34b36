import '../ui/styles/fonts.css';
import '../ui/styles/tokens.css';
import '../ui/styles/base.css';
import { mount } from 'svelte';
import { preferredLanguage, useLanguage } from '../core/i18n/i18n.svelte';
import { startNavigation } from '../core/navigation.svelte';
import { chosenLanguage } from '../platform/language-choice';
import { registerServiceWorker } from '../platform/service-worker-registration';
import { followTheme } from '../platform/theme';
import App from './App.svelte';

followTheme();
startNavigation();
registerServiceWorker();
await useLanguage(chosenLanguage() ?? preferredLanguage(navigator.languages));

const target = document.getElementById('app');
if (!target) throw new Error('The page has no #app to fill.');
mount(App, { target });
