import { type Bytes, equalBytes, toHex } from '../../../../src/e2ee/bytes';
import { emptyLogHead, type LogHead, nextLogHead } from '../../../../src/e2ee/identities/directory-log';
import { openDevice, type OpenedDevice } from '../../../../src/core/devices/device-opening';
import type { HandoverMailbox, HandoverMessage, HandoverService } from '../../../../src/core/devices/handover-service';
import type { IdentityService } from '../../../../src/core/devices/identity-service';
import type { DeviceStore } from '../../../../src/platform/device-store';
import { ApiError } from '../../../../src/transport/api-error';

/** A browser's database that lives as long as the test. */
export class MemoryDeviceStore implements DeviceStore {
  readonly values = new Map<string, unknown>();

  read(key: string): Promise<unknown> {
    return Promise.resolve(this.values.get(key));
  }

  write(values: ReadonlyMap<string, unknown>): Promise<void> {
    for (const [key, value] of values) this.values.set(key, value);
    return Promise.resolve();
  }

  removeAll(prefix: string): Promise<void> {
    for (const key of [...this.values.keys()]) if (key.startsWith(prefix)) this.values.delete(key);
    return Promise.resolve();
  }
}

/** A server's directory log in memory: honest about places and hashes, but it looks at no signature, so that tests can make it lie. */
export class MemoryDirectoryLog implements IdentityService {
  readonly entries: Bytes[] = [];
  readonly heads: LogHead[] = [emptyLogHead];
  isReachable = true;
  /** What the next publication is refused with. */
  refusal: string | null = null;

  async read(after: bigint): Promise<{ readonly entries: readonly Bytes[]; readonly head: LogHead }> {
    if (!this.isReachable) throw ApiError.unreachable();
    return { entries: this.entries.slice(Number(after), Number(after) + 3), head: this.head };
  }

  async publish(entries: readonly Bytes[]): Promise<void> {
    if (!this.isReachable) throw ApiError.unreachable();
    if (this.refusal !== null) throw new ApiError(this.refusal, 409, this.refusal);
    for (const entry of entries) if (!this.entries.some((known) => equalBytes(known, entry))) await this.append(entry);
  }

  reset(entries: readonly Bytes[]): Promise<void> {
    return this.publish(entries);
  }

  async append(entry: Bytes): Promise<void> {
    this.entries.push(entry);
    this.heads.push(await nextLogHead(this.head, entry));
  }

  /** As if everything after had never been written. */
  forget(after: number): void {
    this.entries.length = after;
    this.heads.length = after + 1;
  }

  get head(): LogHead {
    return this.heads.at(-1) ?? emptyLogHead;
  }
}

/** This browser, or another with a store of its own, opening its device on the log. */
export function openOn(log: MemoryDirectoryLog, personId: string, store: DeviceStore = new MemoryDeviceStore()): Promise<OpenedDevice> {
  return openDevice({ service: log, store, personId, now: () => 1_700_000_000_000 });
}

/** A device of a new person on the log. */
export async function readyOn(
  log: MemoryDirectoryLog,
  personId: string = crypto.randomUUID(),
  store: DeviceStore = new MemoryDeviceStore(),
): Promise<OpenedDevice & { readonly kind: 'ready' }> {
  const opened = await openOn(log, personId, store);
  if (opened.kind !== 'ready') throw new Error(`not ready: ${opened.because}`);
  return opened;
}

/** A server's mailbox in memory. Tests may change what lies in it, as a server can. */
export class MemoryHandovers implements HandoverService {
  readonly boxes = new Map<string, { introduction: Bytes | null; opening: Bytes | null; sealed: Bytes | null }>();
  /** What every request is refused with from now on. */
  refusal: string | null = null;

  open(commitment: Bytes): Promise<HandoverMailbox> {
    if (!this.boxes.has(toHex(commitment))) this.boxes.set(toHex(commitment), { introduction: null, opening: null, sealed: null });
    return this.read(commitment);
  }

  read(commitment: Bytes): Promise<HandoverMailbox> {
    return this.answer(() => ({ expiresAt: 1_700_000_600_000, ...this.box(commitment) }));
  }

  write(commitment: Bytes, message: HandoverMessage, bytes: Bytes): Promise<void> {
    return this.answer(() => {
      const box = this.box(commitment);
      if (box[message] !== null && !equalBytes(box[message], bytes)) throw new ApiError('handover-out-of-order', 409, 'taken');
      box[message] = bytes;
    });
  }

  end(commitment: Bytes): Promise<void> {
    return this.answer(() => {
      this.boxes.delete(toHex(commitment));
      this.ended.add(toHex(commitment));
    });
  }

  get only(): { introduction: Bytes | null; opening: Bytes | null; sealed: Bytes | null } {
    const [box] = this.boxes.values();
    if (box === undefined) throw new Error('no hand-over');
    return box;
  }

  private readonly ended = new Set<string>();

  private answer<Value>(value: () => Value): Promise<Value> {
    return Promise.resolve().then(() => {
      if (this.refusal !== null) throw new ApiError(this.refusal, 410, this.refusal);
      return value();
    });
  }

  private box(commitment: Bytes) {
    const box = this.boxes.get(toHex(commitment));
    if (box !== undefined) return box;
    throw this.ended.has(toHex(commitment)) ? new ApiError('handover-ended', 410, 'ended') : new ApiError('not-found', 404, 'none');
  }
}
