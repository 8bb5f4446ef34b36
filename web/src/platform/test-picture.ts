const width = 640;
const height = 360;
const picturesPerSecond = 20;

/**
 * A picture of noise that is another one each time: no codec can make it small, so it fills what a line carries up to the encoder's limit.
 * The caller stops it.
 */
export function testPicture(): { readonly track: MediaStreamTrack; stop(): void } {
  const noise = paintNoise();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d');
  let step = 0;
  const timer = setInterval(() => {
    // Another part of the noise each time; strides that share no factor with its size.
    step += 1;
    context?.drawImage(noise, -((step * 97) % width), -((step * 61) % height));
  }, 1000 / picturesPerSecond);
  const [track] = canvas.captureStream(picturesPerSecond).getVideoTracks();
  if (!track) throw new Error('A canvas gives a track.');
  return {
    track,
    stop() {
      clearInterval(timer);
      track.stop();
    },
  };
}

function paintNoise(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  const context = canvas.getContext('2d');
  const image = context?.createImageData(canvas.width, canvas.height);
  if (context && image) {
    for (let i = 0; i < image.data.length; i += 4) {
      const shade = Math.random() * 255;
      image.data.set([shade, shade, shade, 255], i);
    }
    context.putImageData(image, 0, 0);
  }
  return canvas;
}

/** Two short tones, to hear whether the speaker works. Resolves when they are over. */
export async function playTestSound(deviceId: string): Promise<void> {
  const context = new AudioContext();
  try {
    if (deviceId && 'setSinkId' in context)
      await (context as AudioContext & { setSinkId(id: string): Promise<void> }).setSinkId(deviceId).catch(() => undefined);
    const volume = context.createGain();
    volume.gain.value = 0.2;
    volume.connect(context.destination);
    const tone = context.createOscillator();
    tone.frequency.setValueAtTime(440, context.currentTime);
    tone.frequency.setValueAtTime(660, context.currentTime + 0.35);
    tone.connect(volume);
    const ended = new Promise((done) => tone.addEventListener('ended', done));
    tone.start();
    tone.stop(context.currentTime + 0.7);
    await ended;
  } finally {
    void context.close();
  }
}
