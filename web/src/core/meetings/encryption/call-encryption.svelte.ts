import { ApiError } from '../../../transport/api-error';
import type { FrameTransforms } from '../../../transport/call-device';
import type {
  CallMessageEvent,
  GroupEvent,
  GroupPlace,
  Joined,
  MediaSource,
  MeetingCommand,
  MeetingCommands,
} from '../../../transport/meeting-signalling';
import { type Bytes, equalBytes } from '../../../e2ee/bytes';
import {
  applicantOf,
  askForAdmission,
  type Admission,
  type CallGroup,
  commitChange,
  createCall,
  devicesIn,
  enterCall,
  epochKeysOf,
  epochMarkOf,
  groupInfoOf,
  isGroupOfGuests,
  isInCall,
  joinCall,
  participantsOf,
  receiveCommit,
  unwelcomeLeaves,
} from '../../../e2ee/calls/call-group';
import { openMessage, sealMessage } from '../../../e2ee/calls/call-message';
import type { DeviceCertificate } from '../../../e2ee/identities/device-certificate';
import { sealableCodecs, type Codec } from '../../../e2ee/frames/frame-layout';
import type { TrackKind } from '../../../e2ee/sframe/key-id';
import { accountOf, fromBase64, toBase64 } from '../../devices/account-bytes';
import type { Schedule } from '../media-session';
import type { CallIdentity } from './call-identity';
import type { FrameTransformOptions, FromFrameWorker, ToFrameWorker } from './frame-messages';
import { SealedLine } from './sealed-line';

/** Somebody in the call, as the server says. */
export interface InCall {
  readonly id: string;
  readonly kind: 'account' | 'guest';
  readonly personId: string | null;
  readonly deviceKey: string | null;
}

/** What seals and opens frames, away from the page. */
export interface FrameWorker {
  post(message: ToFrameWorker): void;
  transform(options: FrameTransformOptions): RTCRtpTransform;
  close(): void;
}

/** What somebody else sealed for everybody in the group. */
export type Heard =
  /** `participant` is whose device it is, of those whom the server names; null where it names nobody. */
  | { readonly kind: 'said'; readonly sender: DeviceCertificate; readonly participant: string | null; readonly content: Bytes }
  /** It was changed, comes twice, or is of another group: nobody knows what it says. */
  | { readonly kind: 'unopened' };

/** Of the place in the call. */
export interface EncryptionHost {
  /** The line of now. */
  command<Name extends MeetingCommand>(name: Name, argument: MeetingCommands[Name][0]): Promise<MeetingCommands[Name][1]>;
  /** Everybody in the call, as the server says. */
  participants(): readonly InCall[];
  heard(heard: Heard): void;
  /** Somebody came in or went: whose devices, in base64, have the keys of now. */
  keysChanged(deviceKeys: ReadonlySet<string>): void;
  schedule: Schedule;
  random(): number;
}

/** What a call's encryption needs of the world. */
export interface EncryptionPorts extends EncryptionHost {
  identity(): Promise<CallIdentity>;
  newWorker(heard: (message: FromFrameWorker) => void): FrameWorker;
}

const trackOf: Readonly<Record<MediaSource, TrackKind>> = { microphone: 'audio', camera: 'video', screen: 'screen', 'screen-audio': 'screen-audio' };

/** Frames sealed before a change of keys are under way no longer than this. */
const oldKeysMilliseconds = 3_000;
/** Those who come and go together are put into one change. */
const batchMilliseconds = 250;
/** One device changes the group for all; where it does not, the next does. */
const deputyMilliseconds = 1_500;
/** Between two ways back in: the first is taken at once. */
const rejoinMilliseconds = 4_000;
/** A device that is busy follows a change late: this long it is waited for before one comes in anew. */
const patienceMilliseconds = 3_000;
/** Who leaves is taken out, and who comes is named, in less. */
const strangerMilliseconds = 6_000;
/** Whoever is in the group but not in the call is waited for: after a restart of the server all come back one after the other. As long as the server keeps the place of who lost their line. */
const returnMilliseconds = 30_000;
/** So often a group that can not be entered is tried before another is begun. */
const mostRefusals = 3;
/** So often this device comes in anew, at growing intervals, because of what it can not open: whoever sends what nobody can open must not keep everybody changing keys for ever. */
const mostMends = 5;

/**
 * A device's place in the MLS group of its call, from the server's changes in order: comes in, follows, adds guests who were let in, takes out who is gone, and gives each epoch's keys
 * to the worker. Whatever is missed or can not be followed is mended in one way: by coming in anew.
 */
export class CallEncryption {
  /** Five groups of five digits, the same for everybody; empty while this device has no keys. */
  code = $state('');
  /** This device comes in only by somebody who hands it the keys, and has said that it is here. */
  hasAsked = $state(false);
  /** Nobody in the group has a device that the directory knows: who is there answers for the others, and people compare the code. */
  isUnverified = $state(false);
  /** Of the last try to begin: somebody in the call has keys to hand over. */
  keysAreThere = $state(false);
  /** Participants whose device is in the group, by participant. */
  members = $state.raw<ReadonlyMap<string, DeviceCertificate>>(new Map());
  /** Devices in the group that are of nobody whom the server names, and have been for longer than going takes. */
  strangers = $state.raw<readonly DeviceCertificate[]>([]);
  /** Participants in the group whose sound or picture can not be opened for the moment. */
  illegible = $state.raw<ReadonlySet<string>>(new Set());
  /** Every sender and receiver gets one before its first frame: without it nothing is sent, and nothing shown. */
  readonly transforms: FrameTransforms = {
    onSender: (sender, source, mimeType) => {
      sender.transform = this.worker().transform({ direction: 'send', codec: codecOf(mimeType), track: trackOf[source] });
    },
    onReceiver: (receiver, { participantId, source, rtpParameters }) => {
      const [codec] = rtpParameters['codecs'] as readonly { readonly mimeType: string }[];
      receiver.transform = this.worker().transform({
        direction: 'receive',
        codec: codecOf(codec?.mimeType ?? ''),
        track: trackOf[source],
        participant: participantId,
      });
    },
  };
  private made: FrameWorker | undefined;
  private readonly illegibleTracks = new Set<string>();
  private identity: CallIdentity | undefined;
  private group: CallGroup | undefined;
  private groupId = '';
  private number = 0;
  private epoch = '';
  private admission: Admission | undefined;
  /** Device keys of guests that somebody here let in, or that were in the group: they need not be let in again. */
  private readonly welcome = new Set<string>();
  private readonly applications = new Map<string, Bytes>();
  private unclaimed: readonly DeviceCertificate[] = [];
  /** What the worker has keys of. A group that went on from before its last change has the same epochs once more, with other keys: another branch, whose counters begin anew. */
  private keyed = { groupId: '', epoch: -1n, branch: 0 };
  /** Device keys that are in the group and were not seen in the call since this device came. */
  private readonly awaited = new Set<string>();
  private cancelAwaiting: (() => void) | undefined;
  /** The server started anew and has not said which group goes on. */
  private isUnconfirmed = false;
  private needsFreshKeys = false;
  private refusals = 0;
  private rejoins = 0;
  private isRejoinForLine = false;
  private turn: Promise<void> = Promise.resolve();
  private cancelTidy: (() => void) | undefined;
  private cancelRejoin: (() => void) | undefined;
  private cancelMend: (() => void) | undefined;
  private isOver = false;
  private readonly line: SealedLine;

  constructor(private readonly ports: EncryptionPorts) {
    this.line = new SealedLine({
      seal: (content) => this.seal(content),
      send: (message, after) => ports.command('SendToCall', { after, message }),
      wake: () => this.enqueue(() => this.line.speak()),
      missed: () => this.rejoinLater(),
      schedule: ports.schedule,
    });
  }

  /** Base64, for the server to tell the others. */
  async deviceKey(): Promise<string> {
    this.isOver = false;
    this.identity ??= await this.ports.identity();
    return toBase64(this.identity.device.signer.publicKey);
  }

  /** This device is in the call, for the first time or again. */
  joined(group: Joined['group']): void {
    this.enqueue(async () => {
      await this.comeBack(group);
      this.line.resume();
    });
  }

  private async comeBack(group: Joined['group']): Promise<void> {
    if (!this.group) return this.enter();
    if (group === null) return this.goOn(this.group);
    if (!this.isPresent(group)) return this.enter();
    await this.stay();
  }

  /** To everybody in the group; resolves once it was said. @param content Asked each time that it is sealed. */
  say(content: () => Bytes): Promise<void> {
    return this.line.say(content);
  }

  take(event: GroupEvent | CallMessageEvent): void {
    this.enqueue(async () => {
      switch (event.kind) {
        case 'call-message':
          await this.hear(event.message);
          break;
        case 'group-changed':
          await this.follow(event);
          break;
        case 'group-welcome':
          await this.acceptWelcome(event);
          break;
        case 'group-application': {
          const keyPackage = fromBase64(event.keyPackage);
          if (keyPackage) this.applications.set(event.participantId, keyPackage);
          this.tidySoon();
          break;
        }
      }
    });
  }

  /** Who is in the call has changed. */
  participantsChanged(): void {
    this.enqueue(async () => {
      await this.publish();
      this.tidySoon();
    });
  }

  /** Somebody here lets this device in. */
  admit(deviceKey: string): void {
    this.welcome.add(deviceKey);
    this.tidySoon(0);
  }

  /** A host put them out: whoever did so does not wait for others to change the keys. */
  putOut(deviceKey: string | null, isMine: boolean): void {
    if (deviceKey !== null) {
      this.welcome.delete(deviceKey);
      this.awaited.delete(deviceKey);
    }
    this.tidySoon(isMine ? 0 : undefined);
  }

  private async seal(content: Uint8Array): Promise<{ readonly message: string; readonly after: number } | null> {
    if (!this.group || this.isUnconfirmed) return null;
    const sealed = await sealMessage(this.group, content);
    this.group = sealed.group;
    return { message: toBase64(sealed.message), after: this.number };
  }

  /** Without keys nothing can be opened, nor is it meant for this device: it came before. */
  private async hear(message: string): Promise<void> {
    if (this.line.cameBack(message) || !this.group || !this.identity) return;
    const bytes = fromBase64(message);
    const { group, outcome } = await openMessage(this.group, this.identity.policy, bytes ?? new Uint8Array());
    this.group = group;
    if (outcome.kind === 'opened') {
      const { sender, content } = outcome;
      const participant = this.ports.participants().find((one) => this.isDeviceOf(one, sender))?.id ?? null;
      this.ports.heard({ kind: 'said', sender, participant, content });
    } else {
      this.ports.heard({ kind: 'unopened' });
      if (outcome.kind === 'gap') this.rejoinLater();
    }
  }

  private heard({ participant, track, isLegible }: FromFrameWorker): void {
    const key = `${participant} ${track}`;
    if (isLegible) this.illegibleTracks.delete(key);
    else this.illegibleTracks.add(key);
    this.illegible = participantsIn(this.illegibleTracks);
    if (!isLegible) this.mendLater();
    else if (this.illegible.size === 0) this.rejoins = 0;
  }

  /** Who is gone sends nothing any more. What the worker could not open of the others it still can not, until it says so. */
  private forgetIllegible(isThere: (participant: string) => boolean): void {
    for (const key of this.illegibleTracks) if (!isThere(participantOf(key))) this.illegibleTracks.delete(key);
    this.illegible = participantsIn(this.illegibleTracks);
  }

  /** Either end may be the one that missed something: coming in anew gives both new keys. Where that does not help it is tried again; what can not be opened stays shown. */
  private mendLater(): void {
    if (this.cancelMend || this.illegible.size === 0 || this.rejoins > mostMends) return;
    this.cancelMend = this.ports.schedule(patienceMilliseconds, () => {
      this.cancelMend = undefined;
      if ([...this.illegible].some((one) => this.members.has(one))) this.rejoinLater();
    });
  }

  /** Of somebody who is not in the group: may this device add them? */
  get mayAdd(): boolean {
    // The code comes and goes with the group, and pages follow it.
    return this.code !== '' && this.group !== undefined && (this.identity?.isGuest === false || (this.isUnverified && this.isOfAccount));
  }

  /** Without keys, and with nobody who must have handed them over: of an account, on a browser that is none of its devices. */
  get mayBegin(): boolean {
    return this.hasAsked && this.code === '' && this.isOfAccount;
  }

  /**
   * People of whom nobody has a device that is known begin the keys of the call on this one: asked for by a person, and only where nobody in the call is in the group that there is. Whoever comes
   * with a device that is known begins another group.
   */
  beginHere(): void {
    this.keysAreThere = false;
    this.enqueue(async () => {
      if (this.group || !this.identity || !this.isOfAccount) return;
      const { number, group } = await this.ports.command('ReadGroup', undefined);
      const info = group && fromBase64(group.groupInfo);
      const devices = (info && (await devicesIn(info))) ?? [];
      const own = this.identity.device.signer.publicKey;
      const present = new Set(this.ports.participants().map((one) => one.deviceKey));
      this.keysAreThere = devices.some(({ deviceKey }) => !equalBytes(deviceKey, own) && present.has(toBase64(deviceKey)));
      if (this.keysAreThere) return;
      this.admission = undefined;
      await this.begin(this.identity, number);
    });
  }

  private get isOfAccount(): boolean {
    const own = this.identity && toBase64(this.identity.device.signer.publicKey);
    return this.ports.participants().some((one) => one.kind === 'account' && one.deviceKey === own);
  }

  end(): void {
    this.isOver = true;
    this.cancelTidy?.();
    this.cancelAwaiting?.();
    this.cancelRejoin?.();
    this.cancelMend?.();
    this.line.end();
    this.forgetGroup();
    this.forgetIllegible(() => false);
    this.made?.close();
    this.made = undefined;
  }

  private worker(): FrameWorker {
    return (this.made ??= this.ports.newWorker((message) => this.heard(message)));
  }

  private enqueue(work: () => Promise<void>): void {
    this.turn = this.turn
      .then(() => (this.isOver ? undefined : work()))
      // The line broke, or the server refused: what is missing is mended when this device is in the call again, or by coming in anew.
      .catch((error: unknown) => this.rejoinLater(error instanceof ApiError && error.code === ApiError.unreachable().code));
  }

  /**
   * The server started anew, and its order is empty: the group goes on with the keys that all have, so that nobody must come in again before they are heard. Whoever is back first brings it;
   * guests, who change nothing, wait to hear which it is.
   */
  private async goOn(group: CallGroup): Promise<void> {
    await this.stay();
    this.isUnconfirmed = true;
    if (!this.mayAdd) return;
    const own = { groupId: this.groupId, after: this.number, epoch: this.epoch, commit: null, welcome: null, welcomed: [] };
    try {
      await this.ports.command('ChangeGroup', { ...own, groupInfo: toBase64(await groupInfoOf(group)) });
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'call-group-moved') throw error;
      const read = await this.ports.command('ReadGroup', undefined);
      if (!read.group || !this.isPresent({ ...read.group, number: read.number })) return this.enter();
    }
    this.isUnconfirmed = false;
  }

  /** The group of now is the one that this device is in. */
  private isPresent({ id, number, epoch }: GroupPlace): boolean {
    return id === this.groupId && number === this.number && epoch === this.epoch;
  }

  /** Who is in the call has changed, perhaps all of it; the group has not. */
  private async stay(): Promise<void> {
    this.isUnconfirmed = false;
    if (this.isRejoinForLine) {
      this.cancelRejoin?.();
      this.cancelRejoin = undefined;
      this.rejoins = 0;
    }
    await this.publish();
    await this.awaitAbsent();
    this.tidySoon();
  }

  private async awaitAbsent(): Promise<void> {
    if (!this.group) return;
    const present = new Set(this.ports.participants().map((one) => one.deviceKey));
    this.awaited.clear();
    for (const { certificate } of await participantsOf(this.group)) {
      const key = toBase64(certificate.deviceKey);
      if (!present.has(key)) this.awaited.add(key);
    }
    this.cancelAwaiting?.();
    this.cancelAwaiting = this.ports.schedule(returnMilliseconds, () => {
      this.awaited.clear();
      this.participantsChanged();
    });
  }

  private async enter(): Promise<void> {
    const identity = (this.identity ??= await this.ports.identity());
    // While the line is broken nothing is forgotten: with the next one this group may go on.
    if (identity.isGuest) {
      await this.apply(identity);
      return this.forgetGroup();
    }
    const { number, group } = await this.ports.command('ReadGroup', undefined);
    this.forgetGroup();
    if (group === null) return this.begin(identity, number);
    const [groupId, info] = [fromBase64(group.id), fromBase64(group.groupInfo)];
    let joining = groupId && info ? await joinCall(groupId, info, identity.device, identity.policy) : null;
    if (groupId && info && joining?.ok === false) {
      await identity.refresh();
      joining = await joinCall(groupId, info, identity.device, identity.policy);
    }
    if (!joining?.ok) {
      // People without devices that are known talk already: whoever has one does not join them unseen, but begins a group that others can believe in, and hands them its keys.
      if (joining?.code === 'unverified') return this.begin(identity, number);
      // Nobody honest publishes what can not be entered; where nobody mends it, the call goes on in another group.
      this.refusals += 1;
      if (this.refusals > mostRefusals) return this.begin(identity, number);
      return this.rejoinLater();
    }
    const next: CallGroup = { device: identity.device, state: joining.value.next, pending: null };
    await this.change(next, group.id, number, joining.value.commit, null, []);
    await this.awaitAbsent();
  }

  private async begin(identity: CallIdentity, after: number): Promise<void> {
    const groupId = crypto.getRandomValues(new Uint8Array(16));
    await this.change(await createCall(groupId, identity.device, identity.policy), toBase64(groupId), after, null, null, []);
  }

  private async apply({ device }: CallIdentity): Promise<void> {
    this.admission = await askForAdmission(device);
    await this.ports.command('ApplyToGroup', { keyPackage: toBase64(this.admission.keyPackage) });
    this.hasAsked = true;
  }

  /** Puts a change of our own in order; where another was quicker it is void, and what it was for is looked at anew. */
  private async change(
    next: CallGroup,
    groupId: string,
    after: number,
    commit: Bytes | null,
    welcome: Bytes | null,
    welcomed: readonly string[],
  ): Promise<void> {
    try {
      const { number } = await this.ports.command('ChangeGroup', {
        groupId,
        after,
        commit: commit && toBase64(commit),
        groupInfo: toBase64(await groupInfoOf(next)),
        epoch: toBase64(epochMarkOf(next)),
        welcome: welcome && toBase64(welcome),
        welcomed,
      });
      await this.advance(next, groupId, number);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'call-group-moved') throw error;
      if (this.group) this.tidySoon();
      else this.rejoinSoon(this.ports.random() * batchMilliseconds);
    }
  }

  private async follow(event: Extract<GroupEvent, { kind: 'group-changed' }>): Promise<void> {
    if (!this.group || !this.identity) return;
    if (this.isUnconfirmed) {
      this.isUnconfirmed = false;
      if (!this.isPresent({ id: event.groupId, number: event.number, epoch: event.epoch })) return this.enter();
      this.line.resume();
    }
    if (event.number <= this.number) return;
    const commit = event.commit === null ? null : fromBase64(event.commit);
    if (event.groupId !== this.groupId || event.number !== this.number + 1 || commit === null) return this.enter();
    let received = await receiveCommit(this.group, this.identity.policy, commit);
    if (received.outcome.kind === 'refused') {
      await this.identity.refresh();
      received = await receiveCommit(this.group, this.identity.policy, commit);
    }
    switch (received.outcome.kind) {
      case 'advanced':
        await this.advance(received.group, this.groupId, event.number);
        break;
      case 'removed':
      case 'gap':
        this.forgetGroup();
        this.rejoinLater();
        break;
      case 'past':
      case 'refused':
        // No honest device follows it. What is handed out to those who come is of nobody's group until somebody changes the keys.
        this.number = event.number;
        this.needsFreshKeys = true;
        this.tidySoon();
        break;
    }
  }

  private async acceptWelcome({ groupId, number, welcome }: Extract<GroupEvent, { kind: 'group-welcome' }>): Promise<void> {
    const [id, bytes] = [fromBase64(groupId), fromBase64(welcome)];
    if (!this.admission || !this.identity || !id || !bytes) return;
    const entered = await enterCall(id, bytes, this.admission, this.identity.policy);
    if (!entered.ok) return this.rejoinLater();
    this.admission = undefined;
    await this.advance(entered.value, groupId, number);
  }

  private async advance(group: CallGroup, groupId: string, number: number): Promise<void> {
    this.group = group;
    this.groupId = groupId;
    this.number = number;
    this.epoch = toBase64(epochMarkOf(group));
    this.isUnverified = this.identity !== undefined && (await isGroupOfGuests(group, this.identity.policy));
    this.keysAreThere = false;
    this.refusals = 0;
    this.needsFreshKeys = false;
    for (const [participant, keyPackage] of this.applications) if (isInCall(group, keyPackage)) this.applications.delete(participant);
    const { epoch } = group.state.groupContext;
    const isBranch = groupId === this.keyed.groupId && epoch <= this.keyed.epoch;
    this.keyed = { groupId, epoch, branch: this.keyed.branch + (isBranch ? 1 : 0) };
    await this.publish();
    this.ports.schedule(oldKeysMilliseconds, () => {
      if (this.group && this.groupId === groupId) this.worker().post({ kind: 'forget', before: epoch });
    });
    this.ports.keysChanged(new Set((await participantsOf(group)).map(({ certificate }) => toBase64(certificate.deviceKey))));
    this.enqueue(() => this.line.speak());
    this.tidySoon();
    this.mendLater();
  }

  /** Gives the worker the keys of now, and who is behind each leaf. */
  private async publish(): Promise<void> {
    if (!this.group || !this.identity) return;
    const { epoch, ownLeaf, leaves, baseKey, code } = await epochKeysOf(this.group);
    const certificates = new Map((await participantsOf(this.group)).map(({ leaf, certificate }) => [leaf, certificate]));
    const everybody = this.ports.participants();
    const members = new Map<string, DeviceCertificate>();
    const unclaimed: DeviceCertificate[] = [];
    this.forgetIllegible((participant) => everybody.some(({ id }) => id === participant));
    for (const { deviceKey } of everybody) if (deviceKey !== null) this.awaited.delete(deviceKey);
    const participants = leaves.map((leaf) => {
      const certificate = certificates.get(leaf);
      const participant = certificate && everybody.find((one) => this.isDeviceOf(one, certificate));
      if (certificate && participant) members.set(participant.id, certificate);
      else if (certificate && leaf !== ownLeaf) unclaimed.push(certificate);
      if (certificate && this.identity?.policy.standingOf(certificate) === 'guest') this.welcome.add(toBase64(certificate.deviceKey));
      return [leaf, participant?.id ?? ''] as const;
    });
    this.worker().post({ kind: 'epoch', epoch: { group: `${this.groupId} ${this.keyed.branch}`, epoch, ownLeaf, baseKey, participants } });
    this.code = code;
    this.members = members;
    this.watchUnclaimed(unclaimed);
  }

  /** Who has just gone, or not been named yet, or is waited for, is nobody to be warned of. */
  private watchUnclaimed(unclaimed: readonly DeviceCertificate[]): void {
    this.unclaimed = unclaimed;
    const isStill = (one: DeviceCertificate): boolean =>
      !this.awaited.has(toBase64(one.deviceKey)) && this.unclaimed.some((other) => equalBytes(one.deviceKey, other.deviceKey));
    this.strangers = this.strangers.filter(isStill);
    if (unclaimed.length > 0) this.ports.schedule(strangerMilliseconds, () => (this.strangers = unclaimed.filter(isStill)));
  }

  /** The server says whose device it is; the certificate must agree. */
  private isDeviceOf({ kind, personId, deviceKey }: InCall, certificate: DeviceCertificate): boolean {
    if (deviceKey === null || deviceKey !== toBase64(certificate.deviceKey)) return false;
    const standing = this.identity?.policy.standingOf(certificate);
    // Also of an account, on a browser that is none of its devices: pages say so.
    if (standing === 'guest') return true;
    return kind === 'account' && standing === 'rostered' && personId !== null && equalBytes(accountOf(personId), certificate.account);
  }

  /** Looks, a little later, whether somebody must be added or taken out. @param milliseconds Otherwise one's turn among those who may. */
  private tidySoon(milliseconds?: number): void {
    if (!this.mayAdd) return;
    this.cancelTidy?.();
    this.cancelTidy = this.ports.schedule(milliseconds ?? batchMilliseconds + this.rank() * deputyMilliseconds, () => {
      this.enqueue(() => this.tidy());
    });
  }

  /** 0 for the first account that is in the group and in the call. */
  private rank(): number {
    const own = this.identity?.device.signer.publicKey;
    const accounts = [...this.members.values()].filter((one) => this.isUnverified || this.identity?.policy.standingOf(one) === 'rostered');
    return Math.max(
      0,
      accounts.findIndex((one) => own !== undefined && equalBytes(one.deviceKey, own)),
    );
  }

  private async tidy(): Promise<void> {
    if (!this.group || !this.identity) return;
    const own = toBase64(this.identity.device.signer.publicKey);
    const present = new Set(this.ports.participants().map((one) => one.deviceKey));
    const added: { readonly participant: string; readonly keyPackage: Bytes }[] = [];
    const again = new Set<string>();
    for (const [participant, keyPackage] of this.applications) {
      const applicant = await applicantOf(keyPackage);
      const key = applicant && toBase64(applicant.deviceKey);
      const standing = applicant && this.identity.policy.standingOf(applicant);
      // Whoever began the keys may have asked for them before.
      if (standing !== 'guest' || key === null || key === own || !this.welcome.has(key) || !present.has(key)) continue;
      added.push({ participant, keyPackage });
      again.add(key);
    }
    const remove = new Set(await unwelcomeLeaves(this.group, this.identity.policy));
    for (const { leaf, certificate } of await participantsOf(this.group)) {
      const key = toBase64(certificate.deviceKey);
      // A guest whose page lost its keys applies again: the leaf of before goes with the same change.
      if ((!present.has(key) && !this.awaited.has(key)) || again.has(key)) remove.add(leaf);
    }
    remove.delete(this.group.state.privatePath.leafIndex);
    if (added.length === 0 && remove.size === 0 && !this.needsFreshKeys) return;
    const proposed = await commitChange(this.group, this.identity.policy, { add: added.map(({ keyPackage }) => keyPackage), remove: [...remove] });
    if (!proposed.ok) {
      // A package that the group can not take is not tried again.
      for (const { participant } of added) this.applications.delete(participant);
      return;
    }
    const { commit, welcome, group } = proposed.value;
    if (group.pending)
      await this.change(
        { ...group, state: group.pending.next, pending: null },
        this.groupId,
        this.number,
        commit,
        welcome,
        added.map(({ participant }) => participant),
      );
  }

  /** @param isForLine A command found no line: where this device is in the call again and its group goes on, there is nothing to mend. */
  private rejoinLater(isForLine = false): void {
    this.isRejoinForLine = isForLine && (this.isRejoinForLine || !this.cancelRejoin);
    this.rejoinSoon(Math.min(this.rejoins, 4) * rejoinMilliseconds * (0.75 + this.ports.random() / 2) + batchMilliseconds);
    this.rejoins += 1;
  }

  private rejoinSoon(milliseconds: number): void {
    if (this.isOver || this.cancelRejoin) return;
    this.cancelRejoin = this.ports.schedule(milliseconds, () => {
      this.cancelRejoin = undefined;
      this.enqueue(() => this.enter());
    });
  }

  private forgetGroup(): void {
    this.group = undefined;
    this.number = 0;
    this.isUnconfirmed = false;
    this.awaited.clear();
    this.code = '';
    this.isUnverified = false;
    this.members = new Map();
    this.unclaimed = [];
    this.strangers = [];
  }
}

/** Of a track's key, `participant track`. */
function participantOf(key: string): string {
  return key.split(' ')[0] ?? '';
}

function participantsIn(tracks: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...tracks].map(participantOf));
}

/** @throws TypeError where nobody could seal it: it is not sent then. */
function codecOf(mimeType: string): Codec {
  const name = mimeType.split('/')[1]?.toLowerCase();
  const codec = sealableCodecs.find((one) => one === name);
  if (codec === undefined) throw new TypeError(`no way to seal ${mimeType}`);
  return codec;
}
