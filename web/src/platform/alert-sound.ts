/** One sound per severity, made here: nothing to fetch, nothing to miss. Each is a row of tones: hertz, beginning and length in seconds. */
type Tone = readonly [hertz: number, at: number, length: number];

export type SoundSeverity = 'info' | 'advisory' | 'severe' | 'extreme';

const sounds: Readonly<Record<SoundSeverity, readonly Tone[]>> = {
  info: [[660, 0, 0.25]],
  advisory: [
    [660, 0, 0.2],
    [880, 0.25, 0.3],
  ],
  severe: [
    [740, 0, 0.2],
    [988, 0.25, 0.2],
    [740, 0.5, 0.2],
    [988, 0.75, 0.35],
  ],
  extreme: [
    [960, 0, 0.28],
    [770, 0.3, 0.28],
    [960, 0.6, 0.28],
    [770, 0.9, 0.28],
    [960, 1.2, 0.28],
    [770, 1.5, 0.28],
  ],
};

/** Danger to life sounds until somebody looks; the rest once. */
const repeatEveryMilliseconds = 2_600;

/** Plays it; returns how to stop. A browser that has not been touched yet may refuse to sound: the page takes the screen all the same. */
export function soundAlert(severity: SoundSeverity): () => void {
  if (!('AudioContext' in window)) return () => undefined;
  const context = new AudioContext();
  const play = (): void => {
    for (const tone of sounds[severity]) playTone(context, tone);
  };
  play();
  const timer = severity === 'extreme' ? setInterval(play, repeatEveryMilliseconds) : undefined;
  return () => {
    clearInterval(timer);
    void context.close();
  };
}

/** An exercise is never sounded as the real thing: its word is spoken where the device has a voice, and nothing sounds where it has none. */
export function speakMark(word: string, language: 'fr' | 'en'): () => void {
  if (!('speechSynthesis' in window)) return () => undefined;
  const spoken = new SpeechSynthesisUtterance(word.toLowerCase());
  spoken.lang = language === 'fr' ? 'fr-FR' : 'en-GB';
  speechSynthesis.speak(spoken);
  return () => speechSynthesis.cancel();
}

function playTone(context: AudioContext, [hertz, at, length]: Tone): void {
  const begins = context.currentTime + at;
  const oscillator = context.createOscillator();
  const gain = context.createGain();
  oscillator.type = 'triangle';
  oscillator.frequency.value = hertz;
  // Rises and falls over 20 ms: a hard edge would click.
  gain.gain.setValueAtTime(0, begins);
  gain.gain.linearRampToValueAtTime(0.4, begins + 0.02);
  gain.gain.setValueAtTime(0.4, begins + length - 0.02);
  gain.gain.linearRampToValueAtTime(0, begins + length);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(begins);
  oscillator.stop(begins + length);
}
