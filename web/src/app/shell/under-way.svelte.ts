import { may } from '../../core/access';
import { exerciseIsUnderWay, setUnderWay, type UnderWay } from '../../core/mode.svelte';
import { resource } from '../../core/resource.svelte';
import { api } from '../../core/server';

/** Who only receives alerts is not told of an alert's end, unless that is sent to them: asked again while an exercise runs. */
const recheckMilliseconds = 30_000;

const most = 100;

/** Everyone with a role of the crisis, and administrators, see every exercise's band; all others that of an exercise that was sent to them. */
async function readUnderWay(signal: AbortSignal): Promise<UnderWay> {
  if (may('alerts.underWay')) return api.get('/api/v1/alerts/under-way', { signal });
  const page = await api.get('/api/v1/me/alerts', { query: { state: 'active', limit: most }, signal });
  const modes = page.items.map((alert) => alert.mode);
  return { exercise: modes.includes('exercise'), real: modes.includes('real') };
}

/** Keeps the exercise band true while the shell is shown: from the first answer, then live. */
export function followUnderWay(): void {
  const read = resource(readUnderWay, { refreshOn: ['alert.raised', 'alert.under-way', 'alert.followed-up', 'alert.expired', 'alert.arrived'] });
  $effect(() => {
    if (read.value) setUnderWay(read.value);
  });
  $effect(() => {
    if (!exerciseIsUnderWay()) return;
    const timer = setInterval(() => read.loadSoon(), recheckMilliseconds);
    return () => clearInterval(timer);
  });
}
