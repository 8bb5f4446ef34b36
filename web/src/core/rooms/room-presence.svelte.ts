import { type Bytes, equalBytes, toHex } from '../../e2ee/bytes';
import { currentEra } from '../../e2ee/rooms/replay';
import { openSignal, sealSignal, type Signal, type SignalKind } from '../../e2ee/rooms/signal';
import { ApiError } from '../../transport/api-error';
import { fromBase64, personOf } from '../devices/account-bytes';
import type { DeviceDirectory } from '../devices/device-directory';
import type { ThisDevice } from '../devices/device-keys';
import type { RoomLog } from './room-log';
import type { SignalChoice } from './signal-choice.svelte';
import type { SignalService } from './signal-service';

/** In larger rooms nobody tells: it would be many signals for a number that says little. */
export const mostTelling = 50;
/** Who goes on typing says so this often; who has said nothing for longer than the second no longer types. */
const typingEvery = 4000;
const typingLasts = 7000;
/** How long somebody may look before the others are told; many entries in a row are told once. */
const readingAfter = 1500;

/**
 * Who types and how far each has read, as they let the others know. Sealed under the room's keys and signed by a device of the directory whose identity is in the room's roster: the server
 * passes it on, and can hold it back or show an old one, which changes nothing.
 */
export class RoomPresence {
  /** Accounts of others who type now. */
  typing = $state.raw<readonly string[]>([]);
  /** By account of others, the last entry that they have read. */
  private read = $state.raw<ReadonlyMap<string, number>>(new Map());
  private readonly numbers = new Map<string, bigint>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private lastNumber = 0n;
  private typedAt = -Infinity;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private told = 0;

  constructor(
    private readonly log: RoomLog,
    private readonly device: ThisDevice,
    private readonly directory: Pick<DeviceDirectory, 'deviceOf'>,
    private readonly service: SignalService,
    private readonly choice: () => SignalChoice,
    private readonly now: () => number = () => Date.now(),
  ) {}

  /** Nobody tells in a larger room. */
  get isTold(): boolean {
    return this.log.state.roster.size <= mostTelling;
  }

  /** Accounts of others in the room who have read this entry. */
  readersOf(seq: number): readonly string[] {
    return [...this.read].filter(([account, read]) => read >= seq && this.log.state.roster.has(account)).map(([account]) => account);
  }

  /** How far each has read, of those who told: for whoever opens the room. Nothing where this person does not tell. */
  async load(): Promise<void> {
    if (!this.choice().receipts || !this.isTold) return;
    await ignoringRefusals(async () => {
      for (const receipt of await this.service.receipts(this.id)) await this.take(receipt);
    });
  }

  /** As the line brings it, in base64. */
  async receive(signal: string): Promise<void> {
    const bytes = fromBase64(signal);
    if (bytes !== null) await this.take(bytes);
  }

  async take(bytes: Bytes): Promise<void> {
    const { room } = this.log;
    const opened = await openSignal(
      bytes,
      room,
      (era) => this.log.keyOf(era),
      (account, device) => this.deviceKey(account, device),
    );
    if (!opened.ok) return;
    const { kind, account, device, number, isOn, head } = opened.value;
    if (equalBytes(account, this.device.account)) return;
    const from = `${kind} ${toHex(device)}`;
    if (number <= (this.numbers.get(from) ?? -1n)) return;
    this.numbers.set(from, number);
    // Of another chain than this one it says nothing; that there is another, entries show, which stay.
    const own = this.log.state.heads.at(head.seq);
    if (own !== undefined && !equalBytes(own, head.hash)) return;
    if (kind === 'reading' && this.choice().receipts) this.noteRead(toHex(account), Number(head.seq));
    // One that lay somewhere for long tells nothing any more.
    if (kind === 'typing' && this.choice().typing) this.noteTyping(toHex(account), isOn && Math.abs(this.now() - Number(number)) < 60_000);
  }

  /** This person types: the others are told now and then, as long as it goes on. */
  async tellTyping(): Promise<void> {
    if (!this.choice().typing || !this.isTold || this.now() - this.typedAt < typingEvery) return;
    this.typedAt = this.now();
    await this.send('typing', true);
  }

  /** What was typed is sent or gone. */
  async tellTypingEnded(): Promise<void> {
    if (this.typedAt === -Infinity) return;
    this.typedAt = -Infinity;
    if (this.choice().typing && this.isTold) await this.send('typing', false);
  }

  /** This person has read everything up to the head. */
  tellRead(): void {
    if (!this.choice().receipts || !this.isTold || Number(this.log.head.seq) <= this.told) return;
    this.telling ??= setTimeout(() => {
      this.telling = undefined;
      this.told = Number(this.log.head.seq);
      void this.send('reading', true);
    }, readingAfter);
  }

  /** Takes back what was told of reading. */
  async forget(): Promise<void> {
    clearTimeout(this.telling);
    this.telling = undefined;
    this.told = 0;
    this.read = new Map();
    await ignoringRefusals(() => this.service.keepReceipt(this.id, null));
  }

  private get id(): string {
    return personOf(this.log.room);
  }

  private async send(kind: SignalKind, isOn: boolean): Promise<void> {
    const era = currentEra(this.log.state);
    const key = this.log.keyOf(era);
    if (key === undefined) return;
    const { account, device, signer } = this.device;
    // Two in one millisecond are told apart.
    this.lastNumber = BigInt(Math.max(this.now(), Number(this.lastNumber) + 1));
    const signal: Signal = { kind, isOn, account, device, number: this.lastNumber, head: this.log.head };
    const sealed = await sealSignal(signer, this.log.room, era, key, signal);
    await ignoringRefusals(() => (kind === 'reading' ? this.service.keepReceipt(this.id, sealed) : this.service.send(this.id, sealed)));
  }

  /** Of a device that the directory has, of the identity that the room's roster has. */
  private deviceKey(account: Bytes, device: Bytes): Bytes | undefined {
    const member = this.log.state.roster.get(toHex(account));
    const certificate = this.directory.deviceOf(account, device);
    if (member === undefined || certificate === null || !equalBytes(certificate.identityKey, member.signingKey)) return undefined;
    return certificate.deviceKey;
  }

  private noteRead(account: string, seq: number): void {
    if (seq <= (this.read.get(account) ?? 0)) return;
    this.read = new Map(this.read).set(account, seq);
  }

  private noteTyping(account: string, isOn: boolean): void {
    clearTimeout(this.timers.get(account));
    this.timers.delete(account);
    const others = this.typing.filter((one) => one !== account);
    this.typing = isOn ? [...others, account] : others;
    if (!isOn) return;
    this.timers.set(
      account,
      setTimeout(() => this.noteTyping(account, false), typingLasts),
    );
  }
}

/** What cannot be told now is worth nothing later. */
async function ignoringRefusals(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}
