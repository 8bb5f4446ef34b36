/**
 * An SMS centre that does what it is told on its standard input, for tests. One command a line, as JSON with an id; one answer a line: `= ID JSON`.
 *
 *   {"id": 1, "do": "script", "afterwards": "accept", "next": ["refuse", "throttle", "silence", "hang-up"]}
 *   {"id": 2, "do": "received"}          -> [{"to", "text"}]
 *   {"id": 3, "do": "break-silence"}     answers all that were left without an answer
 *   {"id": 4, "do": "down"}   {"id": 5, "do": "up"}
 *   {"id": 6, "do": "receipt", "message": "0000001a", "state": "DELIVRD"}   -> whether it was acknowledged
 *   {"id": 7, "do": "reply", "from": "+33612345678", "text": "1"}           -> whether it was acknowledged
 *
 * It begins by writing `listening PORT`, and ends when its input closes.
 */
import { createInterface } from 'node:readline';
import smpp from 'smpp';
import { SmsCentre } from './centre.js';

/** @type {string[]} */
let next = [];
let afterwards = 'accept';
/** @type {{ to: string, text: string | null }[]} */
const received = [];
/** @type {(() => void)[]} */
let silenced = [];

const STATUS = { refuse: smpp.ESME_RINVDSTADR, throttle: smpp.ESME_RTHROTTLED };

const centre = new SmsCentre({
  host: '127.0.0.1',
  port: 0,
  answer(submission) {
    received.push({ to: submission.to, text: submission.text });
    const answer = next.shift() ?? afterwards;
    switch (answer) {
      case 'accept':
        return 'accept';
      case 'silence':
        return new Promise((resolve) => silenced.push(() => resolve('accept')));
      case 'hang-up':
        centre.hangUp();
        return 'silence';
      case 'refuse':
      case 'throttle':
        return { status: STATUS[answer] };
      default:
        throw new Error(`no such answer: ${answer}`);
    }
  },
});

/** @type {Record<string, (command: any) => unknown>} */
const commands = {
  script(command) {
    ({ afterwards, next } = command);
  },
  received: () => received,
  'break-silence'() {
    const waiting = silenced;
    silenced = [];
    for (const answer of waiting) answer();
  },
  down: () => centre.close(),
  up: () => centre.open(),
  receipt: (command) => centre.sendReceipt({ id: command.message, from: '38000', to: '+33600000000', state: command.state }),
  reply: (command) => centre.sendText({ from: command.from, to: '38000', text: command.text }),
};

await centre.open();
console.log(`listening ${centre.port}`);
createInterface({ input: process.stdin })
  .on('line', async (line) => {
    const command = JSON.parse(line);
    console.log(`= ${command.id} ${JSON.stringify((await commands[command.do](command)) ?? null)}`);
  })
  .on('close', () => process.exit(0));
