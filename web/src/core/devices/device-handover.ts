import type { Bytes } from '../../e2ee/bytes';
import { equalBytes } from '../../e2ee/bytes';
import {
  checkOpening,
  handoverCode,
  type HandoverIntroduction,
  type HandoverOffer,
  introduce,
  offerAsQrText,
  offerAsTyped,
  offerHandover,
  openHandover,
  readIntroduction,
  readOffer,
  sealHandover,
} from '../../e2ee/identities/device-handover';
import { refusal, type Result, success } from '../../e2ee/result';
import type { TypedCodeRefusal } from '../../e2ee/identities/typed-code';
import { ApiError } from '../../transport/api-error';
import type { DeviceDirectory } from './device-directory';
import type { ThisDevice } from './device-keys';
import type { OpenedDevice } from './device-opening';
import type { HandoverMailbox, HandoverService } from './handover-service';
import type { IdentityService } from './identity-service';
import { joinIdentity, type Newcomer } from './recovery';

/** Why two devices did not come together. Nothing was handed over, and both may begin again. */
export type HandoverFailure =
  /** Nobody finished within ten minutes. */
  | 'expired'
  /** The other device refused, or gave up. */
  | 'ended'
  /** Another device has answered first. */
  | 'overtaken'
  /** What came is not what was sent: somebody stands between, or the server is broken. */
  | 'tampered'
  /** The server shows this device another identity, or another directory, than the other device has. */
  | 'other-directory';

/** What both sides show while it goes on. */
export type HandoverProgress =
  | { readonly kind: 'waiting' }
  /** The same digits on both devices, or somebody stands between: only the person can tell. */
  | { readonly kind: 'compare'; readonly code: string }
  /** The person has confirmed here, and not yet there. */
  | { readonly kind: 'confirmed'; readonly code: string }
  | { readonly kind: 'failed'; readonly because: HandoverFailure };

export type ReceiverProgress = HandoverProgress | { readonly kind: 'joined'; readonly opened: OpenedDevice };
export type GiverProgress = HandoverProgress | { readonly kind: 'added' };

/** The new device: shows an offer, and gets the identity that another device of the same person hands to it. */
export class HandoverReceiver {
  private readonly steps = new Steps();
  private introduction: Bytes | null = null;
  private progress: ReceiverProgress = { kind: 'waiting' };

  private constructor(
    private readonly newcomer: Newcomer,
    private readonly services: { readonly handovers: HandoverService; readonly identities: IdentityService },
    private readonly now: () => number,
    private readonly offer: HandoverOffer,
    readonly texts: { readonly qr: string; readonly typed: string },
    /** Unix milliseconds, by the server's clock. */
    readonly expiresAt: number,
  ) {}

  static async begin(
    newcomer: Newcomer,
    services: { readonly handovers: HandoverService; readonly identities: IdentityService },
    now: () => number,
  ): Promise<HandoverReceiver> {
    const offer = await offerHandover(newcomer.keys.account);
    const { expiresAt } = await services.handovers.open(offer.commitment);
    const texts = { qr: await offerAsQrText(offer.commitment), typed: await offerAsTyped(offer.commitment) };
    return new HandoverReceiver(newcomer, services, now, offer, texts, expiresAt);
  }

  /** Looks what has come: whenever the server says that something has. */
  proceed(): Promise<ReceiverProgress> {
    return this.steps.next(async () => {
      if (this.progress.kind !== 'joined' && this.progress.kind !== 'failed') this.progress = await this.look();
      return this.progress;
    });
  }

  /** The person has seen the same code on both. What was sealed before is opened only now. */
  confirm(): Promise<ReceiverProgress> {
    return this.steps.next(async () => {
      if (this.progress.kind !== 'compare') return this.progress;
      this.progress = { kind: 'confirmed', code: this.progress.code };
      this.progress = await this.look();
      return this.progress;
    });
  }

  /** The codes differ, or the person does not want it any more. */
  refuse(): Promise<void> {
    return this.steps.next(async () => {
      this.progress = { kind: 'failed', because: 'ended' };
      await this.services.handovers.end(this.offer.commitment);
    });
  }

  private look(): Promise<ReceiverProgress> {
    return attempted(async () => this.take(await this.services.handovers.read(this.offer.commitment)));
  }

  private async take({ introduction, sealed }: HandoverMailbox): Promise<ReceiverProgress> {
    if (this.progress.kind === 'confirmed') return sealed === null ? this.progress : this.open(sealed);
    if (this.progress.kind !== 'waiting' || introduction === null) return this.progress;
    if (!readIntroduction(introduction, this.newcomer.keys.account).ok) return this.giveUp('tampered');
    // From here on it is this one, whatever the server shows later: only then is it told what the code is made of.
    this.introduction ??= introduction;
    await this.services.handovers.write(this.offer.commitment, 'opening', this.offer.opening);
    return { kind: 'compare', code: await handoverCode(this.introduction, this.offer.opening) };
  }

  private async open(sealed: Bytes): Promise<ReceiverProgress> {
    const introduction = this.introduction ?? new Uint8Array();
    const [said, opened] = [readIntroduction(introduction, this.newcomer.keys.account), await openHandover(introduction, this.offer, sealed)];
    if (!said.ok || !opened.ok) return this.giveUp('tampered');
    await this.newcomer.directory.sync();
    if (!(await isSameDirectory(this.newcomer.directory, said.value))) return this.giveUp('other-directory');
    const joined = await joinIdentity(this.newcomer, opened.value, this.services.identities, this.now);
    if (joined === null) return this.giveUp('other-directory');
    await this.services.handovers.end(this.offer.commitment).catch(ignoreRefused);
    return { kind: 'joined', opened: joined };
  }

  private async giveUp(because: HandoverFailure): Promise<ReceiverProgress> {
    await this.services.handovers.end(this.offer.commitment).catch(ignoreRefused);
    return { kind: 'failed', because };
  }
}

/** A device that is one already: takes the offer of the new one, and hands the identity over once the person has compared. */
export class HandoverGiver {
  private readonly steps = new Steps();
  private sealTo: { readonly opening: Bytes; readonly key: Bytes } | null = null;
  private progress: GiverProgress = { kind: 'waiting' };

  private constructor(
    private readonly device: ThisDevice,
    private readonly directory: DeviceDirectory,
    private readonly handovers: HandoverService,
    private readonly commitment: Bytes,
    private readonly introduction: Bytes,
    private readonly devicesBefore: number,
  ) {}

  /** @param offered As it was scanned, pasted or typed. */
  static async begin(
    { device, directory }: { readonly device: ThisDevice; readonly directory: DeviceDirectory },
    offered: string,
    handovers: HandoverService,
  ): Promise<Result<HandoverGiver, TypedCodeRefusal | 'no-such-offer' | HandoverFailure>> {
    const commitment = await readOffer(offered);
    if (!commitment.ok) return commitment;
    const known = directory.identityOf(device.account);
    if (known === undefined) throw new Error('a device of an identity that the directory has not');
    const introduction = introduce({ account: device.account, fingerprint: known.fingerprint, head: directory.head });
    try {
      await handovers.write(commitment.value, 'introduction', introduction);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'not-found') return refusal('no-such-offer');
      return refusal(failureOf(error));
    }
    return success(new HandoverGiver(device, directory, handovers, commitment.value, introduction, known.devices.size));
  }

  /** Looks what has come: whenever the server says that something has. */
  proceed(): Promise<GiverProgress> {
    return this.steps.next(async () => {
      if (this.progress.kind === 'confirmed') this.progress = await this.lookWhetherAdded(this.progress);
      else if (this.progress.kind !== 'added' && this.progress.kind !== 'failed')
        this.progress = await attempted(async () => this.take((await this.handovers.read(this.commitment)).opening));
      return this.progress;
    });
  }

  /** The person has seen the same code on both: only now is the identity sealed to the new device. */
  confirm(): Promise<GiverProgress> {
    return this.steps.next(async () => {
      const { progress, sealTo } = this;
      if (progress.kind !== 'compare' || sealTo === null) return progress;
      this.progress = await attempted(async () => {
        const sealed = await sealHandover(this.introduction, sealTo.opening, sealTo.key, this.device.secrets);
        if (!sealed.ok) return this.giveUp('tampered');
        await this.handovers.write(this.commitment, 'sealed', sealed.value);
        return { kind: 'confirmed', code: progress.code };
      });
      return this.progress;
    });
  }

  /** The codes differ, or the person does not want it any more. */
  refuse(): Promise<void> {
    return this.steps.next(async () => {
      this.progress = { kind: 'failed', because: 'ended' };
      await this.handovers.end(this.commitment);
    });
  }

  private async take(opening: Bytes | null): Promise<GiverProgress> {
    if (this.progress.kind !== 'waiting' || opening === null) return this.progress;
    const checked = await checkOpening(opening, this.device.account, this.commitment);
    if (!checked.ok) return this.giveUp('tampered');
    this.sealTo = { opening, key: checked.value.sealTo };
    return { kind: 'compare', code: await handoverCode(this.introduction, opening) };
  }

  /** The new device publishes itself first and ends the hand-over then. */
  private async lookWhetherAdded(confirmed: GiverProgress): Promise<GiverProgress> {
    await this.directory.sync();
    if ((this.directory.identityOf(this.device.account)?.devices.size ?? 0) > this.devicesBefore) return { kind: 'added' };
    return attempted(async () => {
      await this.handovers.read(this.commitment);
      return confirmed;
    });
  }

  private async giveUp(because: HandoverFailure): Promise<GiverProgress> {
    await this.handovers.end(this.commitment).catch(ignoreRefused);
    return { kind: 'failed', because };
  }
}

/** One step at a time, however often the server says that something has come. */
class Steps {
  private last: Promise<unknown> = Promise.resolve();

  next<Value>(step: () => Promise<Value>): Promise<Value> {
    const next = this.last.then(step);
    this.last = next.catch(() => undefined);
    return next;
  }
}

/** What the other device counts on is bound into the code that was compared; a server that shows this one something else is found out. */
async function isSameDirectory(directory: DeviceDirectory, { account, fingerprint, head }: HandoverIntroduction): Promise<boolean> {
  const known = directory.identityOf(account);
  if (directory.problem !== null || known === undefined || !equalBytes(known.fingerprint, fingerprint)) return false;
  const outcome = await directory.compare(head);
  return outcome === 'same' || outcome === 'behind-us';
}

async function attempted<Progress>(
  step: () => Promise<Progress>,
): Promise<Progress | { readonly kind: 'failed'; readonly because: HandoverFailure }> {
  try {
    return await step();
  } catch (error) {
    return { kind: 'failed', because: failureOf(error) };
  }
}

/** Refusals of the mailbox are part of the matter; everything else is for whoever called. */
function failureOf(error: unknown): HandoverFailure {
  if (error instanceof ApiError && error.code in failures) return failures[error.code as keyof typeof failures];
  throw error;
}

const failures = {
  'handover-expired': 'expired',
  'handover-ended': 'ended',
  'not-found': 'expired',
  'handover-out-of-order': 'overtaken',
} as const;

/** It is over in ten minutes in any case. */
function ignoreRefused(error: unknown): void {
  if (!(error instanceof ApiError)) throw error;
}
