import { type Bytes, equalBytes } from '../../e2ee/bytes';
import { reactions, writeCallContent, type CallContent, type Reaction } from '../../e2ee/calls/call-content';
import { fromBase64, toBase64 } from '../devices/account-bytes';

export { reactions, type Reaction };

type HandContent = Extract<CallContent, { kind: 'hand' }>;
type LowerContent = Extract<CallContent, { kind: 'lower-hand' }>;

/** What gestures need of the call. */
export interface GesturesHost {
  /** Resolves once everybody was told. @param content Asked each time that it is sealed. */
  say(content: () => Bytes): Promise<void>;
  /** Of this device; base64. */
  ownKey(): string;
}

interface Hand {
  readonly stay: Bytes;
  /** How often this page raised or lowered it. */
  readonly count: number;
  /** Who asked before has a lower one; 0 where it is down. */
  readonly place: number;
}

/** Reactions that wait to be said: more would come when nobody knows any more what for. */
const mostReactions = 3;
/** More than come and go in a call. */
const mostHands = 1_000;

/**
 * Raised hands and reactions, sealed by whoever makes them. A hand takes the place after the last that its owner sees raised, so that all have the same order and no clock is asked; where two
 * take the same at once their devices' keys decide. Who comes in is told by those whose hand is up.
 */
export class CallGestures {
  /** Place by device key, of hands that are up. */
  raised = $state.raw<ReadonlyMap<string, number>>(new Map());
  private readonly stay = crypto.getRandomValues(new Uint8Array(8));
  private readonly hands = new Map<string, Hand>();
  private own: Hand = { stay: this.stay, count: 0, place: 0 };
  private isUp = $state(false);
  private isTelling = false;
  /** It changed, or somebody came in, while it was on its way. */
  private isToldLate = false;
  private reactionsUnderWay = 0;

  constructor(private readonly host: GesturesHost) {}

  /** One's own hand. It shows at once, and the others are told as soon as that is possible. */
  get isHandUp(): boolean {
    return this.isUp;
  }

  raiseHand(isRaised: boolean): void {
    if (isRaised === this.isUp) return;
    const last = Math.max(0, ...this.raised.values());
    this.setOwn({ stay: this.stay, count: this.own.count + 1, place: isRaised ? last + 1 : 0 });
    this.tellHand();
  }

  /** Says it once more to who may have come in. */
  restate(): void {
    if (this.isUp) this.tellHand();
  }

  /** Resolves once it was said; never where too many wait. */
  async react(reaction: Reaction): Promise<boolean> {
    if (this.reactionsUnderWay >= mostReactions) return false;
    this.reactionsUnderWay += 1;
    try {
      await this.host.say(() => writeCallContent({ kind: 'reaction', reaction }));
      return true;
    } finally {
      this.reactionsUnderWay -= 1;
    }
  }

  /** Hosts: lowers somebody's hand, for everybody. */
  async lowerHand(deviceKey: string): Promise<void> {
    const hand = this.hands.get(deviceKey);
    const key = fromBase64(deviceKey);
    if (!hand || !key) return;
    const content: LowerContent = { kind: 'lower-hand', deviceKey: key, stay: hand.stay, count: hand.count };
    await this.host.say(() => writeCallContent(content));
    this.lower(content);
  }

  /** @param deviceKey Of the leaf that signed it. @returns Whether a hand went up that was down. */
  hearHand({ stay, count, place }: HandContent, deviceKey: string): boolean {
    const known = this.hands.get(deviceKey);
    // Another page of the same device begins anew; of the same page what is older counts no more, and what a host lowered stays down.
    const isOld = known !== undefined && equalBytes(known.stay, stay) && count <= known.count;
    if (isOld || deviceKey === this.host.ownKey()) return false;
    this.set(deviceKey, { stay, count, place });
    return place > 0 && (known?.place ?? 0) === 0;
  }

  /** A host said so: the hand that they saw goes down, not one that was raised since. */
  lower({ deviceKey, stay, count }: LowerContent): void {
    const key = toBase64(deviceKey);
    const isOwn = key === this.host.ownKey();
    const known = isOwn ? this.own : this.hands.get(key);
    if (!known || !equalBytes(known.stay, stay) || known.count > count) return;
    if (isOwn) this.setOwn({ ...this.own, place: 0 });
    else this.set(key, { ...known, place: 0 });
  }

  /** Those whose device is in the group no more are gone, and their hands with them. */
  keep(deviceKeys: ReadonlySet<string>): void {
    for (const key of this.hands.keys()) if (!deviceKeys.has(key)) this.hands.delete(key);
    this.show();
  }

  private tellHand(): void {
    this.isToldLate = this.isTelling;
    if (this.isTelling) return;
    this.isTelling = true;
    this.host
      .say(() => writeCallContent({ kind: 'hand', ...this.own }))
      .catch(() => undefined)
      .finally(() => {
        this.isTelling = false;
        if (this.isToldLate) this.tellHand();
      });
  }

  private setOwn(hand: Hand): void {
    this.own = hand;
    this.isUp = hand.place > 0;
    this.show();
  }

  private set(deviceKey: string, hand: Hand): void {
    if (this.hands.size >= mostHands && !this.hands.has(deviceKey)) return;
    this.hands.set(deviceKey, hand);
    this.show();
  }

  private show(): void {
    const raised = [...this.hands].filter(([, { place }]) => place > 0).map(([key, { place }]) => [key, place] as const);
    this.raised = new Map(this.isUp ? [...raised, [this.host.ownKey(), this.own.place]] : raised);
  }
}
