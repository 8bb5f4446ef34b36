import { type Bytes, sha256 } from '../../../src/e2ee/bytes';
import { certifyDevice, revokeDevice } from '../../../src/e2ee/identities/device-certificate';
import { encodeLogEntry } from '../../../src/e2ee/identities/directory-log';
import { departurePayload } from '../../../src/e2ee/rooms/departure';
import { type EntryClass, type EntryHeader, signEntry } from '../../../src/e2ee/rooms/entry';
import { eraCommitment } from '../../../src/e2ee/rooms/era-keys';
import { guestAccountOf, type Member, type MembershipChange, type Role, roomIdOf, signMembershipChange } from '../../../src/e2ee/rooms/membership';
import { currentEra, emptyRoom, replay, type ReplayOutcome, type RoomState } from '../../../src/e2ee/rooms/replay';
import { type Signer, signerFromSeed } from '../../../src/e2ee/signature';
import type { SeededRandom } from '../seeded';

/** Somebody with an identity and one device, and the room as this device has verified it. */
export class Person {
  deviceSeq = 0n;

  private constructor(
    readonly random: SeededRandom,
    readonly account: Bytes,
    readonly identity: Signer,
    readonly device: Bytes,
    readonly deviceSigner: Signer,
    readonly certificate: Bytes,
    readonly sealingKeyHash: Bytes,
    public room: RoomState,
  ) {}

  static async create(random: SeededRandom, room: Bytes, account: Bytes = random.bytes(16)): Promise<Person> {
    return Person.with(random, room, () => Promise.resolve(account));
  }

  /** Somebody whose account their keys make, in this room alone. */
  static async createGuest(random: SeededRandom, room: Bytes): Promise<Person> {
    return Person.with(random, room, (signingKey, sealingKeyHash) => guestAccountOf(room, signingKey, sealingKeyHash));
  }

  private static async with(
    random: SeededRandom,
    room: Bytes,
    accountOf: (signingKey: Bytes, sealingKeyHash: Bytes) => Promise<Bytes>,
  ): Promise<Person> {
    const identity = await signerFromSeed(random.bytes(32));
    const device = random.bytes(16);
    const deviceSigner = await signerFromSeed(random.bytes(32));
    const sealingKeyHash = await sha256(random.bytes(32));
    const account = await accountOf(identity.publicKey, sealingKeyHash);
    const certificate = await certifyDevice(identity, { account, device, deviceKey: deviceSigner.publicKey, issuedAt: 1n });
    return new Person(random, account, identity, device, deviceSigner, certificate, sealingKeyHash, await emptyRoom(room));
  }

  member(role: Role = 'member'): Member {
    return { account: this.account, signingKey: this.identity.publicKey, sealingKeyHash: this.sealingKeyHash, role };
  }

  header(entryClass: EntryClass): EntryHeader {
    const { seq, hash } = this.room.heads.head;
    return {
      room: this.room.room,
      id: this.random.bytes(16),
      device: this.device,
      deviceSeq: ++this.deviceSeq,
      seenSeq: seq,
      seenHash: hash,
      class: entryClass,
      era: currentEra(this.room),
    };
  }

  write(entryClass: EntryClass, payload: Bytes, changed: Partial<EntryHeader> = {}): Promise<Bytes> {
    return signEntry(this.deviceSigner, { ...this.header(entryClass), ...changed }, payload);
  }

  writeContent(): Promise<Bytes> {
    return this.write('content', this.random.bytes(1 + this.random.below(100)));
  }

  depart(): Promise<Bytes> {
    return this.write('departure', departurePayload);
  }

  introduce(): Promise<Bytes> {
    return this.write('device', encodeLogEntry({ kind: 'device-certificate', statement: this.certificate }));
  }

  async revoke(device: Bytes): Promise<Bytes> {
    const statement = await revokeDevice(this.identity, { account: this.account, device, revokedAt: 2n });
    return this.write('device', encodeLogEntry({ kind: 'device-revocation', statement }));
  }

  async change(change: Partial<MembershipChange>, signer: Signer = this.identity): Promise<Bytes> {
    const header = this.header('membership');
    const era = change.era ?? currentEra(this.room) + 1;
    const full = { creation: null, era, eraCommitment: await this.commitment(era), set: [], removed: [], administrator: this.account, ...change };
    return signEntry(this.deviceSigner, header, await signMembershipChange(signer, header, full));
  }

  /** The key of an era is of no interest here: its commitment is that of its number. */
  commitment(era: number): Promise<Bytes> {
    return eraCommitment(this.room.room, era, new Uint8Array(32).fill(era & 0xff));
  }

  async read(entries: readonly Uint8Array[]): Promise<ReplayOutcome[]> {
    const outcomes: ReplayOutcome[] = [];
    for (const [at, bytes] of entries.entries()) {
      if (BigInt(at) < this.room.heads.head.seq) continue;
      const { state, outcome } = await replay(this.room, BigInt(at) + 1n, bytes);
      this.room = state;
      outcomes.push(outcome);
    }
    return outcomes;
  }
}

/** A room with its creator, who is its administrator, and the entries as the server has them. */
export async function createRoom(random: SeededRandom): Promise<{ readonly creator: Person; readonly entries: Bytes[] }> {
  const nonce = random.bytes(16);
  const early = await Person.create(random, random.bytes(16));
  const room = await roomIdOf(early.account, early.identity.publicKey, nonce);
  early.room = await emptyRoom(room);
  const entries = [await early.change({ creation: { nonce, certificate: early.certificate }, set: [early.member('administrator')] })];
  return { creator: early, entries };
}
