import type { HandoverProgress } from '../../../core/devices/device-handover';
import { followHandover } from '../../../core/devices/own-identity.svelte';

/** What a side can do. `End` is how it ends well there. */
interface HandoverSide<End> {
  proceed: () => Promise<HandoverProgress | End>;
  confirm: () => Promise<HandoverProgress | End>;
  refuse: () => Promise<void>;
}

interface Course {
  /** Whether the other device is told that it is over where the person leaves the page with the progress that is given. */
  endsOnLeaving: (kind: HandoverProgress['kind']) => boolean;
}

/**
 * A hand-over as the page of one side shows and steers it.
 * Made while a component is made, and over with it: nobody is left waiting before a device whose person has gone on.
 */
export class HandoverCourse<Side extends HandoverSide<End>, End extends { readonly kind: string }> {
  side = $state.raw<Side | undefined>();
  progress = $state.raw<HandoverProgress | End>({ kind: 'waiting' });
  /** The person said that the codes are not the same. */
  differed = $state(false);
  busy = $state(false);
  failure = $state<unknown>();
  private readonly current = $derived(this.side !== undefined && !this.differed && isUnderWay(this.progress) ? this.side : undefined);

  constructor({ endsOnLeaving }: Course) {
    $effect(() => {
      const side = this.current;
      return side && followHandover(() => void this.step(() => side.proceed()));
    });
    $effect(() => () => {
      if (this.current && isUnderWay(this.progress) && endsOnLeaving(this.progress.kind)) void this.current.refuse().catch(() => undefined);
    });
  }

  begin(side: Side): void {
    [this.side, this.progress, this.differed] = [side, { kind: 'waiting' }, false];
  }

  /** Nothing goes on here, and nothing is said of what went on. */
  clear(): void {
    [this.side, this.progress, this.differed] = [undefined, { kind: 'waiting' }, false];
  }

  async step(doing: () => Promise<HandoverProgress | End>): Promise<void> {
    try {
      this.progress = await doing();
      this.failure = undefined;
    } catch (error) {
      this.failure = error;
    }
  }

  /** What the person asked for, one thing at a time. */
  async run(doing: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = undefined;
    try {
      await doing();
    } catch (error) {
      this.failure = error;
    } finally {
      this.busy = false;
    }
  }

  confirm(): Promise<void> {
    return this.run(() => this.step(() => (this.side as Side).confirm()));
  }

  differ(): Promise<void> {
    return this.run(async () => {
      this.differed = true;
      await this.side?.refuse();
    });
  }
}

function isUnderWay(progress: { readonly kind: string }): progress is Exclude<HandoverProgress, { readonly kind: 'failed' }> {
  return progress.kind === 'waiting' || progress.kind === 'compare' || progress.kind === 'confirmed';
}
