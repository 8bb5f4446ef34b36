import { Board } from './board.js';
import { LabState } from './state.js';
import { chooseLanguage, WORDS } from './words.js';

const LANGUAGE_KEY = 'tocsin-lab-language';

const state = new LabState();
/** @type {Board} */
let board;

function showBoard() {
  const chosen = localStorage.getItem(LANGUAGE_KEY);
  const language = chooseLanguage(chosen ? [chosen] : navigator.languages);
  const words = WORDS[language];
  document.documentElement.lang = language;
  document.title = `${words.demonstration} · ${words.title}`;
  board = new Board(state, words, language, { reply, setMode, switchPhone, changeLanguage });
  document.body.className = '';
  document.body.replaceChildren(...board.elements);
  board.render();
}

function changeLanguage() {
  localStorage.setItem(LANGUAGE_KEY, document.documentElement.lang === 'fr' ? 'en' : 'fr');
  showBoard();
  board.showConnection('connected');
}

/** @param {string} method @param {string} path @param {unknown} body */
async function send(method, path, body) {
  try {
    const response = await fetch(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    return response.ok;
  } catch {
    return false;
  }
}

/** @param {number} message @param {string} text */
const reply = (message, text) => send('POST', '/api/reply', { message, text });

/** @param {string} kind @param {string} mode */
const setMode = (kind, mode) => void send('PUT', `/api/carriers/${kind}`, { mode });

/** @param {string} person @param {boolean} off */
const switchPhone = (person, off) => void send('PUT', `/api/people/${encodeURIComponent(person)}`, { off });

/** The stream carries what changes from now on; what was before is read once it is open, so that nothing falls between. */
function follow() {
  const stream = new EventSource('/api/changes');
  stream.addEventListener('open', async () => {
    state.replace(await (await fetch('/api/state')).json());
    board.showConnection('connected');
    board.render();
  });
  stream.addEventListener('changes', (event) => {
    board.announce(state.apply(JSON.parse(event.data)));
    requestAnimationFrame(() => board.render());
  });
  stream.addEventListener('error', () => board.showConnection('lost'));
}

showBoard();
follow();
