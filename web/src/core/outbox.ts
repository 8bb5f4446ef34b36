import type { KeptCommand, OutboxStore } from '../platform/outbox-store';
import { ApiError } from '../transport/api-error';
import type { Api, CommandMethod } from '../transport/api';

export interface OutboxListener {
  /** The number waiting changed. */
  waiting(count: number): void;
  /** The server took one that had waited. */
  left(command: KeptCommand): void;
  /** The server refused one for good: it is no longer kept, and the person must know. */
  refused(command: KeptCommand, error: ApiError): void;
}

export type Handed = 'sent' | 'kept';

/** A server that breaks at a command is asked again this often: its database may be away for a moment. A command that it always breaks at must not hold up what waits behind. */
const mostBreakdowns = 5;

/**
 * Commands that must leave in the end: sent at once where the server answers, kept in order where it does not, and sent when it is back.
 * Each carries the same idempotency key in every try, so that an answer lost on the way back does not count twice.
 */
export class Outbox {
  private draining: Promise<void> | undefined;
  private next: Promise<void> | undefined;
  private readonly breakdowns = new Map<string, number>();

  constructor(
    private readonly store: OutboxStore,
    private readonly api: Pick<Api, 'sendKept'>,
    private readonly listener: OutboxListener,
    private readonly now: () => number = Date.now,
  ) {}

  /** Throws the server's refusal; never throws because the link is down. */
  async hand(account: string, label: string, method: CommandMethod, path: string, body: unknown): Promise<Handed> {
    const idempotencyKey = crypto.randomUUID();
    // What waits goes first: an older answer must not overtake a newer one.
    if ((await this.waitingFor(account)).length === 0) {
      try {
        await this.api.sendKept(method, path, body, { idempotencyKey });
        return 'sent';
      } catch (error) {
        if (!(error instanceof ApiError) || !this.isWorthTrying(idempotencyKey, error)) throw error;
      }
    }
    await this.store.add({ account, label, method, path, body, idempotencyKey, keptAt: this.now() });
    await this.tell(account);
    return 'kept';
  }

  /** Sends what waits, oldest first; stops at the first that can't leave now. Asked for while that is under way, it is done once more after it: something may have come to wait meanwhile. */
  drain(account: string): Promise<void> {
    if (this.draining === undefined) return (this.draining = this.sendAll(account).finally(() => (this.draining = undefined)));
    this.next ??= this.draining.then(() => {
      this.next = undefined;
      return this.drain(account);
    });
    return this.next;
  }

  private async sendAll(account: string): Promise<void> {
    for (const command of await this.waitingFor(account)) {
      try {
        await this.api.sendKept(command.method, command.path, command.body, { idempotencyKey: command.idempotencyKey });
        await this.forget(command);
        this.listener.left(command);
      } catch (error) {
        if (!(error instanceof ApiError) || error.code === 'not-signed-in' || this.isWorthTrying(command.idempotencyKey, error)) break;
        await this.forget(command);
        this.listener.refused(command, error);
      }
    }
    await this.tell(account);
  }

  private isWorthTrying(idempotencyKey: string, error: ApiError): boolean {
    if (error.isPassing || error.status === 408) return true;
    if (error.status < 500) return false;
    const times = (this.breakdowns.get(idempotencyKey) ?? 0) + 1;
    this.breakdowns.set(idempotencyKey, times);
    return times < mostBreakdowns;
  }

  private async forget(command: KeptCommand): Promise<void> {
    this.breakdowns.delete(command.idempotencyKey);
    await this.store.remove(command.position);
  }

  private async waitingFor(account: string): Promise<KeptCommand[]> {
    return (await this.store.all()).filter((command) => command.account === account);
  }

  private async tell(account: string): Promise<void> {
    this.listener.waiting((await this.waitingFor(account)).length);
  }
}
