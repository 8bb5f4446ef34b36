// Runs in the page before the application: what it captures is watched, and a test can unplug devices as a person would.
(() => {
  const devices = navigator.mediaDevices;
  if (!devices) return;
  const capture = devices.getUserMedia.bind(devices);
  const enumerate = devices.enumerateDevices.bind(devices);
  const meters = new Map();
  let refusal = null;
  let unplugged = null;
  const probe = {
    asked: [],
    tracks: [],
    awake: 0,
    /** The live track of this kind ends, as when its cable is pulled. */
    unplug(kind, name) {
      [refusal, unplugged] = [name, kind];
      for (const track of probe.tracks.filter((one) => one.kind === kind && one.readyState === 'live')) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    },
    plugIn() {
      refusal = unplugged = null;
      devices.dispatchEvent(new Event('devicechange'));
    },
    /** How many of the sounds that are played have been more than silence since they began. */
    heard() {
      const playing = [...document.querySelectorAll('audio')].filter((element) => element.srcObject?.getAudioTracks()[0]?.readyState === 'live' && !element.paused);
      for (const { srcObject } of playing) if (!meters.has(srcObject)) meters.set(srcObject, meter(srcObject));
      return playing.filter(({ srcObject }) => meters.get(srcObject)() > 0.001).length;
    },
  };
  function meter(stream) {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      loudest = Math.max(loudest, ...samples.map(Math.abs));
    }, 50);
    return () => loudest;
  }
  devices.getUserMedia = async (constraints) => {
    const kind = constraints.audio ? 'audio' : 'video';
    if (refusal && unplugged === kind) throw new DOMException('unplugged', refusal);
    probe.asked.push(constraints);
    const stream = await capture(constraints);
    probe.tracks.push(...stream.getTracks());
    return stream;
  };
  devices.enumerateDevices = async () => (await enumerate()).filter((one) => !refusal || one.kind !== `${unplugged}input`);
  if (navigator.wakeLock) {
    navigator.wakeLock.request = async () => {
      probe.awake += 1;
      let held = true;
      return { release: async () => { if (held) probe.awake -= 1; held = false; } };
    };
  }
  window.probe = probe;
})();
