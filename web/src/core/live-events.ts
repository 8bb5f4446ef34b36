import type { EventBatch, ServerEvent } from '../transport/event-feed';

type Receive = (events: readonly ServerEvent[]) => void;

interface Subscription {
  readonly prefixes: readonly string[];
  readonly receive: Receive;
  readonly reset: () => void;
}

/** Hands what happened on the server to whoever shows it. */
class LiveEvents {
  private readonly subscriptions = new Set<Subscription>();

  /**
   * `receive` gets the events whose kind begins with one of `prefixes`; `reset` is called when everything must be fetched afresh.
   * Returns how to stop.
   */
  on(prefixes: readonly string[], receive: Receive, reset: () => void = () => receive([])): () => void {
    const subscription = { prefixes, receive, reset };
    this.subscriptions.add(subscription);
    return () => this.subscriptions.delete(subscription);
  }

  deliver(batch: EventBatch): void {
    for (const subscription of [...this.subscriptions]) {
      if (batch.reset) subscription.reset();
      const wanted = batch.events.filter((event) => subscription.prefixes.some((prefix) => event.kind.startsWith(prefix)));
      if (wanted.length > 0) subscription.receive(wanted);
    }
  }
}

export const liveEvents = new LiveEvents();
