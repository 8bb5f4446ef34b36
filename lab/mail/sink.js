import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { readMail } from './read.js';
import { MailServer } from './server.js';

// A mail server for tests, scripted over standard input by one JSON object a line; each is answered by one on standard output with the same "id":
//   {"id": 1, "do": "script", "afterwards": "accept", "next": ["accept", "refuse"]}   verdicts for the next mails, and for every one after them
//   {"id": 2, "do": "received"}                                                       what has come: {"mails": [{"from", "to", "subject", "text", "html", "headers"}]}
//   {"id": 3, "do": "break-silence"} {"id": 4, "do": "down"} {"id": 5, "do": "up"}
// It ends when its standard input does.

const { values } = parseArgs({
  options: {
    step: { type: 'string', default: 'content' },
    'no-pipelining': { type: 'boolean', default: false },
    user: { type: 'string' },
    password: { type: 'string' },
    'auth-method': { type: 'string', multiple: true },
    tls: { type: 'string' },
    certificate: { type: 'string' },
    key: { type: 'string' },
  },
});

/** @type {import('./server.js').HandedMail[]} */
const received = [];
let script = { afterwards: 'accept', next: /** @type {import('./server.js').MailVerdict[]} */ ([]) };

const server = new MailServer({
  decide: (_to, step) => (step === values.step ? (script.next.shift() ?? /** @type {import('./server.js').MailVerdict} */ (script.afterwards)) : 'accept'),
  onMail: (mail) => {
    received.push(mail);
  },
  smtp: {
    hidePIPELINING: values['no-pipelining'],
    ...(values.tls === undefined
      ? {}
      : {
          secure: values.tls === 'implicit',
          disabledCommands: [],
          cert: readFileSync(/** @type {string} */ (values.certificate)),
          key: readFileSync(/** @type {string} */ (values.key)),
        }),
    ...(values.user === undefined
      ? {}
      : {
          authOptional: false,
          allowInsecureAuth: true,
          authMethods: values['auth-method'],
          onAuth: ({ username, password }, _session, callback) =>
            username === values.user && password === values.password
              ? callback(null, { user: username })
              : callback(Object.assign(new Error('5.7.8 Authentication refused'), { responseCode: 535 })),
        }),
  },
});

const commands = {
  script: ({ afterwards, next }) => {
    script = { afterwards, next };
  },
  received: async () => ({
    mails: await Promise.all(received.map(async ({ from, to, raw }) => ({ from, to, ...(await readMail(raw)) }))),
  }),
  'break-silence': () => server.breakSilence(),
  down: () => server.close(),
  up: () => server.open(),
};

await server.open();
console.log(JSON.stringify({ ready: true, port: server.port }));
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  console.log(JSON.stringify({ id: command.id, ...(await commands[command.do](command)) }));
}
await server.close();
