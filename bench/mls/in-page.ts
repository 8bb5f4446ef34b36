import { type CallGroup, commitChange, createCall, epochKeysOf, groupInfoOf, joinCall, participantsOf, receiveCommit } from '../../web/src/e2ee/calls/call-group';
import type { CallPolicy } from '../../web/src/e2ee/calls/mls-authentication';
import { certifyDevice } from '../../web/src/e2ee/identities/device-certificate';
import { generateSigningKey, signerOf } from '../../web/src/e2ee/signature';

const policy: CallPolicy = { standingOf: () => 'rostered', mayRemove: () => true };

async function device() {
  const [identity, signer] = await Promise.all([generateSigningKey().then(signerOf), generateSigningKey().then(signerOf)]);
  const random = () => crypto.getRandomValues(new Uint8Array(16));
  const subject = { account: random(), device: random(), deviceKey: signer.publicKey, issuedAt: 1n };
  return { certificate: await certifyDevice(identity, subject), signer };
}

async function timed<Value>(work: () => Promise<Value>): Promise<[Value, number]> {
  const began = performance.now();
  const value = await work();
  return [value, performance.now() - began];
}

export interface Figures {
  readonly size: number;
  /** Milliseconds: from the group's description to one's own commit; following it; taking out and following that; an epoch's keys. */
  readonly join: number;
  readonly followJoin: number;
  readonly leave: number;
  readonly followLeave: number;
  readonly keys: number;
  /** Octets. */
  readonly groupInfo: number;
  readonly joinCommit: number;
  readonly leaveCommit: number;
}

/** Everybody comes in by an external commit, one after the other, which makes the largest messages; one device follows all. Medians over the last tenth of those who came. */
async function measure(sizes: readonly number[]): Promise<Figures[]> {
  const figures: Figures[] = [];
  const groupId = crypto.getRandomValues(new Uint8Array(16));
  let observer: CallGroup = await createCall(groupId, await device(), policy);
  let last = observer;
  let samples: { join: number; follow: number; info: number; commit: number }[] = [];
  for (let size = 2; size <= Math.max(...sizes); size++) {
    const info = await groupInfoOf(last);
    const own = await device();
    const [joining, join] = await timed(() => joinCall(groupId, info, own, policy));
    if (!joining.ok) throw new Error(joining.code);
    const { commit, next } = joining.value;
    const [received, follow] = await timed(() => receiveCommit(observer, policy, commit));
    if (received.outcome.kind !== 'advanced') throw new Error(received.outcome.kind);
    observer = received.group;
    last = { device: own, state: next, pending: null };
    samples.push({ join, follow, info: info.length, commit: commit.length });
    if (!sizes.includes(size)) continue;
    samples = samples.slice(-Math.max(3, Math.floor(size / 10)));
    if ((await participantsOf(observer)).length !== size) throw new Error('not everybody is in');
    const gone = Math.floor(size / 2);
    const [proposed, leave] = await timed(() => commitChange(observer, policy, { add: [], remove: [gone] }));
    if (!proposed.ok) throw new Error(proposed.code);
    const [followed, followLeave] = await timed(() => receiveCommit(last, policy, proposed.value.commit));
    if (followed.outcome.kind !== 'advanced') throw new Error(followed.outcome.kind);
    const [theirs, keys] = await timed(() => epochKeysOf(followed.group));
    const ours = await receiveCommit(proposed.value.group, policy, proposed.value.commit);
    if ((await epochKeysOf(ours.group)).code !== theirs.code) throw new Error('two devices read two codes');
    figures.push({
      size,
      join: median(samples.map((one) => one.join)),
      followJoin: median(samples.map((one) => one.follow)),
      leave,
      followLeave,
      keys,
      groupInfo: info.length,
      joinCommit: Math.max(...samples.map((one) => one.commit)),
      leaveCommit: proposed.value.commit.length,
    });
  }
  return figures;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

Object.assign(window, { measure });
