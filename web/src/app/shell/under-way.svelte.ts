import { may } from '../../core/access';
import { exerciseIsUnderWay, setUnderWay } from '../../core/mode.svelte';
import { resource } from '../../core/resource.svelte';
import { api } from '../../core/server';
import type { AlertMode } from '../../transport/contract/content';

/** Who is not shown an alert is not told of its end either, unless it is sent to them: asked again while an exercise runs. */
const recheckMilliseconds = 30_000;

const most = 100;

async function runningModes(signal: AbortSignal): Promise<readonly AlertMode[]> {
  const query = { state: 'active', limit: most };
  const page = may('alerts.watch') ? await api.get('/api/v1/alerts', { query, signal }) : await api.get('/api/v1/me/alerts', { query, signal });
  return page.items.map((alert) => alert.mode);
}

/** Keeps the exercise band true while the shell is shown: from the first answer, then live. */
export function followUnderWay(): void {
  const modes = resource(runningModes, { refreshOn: ['alert.raised', 'alert.followed-up', 'alert.expired', 'alert.arrived'] });
  $effect(() => {
    if (modes.value) setUnderWay({ exercise: modes.value.includes('exercise'), real: modes.value.includes('real') });
  });
  $effect(() => {
    if (!exerciseIsUnderWay()) return;
    const timer = setInterval(() => modes.loadSoon(), recheckMilliseconds);
    return () => clearInterval(timer);
  });
}
