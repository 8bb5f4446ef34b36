import { type Bytes, toHex, utf8 } from '../../e2ee/bytes';
import type { DeviceCertificate } from '../../e2ee/identities/device-certificate';
import {
  appendAllToDirectory,
  compareHeads,
  type Directory,
  emptyDirectory,
  emptyLogHead,
  findDevice,
  type KnownAccount,
  type LogEvent,
  type LogHead,
  type LogRefusal,
  reopenDirectory,
} from '../../e2ee/identities/directory-log';
import { DirectoryPages, type KeptEntry } from './directory-pages';
import { differs, type Pin, Pins } from './pins';
import type { SealedStore } from './sealed-store';

/** Where the log comes from: the server, or in tests a log in memory. */
export interface DirectorySource {
  /** Entries after a number, in order, and the head of all. */
  read(after: bigint): Promise<{ readonly entries: readonly Bytes[]; readonly head: LogHead }>;
}

/** What an honest server cannot have done. Once there is one, nothing further of the log is believed. */
export type DirectoryProblem =
  /** An entry that nobody signed so: the server wrote it in spite of that. */
  | { readonly kind: 'refused'; readonly number: number; readonly code: LogRefusal }
  /** The server tells this device another history than before, or than somebody else. */
  | { readonly kind: 'forked'; readonly number: number }
  /** The server has forgotten entries: after an old backup was restored, or to hide them. */
  | { readonly kind: 'shortened'; readonly number: number };

/**
 * `unknown`: has no identity. `seen`: the one that this device was shown first. `verified`: compared with the person. `changed`: another one than was counted on, which nobody here
 * has accepted yet.
 */
export type Trust = 'unknown' | 'seen' | 'verified' | 'changed';

/**
 * Who has which identity and which devices, as this device has verified it: the server's log, replayed entry by entry and kept sealed in the browser. Rooms and calls believe
 * this and not the server.
 */
export class DeviceDirectory {
  private readonly listeners = new Set<(events: readonly LogEvent[]) => void>();
  private turn: Promise<void> = Promise.resolve();

  private constructor(
    private readonly source: DirectorySource,
    private readonly store: SealedStore,
    private readonly pages: DirectoryPages,
    private readonly pins: Pins,
    private directory: Directory,
    private kept: KeptEntry[],
    private found: DirectoryProblem | null,
  ) {}

  /** From the browser's database alone: good also without a server. */
  static async open(source: DirectorySource, store: SealedStore): Promise<DeviceDirectory> {
    const pages = new DirectoryPages(store);
    const kept = [...(await pages.read())];
    const last = kept.at(-1);
    const head = last === undefined ? emptyLogHead : { number: BigInt(kept.length), hash: last.hash };
    const reopened = await reopenDirectory(
      kept.map(({ entry }) => entry),
      head,
    );
    const problem = await store.read(problemName);
    return new DeviceDirectory(
      source,
      store,
      pages,
      await Pins.open(store),
      reopened ?? emptyDirectory,
      reopened === null ? [] : kept,
      problem === null ? null : (JSON.parse(new TextDecoder().decode(problem)) as DirectoryProblem | null),
    );
  }

  get head(): LogHead {
    return this.directory.head;
  }

  get problem(): DirectoryProblem | null {
    return this.found;
  }

  /** The present identity, its fingerprint and its devices. */
  identityOf(account: Uint8Array): KnownAccount | undefined {
    return this.directory.accounts.get(toHex(account));
  }

  /** Of everybody who has an identity now. */
  fingerprints(): readonly Bytes[] {
    return [...this.directory.accounts.values()].map(({ fingerprint }) => fingerprint);
  }

  /** The certificate of a device that is the account's and not revoked. */
  deviceOf(account: Uint8Array, device: Uint8Array): DeviceCertificate | null {
    return findDevice(this.directory, account, device);
  }

  trustIn(account: Uint8Array): Trust {
    const known = this.identityOf(account);
    if (known === undefined) return 'unknown';
    const pin = this.pins.of(account);
    if (pin === undefined) return 'seen';
    if (differs(pin, known.fingerprint)) return 'changed';
    return pin.verified ? 'verified' : 'seen';
  }

  /** Account ids in hexadecimal. */
  changedAccounts(): readonly string[] {
    return this.pins.changedIn((account) => this.directory.accounts.get(account)?.fingerprint);
  }

  /** From here on the present identity is the one counted on. `verified` says that it was compared with the person. */
  async accept(account: Uint8Array, { verified }: Pick<Pin, 'verified'>): Promise<void> {
    const known = this.identityOf(account);
    if (known === undefined) return;
    await this.pins.set([{ account, fingerprint: known.fingerprint, verified }]);
    this.tell([]);
  }

  /** What a head that somebody else shows says of the server: a fork stays as a problem. */
  async compare(shown: LogHead): Promise<'same' | 'behind-us' | 'ahead-of-us' | 'forked'> {
    const outcome = compareHeads(this.history(), shown);
    if (outcome === 'forked') await this.stopAt({ kind: 'forked', number: Number(shown.number) });
    return outcome;
  }

  /** Reads what is new; one at a time. Fails where the source does. */
  sync(): Promise<void> {
    const next = this.turn.then(() => this.readNew());
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** Reads everything anew, as after an old backup was restored; whoever has another identity then shows as changed. */
  async startOver(): Promise<void> {
    const pinned = [...this.directory.accounts.values()].filter(({ identity }) => this.pins.of(identity.account) === undefined);
    await this.pins.set(pinned.map(({ identity, fingerprint }) => ({ account: identity.account, fingerprint, verified: false })));
    await this.pages.clear();
    this.directory = emptyDirectory;
    this.kept = [];
    await this.note(null);
    await this.sync();
  }

  /** Told after each change, with what the log said new. @returns How to stop. */
  onChange(listener: (events: readonly LogEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async readNew(): Promise<void> {
    const before = { directory: this.directory, kept: [...this.kept] };
    const isFirst = this.head.number === 0n;
    while (this.found === null) {
      const { entries, head } = await this.source.read(this.head.number);
      await this.take(entries, isFirst);
      if (this.found !== null || this.head.number < head.number) {
        if (entries.length === 0) await this.stopAt({ kind: 'forked', number: Number(head.number) });
        continue;
      }
      const outcome = compareHeads(this.history(), head);
      if (outcome === 'forked') {
        // What was just read belongs to another history than what was known before.
        await this.goBackTo(before);
        await this.stopAt({ kind: 'forked', number: Number(head.number) });
      }
      if (outcome === 'behind-us') await this.stopAt({ kind: 'shortened', number: Number(head.number) });
      return;
    }
  }

  private async goBackTo({ directory, kept }: { readonly directory: Directory; readonly kept: KeptEntry[] }): Promise<void> {
    this.directory = directory;
    this.kept = kept;
    await this.pages.clear();
    await this.pages.write(kept, 0);
  }

  private async take(entries: readonly Bytes[], isFirst: boolean): Promise<void> {
    if (entries.length === 0) return;
    const before = this.directory;
    const { directory, events, heads, refused } = await appendAllToDirectory(before, entries);
    const known = this.kept.length;
    this.kept.push(...heads.map(({ hash }, at) => ({ entry: entries[at] ?? new Uint8Array(), hash })));
    this.directory = directory;
    await this.pages.write(this.kept, known);
    if (!isFirst) await this.pinWhatWasReplaced(before, events);
    if (refused !== null) await this.stopAt({ kind: 'refused', number: this.kept.length + 1, code: refused });
    this.tell(events);
  }

  /** Whoever this device knew with another identity shows as changed until somebody here accepts the new one. */
  private async pinWhatWasReplaced(before: Directory, events: readonly LogEvent[]): Promise<void> {
    const replaced = events.flatMap((event) => {
      const known =
        event.kind === 'identity-reset' && this.pins.of(event.account) === undefined ? before.accounts.get(toHex(event.account)) : undefined;
      return known === undefined ? [] : [{ account: event.account, fingerprint: known.fingerprint, verified: false }];
    });
    if (replaced.length > 0) await this.pins.set(replaced);
  }

  private history(): readonly Bytes[] {
    return [emptyLogHead.hash, ...this.kept.map(({ hash }) => hash)];
  }

  private async stopAt(problem: DirectoryProblem): Promise<void> {
    if (this.found !== null) return;
    await this.note(problem);
    this.tell([]);
  }

  private async note(problem: DirectoryProblem | null): Promise<void> {
    this.found = problem;
    await this.store.write(new Map([[problemName, utf8(JSON.stringify(problem))]]));
  }

  private tell(events: readonly LogEvent[]): void {
    for (const listener of [...this.listeners]) listener(events);
  }
}

const problemName = 'problem';
