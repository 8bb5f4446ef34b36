// Runs in the worker of a call's frames before anything of it: keeps copies of frames as they are before and after it, and does with them what a test asks for.
(() => {
  const mostKept = 400;
  const sent = [];
  const received = [];
  const openers = new Map();
  const withheld = [];
  let withholding = { participant: '', count: 0 };
  let sendsClear = false;
  let attaching;
  let attach;

  const copyOf = (data) => new Uint8Array(data).slice();
  const keep = (list, one) => {
    list.push(one);
    if (list.length > mostKept) list.shift();
  };

  Object.defineProperty(self, 'onrtctransform', { get: () => attach, set: (given) => (attach = given) });
  self.addEventListener('rtctransform', (event) => {
    attaching = event.transformer.options;
    attach?.(event);
    attaching = undefined;
  });

  async function send(options, transform, frame, to) {
    const clear = copyOf(frame.data);
    if (sendsClear) {
      keep(sent, { track: options.track, clear, sealed: clear });
      to.enqueue(frame);
      return;
    }
    await transform(frame, {
      enqueue: (passed) => {
        keep(sent, { track: options.track, clear, sealed: copyOf(passed.data) });
        to.enqueue(passed);
      },
    });
  }

  async function receive(options, transform, frame, to) {
    const { participant, track } = options;
    const sealed = copyOf(frame.data);
    openers.set(`${participant} ${track}`, transform);
    keep(received, { participant, track, sealed });
    if (track === 'audio' && participant === withholding.participant && withholding.count > 0) {
      // The last ones: of the keys that this device has when it is put out.
      withheld.push(sealed);
      if (withheld.length > withholding.count) withheld.shift();
      return;
    }
    await transform(frame, to);
  }

  self.TransformStream = class extends self.TransformStream {
    constructor(transformer, ...rest) {
      const options = attaching;
      const tapped = options?.direction === 'send' ? send : receive;
      super(options ? { ...transformer, transform: (frame, to) => tapped(options, transformer.transform, frame, to) } : transformer, ...rest);
    }
  };

  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const bytesOf = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));

  async function openAll(participant, frames) {
    const transform = openers.get(`${participant} audio`);
    let opened = 0;
    for (const frame of frames) await transform({ data: frame.slice().buffer }, { enqueue: () => (opened += 1) });
    return { given: frames.length, opened };
  }

  const answers = {
    /** What left, of the last frames: as it was, and as it went. */
    sent: () => sent.map(({ track, clear, sealed }) => ({ track, clear: base64(clear), sealed: base64(sealed) })),
    /** Voices that came from a participant since they were last asked for, as they came. */
    voices: ({ participant }) => received.splice(0).filter((one) => one.participant === participant && one.track === 'audio').map((one) => base64(one.sealed)),
    forget: () => {
      sent.length = 0;
      return true;
    },
    withhold: (given) => {
      withholding = given;
      return true;
    },
    withheld: () => withheld.length,
    openWithheld: ({ participant }) => openAll(participant, withheld.splice(0)),
    open: ({ participant, frames }) => openAll(participant, frames.map(bytesOf)),
    sendClear: () => {
      sendsClear = true;
      sent.length = 0;
      return true;
    },
  };

  const channel = new BroadcastChannel('tocsin-tap');
  channel.onmessage = async ({ data }) => {
    if (data.ask) channel.postMessage({ number: data.number, answer: await answers[data.ask](data.given ?? {}) });
  };
})();
