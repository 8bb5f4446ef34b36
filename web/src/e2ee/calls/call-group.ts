import { createGroup, joinGroup, type ClientState } from 'ts-mls/clientState.js';
import { createCommit, createGroupInfoWithExternalPubAndRatchetTree, joinGroupExternal } from 'ts-mls/createCommit.js';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { generateKeyPackageWithKey, type KeyPackage, type PrivateKeyPackage } from 'ts-mls/keyPackage.js';
import { mlsExporter } from 'ts-mls/keySchedule.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import { unprotectPublicMessage } from 'ts-mls/messageProtectionPublic.js';
import { processPublicMessage } from 'ts-mls/processMessages.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import type { PublicMessage } from 'ts-mls/publicMessage.js';
import { type GroupInfo, ratchetTreeFromExtension } from 'ts-mls/groupInfo.js';
import type { RatchetTree } from 'ts-mls/ratchetTree.js';
import { type Bytes, equalBytes } from '../bytes';
import type { DeviceCertificate } from '../identities/device-certificate';
import { fiveDigitGroups } from '../identities/safety-number';
import { refusal, type Result, success } from '../result';
import type { Signer } from '../signature';
import { type CallPolicy, certificateIn, strictConfig } from './mls-authentication';
import { decodeMessage, encodeMessage } from './mls-message';
import { callSuite, callSuiteName, noPrivateKey } from './mls-suite';

/** This device: what it shows and what it signs with. */
export interface CallDevice {
  readonly certificate: Bytes;
  readonly signer: Signer;
}

/** A device in a call. Leaves are taken again after somebody left: they name a sender within an epoch only. */
export interface Participant {
  readonly leaf: number;
  readonly certificate: DeviceCertificate;
}

/**
 * The MLS group of a call as this device has it. Never changed in place. It lives in memory only: a device that lost it joins anew, so that no frame counter is used twice.
 * `pending` is a commit of our own that the server has not put in order yet.
 */
export interface CallGroup {
  readonly device: CallDevice;
  readonly state: ClientState;
  readonly pending: { readonly commit: Bytes; readonly next: ClientState } | null;
}

/** A device of the roster that has sent its commit and waits to see it in order. */
export interface JoiningCall {
  readonly device: CallDevice;
  readonly groupId: Bytes;
  readonly epoch: bigint;
  readonly commit: Bytes;
  readonly next: ClientState;
}

export type JoiningOutcome = { readonly kind: 'joined'; readonly group: CallGroup } | { readonly kind: 'overtaken' | 'waiting' };

export type CommitOutcome =
  /** The epoch changed: new keys. `isOwn` says that it was ours; `isOvertaken`, that ours was waiting and is void. */
  | { readonly kind: 'advanced'; readonly isOwn: boolean; readonly isOvertaken: boolean }
  | { readonly kind: 'removed' }
  /** A copy, or of an epoch that another commit has ended: nothing changed. */
  | { readonly kind: 'past' }
  /** Of an epoch that is still to come: those before are missing. */
  | { readonly kind: 'gap'; readonly epoch: bigint }
  | { readonly kind: 'refused'; readonly code: CommitRefusal };

/** Every honest device refuses the same, so the epoch stays open for the next commit. */
export type CommitRefusal = 'malformed-commit' | 'forged' | 'not-allowed';

/** `unverified`: the group is of guests alone. */
export type JoinRefusal = 'malformed-group' | 'not-admitted' | 'unverified' | 'forged';

/** One's own leaf and capabilities: one suite, no extensions, nothing that we do not use. */
async function packageOf(device: CallDevice, suite: CiphersuiteImpl): Promise<{ publicPackage: KeyPackage; privatePackage: PrivateKeyPackage }> {
  const capabilities = {
    versions: ['mls10' as const],
    ciphersuites: [callSuiteName as typeof suite.name],
    extensions: [],
    proposals: [],
    credentials: ['basic' as const],
  };
  const keys = { signKey: noPrivateKey, publicKey: device.signer.publicKey };
  return generateKeyPackageWithKey({ credentialType: 'basic', identity: device.certificate }, capabilities, defaultLifetime, [], keys, suite);
}

export async function createCall(groupId: Bytes, device: CallDevice, policy: CallPolicy): Promise<CallGroup> {
  const suite = await callSuite(device.signer);
  const { publicPackage, privatePackage } = await packageOf(device, suite);
  return { device, state: await createGroup(groupId, publicPackage, privatePackage, [], suite, strictConfig(policy)), pending: null };
}

/** Tells this epoch of this group from every other: whatever changes the keys changes the tree. Public. @remarks RFC 9420 section 7.8. */
export function epochMarkOf({ state }: CallGroup): Bytes {
  return new Uint8Array(state.groupContext.treeHash);
}

/** For devices of the roster, who come in by themselves. Published with every commit; it lets nobody read anything. */
export async function groupInfoOf({ device, state }: CallGroup): Promise<Bytes> {
  const groupInfo = await createGroupInfoWithExternalPubAndRatchetTree(state, [], await callSuite(device.signer));
  return encodeMessage({ version: 'mls10', wireformat: 'mls_group_info', groupInfo });
}

/** A device of the roster comes in by itself; a leaf that it left behind goes. It is in once the server has put its commit in order before any other of the epoch. */
export async function joinCall(
  groupId: Bytes,
  groupInfo: Uint8Array,
  device: CallDevice,
  policy: CallPolicy,
): Promise<Result<JoiningCall, JoinRefusal>> {
  const message = decodeMessage(groupInfo);
  if (message?.wireformat !== 'mls_group_info') return refusal('malformed-group');
  const info = message.groupInfo;
  const tree = treeOf(info);
  if (tree === undefined || !equalBytes(info.groupContext.groupId, groupId)) return refusal('malformed-group');
  const signer = await certificateAt(tree, info.signer);
  // Only who is of the room may say who is in the call.
  if (signer === null || policy.standingOf(signer) !== 'rostered') return refusal(await admissionRefusal(tree, signer, policy));
  const suite = await callSuite(device.signer);
  const { publicPackage, privatePackage } = await packageOf(device, suite);
  const isThere = tree.some((node) => node?.nodeType === 'leaf' && equalBytes(node.leaf.signaturePublicKey, device.signer.publicKey));
  try {
    const joined = await joinGroupExternal(info, publicPackage, privatePackage, isThere, suite, tree, strictConfig(policy));
    const commit = encodeMessage({ version: 'mls10', wireformat: 'mls_public_message', publicMessage: joined.publicMessage });
    return success({ device, groupId, epoch: info.groupContext.epoch, commit, next: joined.newState });
  } catch {
    return refusal('forged');
  }
}

/** The tree that the server says belongs to it. Undefined where it has none, or none that can be read. */
function treeOf(info: GroupInfo): RatchetTree | undefined {
  try {
    return ratchetTreeFromExtension(info);
  } catch {
    return undefined;
  }
}

async function admissionRefusal(tree: RatchetTree, signer: DeviceCertificate | null, policy: CallPolicy): Promise<JoinRefusal> {
  return signer !== null && policy.standingOf(signer) === 'guest' && (await isOfGuests(tree, policy)) ? 'unverified' : 'not-admitted';
}

/** Whose devices the server says are in the group, to see whether any of them is there. Nothing of it is verified. Null where it is no group. */
export async function devicesIn(groupInfo: Uint8Array): Promise<readonly DeviceCertificate[] | null> {
  const message = decodeMessage(groupInfo);
  const tree = message?.wireformat === 'mls_group_info' ? treeOf(message.groupInfo) : undefined;
  return tree === undefined ? null : certificatesOf(tree);
}

/** Nobody in it is of the roster: whoever is in it answers for the others. */
export function isGroupOfGuests({ state }: CallGroup, policy: CallPolicy): Promise<boolean> {
  return isOfGuests(state.ratchetTree, policy);
}

async function isOfGuests(tree: RatchetTree, policy: CallPolicy): Promise<boolean> {
  return (await certificatesOf(tree)).every((one) => policy.standingOf(one) === 'guest');
}

async function certificatesOf(tree: RatchetTree): Promise<DeviceCertificate[]> {
  const certificates: DeviceCertificate[] = [];
  for (let leaf = 0; 2 * leaf < tree.length; leaf++) {
    const certificate = await certificateAt(tree, leaf);
    if (certificate !== null) certificates.push(certificate);
  }
  return certificates;
}

/** Each commit in the server's order, until one of this epoch comes. Whoever is overtaken asks for the present group and joins again. */
export function receiveWhileJoining(joining: JoiningCall, bytes: Uint8Array): JoiningOutcome {
  if (equalBytes(joining.commit, bytes)) return { kind: 'joined', group: { device: joining.device, state: joining.next, pending: null } };
  const message = decodeMessage(bytes);
  if (message?.wireformat !== 'mls_public_message') return { kind: 'waiting' };
  const { groupId, epoch } = message.publicMessage.content;
  return { kind: equalBytes(groupId, joining.groupId) && epoch >= joining.epoch ? 'overtaken' : 'waiting' };
}

/** What a guest shows in the waiting room, to be added by somebody who is in. The private part stays in `admission`. */
export interface Admission {
  readonly device: CallDevice;
  readonly keyPackage: Bytes;
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
}

export async function askForAdmission(device: CallDevice): Promise<Admission> {
  const { publicPackage, privatePackage } = await packageOf(device, await callSuite(device.signer));
  return {
    device,
    publicPackage,
    privatePackage,
    keyPackage: encodeMessage({ version: 'mls10', wireformat: 'mls_key_package', keyPackage: publicPackage }),
  };
}

/** Who asks, as their package says; shown to whoever decides. */
export async function applicantOf(keyPackage: Uint8Array): Promise<DeviceCertificate | null> {
  const message = decodeMessage(keyPackage);
  if (message?.wireformat !== 'mls_key_package') return null;
  const { leafNode } = message.keyPackage;
  return certificateIn(leafNode.credential, leafNode.signaturePublicKey);
}

/** The welcome of an addition. `groupId` is that of the call one asked for. */
export async function enterCall(
  groupId: Bytes,
  welcome: Uint8Array,
  admission: Admission,
  policy: CallPolicy,
): Promise<Result<CallGroup, JoinRefusal>> {
  const message = decodeMessage(welcome);
  if (message?.wireformat !== 'mls_welcome') return refusal('malformed-group');
  const { device, publicPackage, privatePackage } = admission;
  try {
    const suite = await callSuite(device.signer);
    const state = await joinGroup(message.welcome, publicPackage, privatePackage, emptyPskIndex, suite, undefined, undefined, strictConfig(policy));
    return equalBytes(state.groupContext.groupId, groupId) ? success({ device, state, pending: null }) : refusal('malformed-group');
  } catch {
    return refusal('forged');
  }
}

export interface GroupChange {
  /** Key packages as applicants sent them. */
  readonly add: readonly Uint8Array[];
  readonly remove: readonly number[];
}

export interface ProposedChange {
  readonly group: CallGroup;
  readonly commit: Bytes;
  /** For those who are added, once the commit has been put in order. */
  readonly welcome: Bytes | null;
}

/** One commit for all who come and go; without any, it only makes new keys. The group goes on in its epoch until the server has put the commit in order. */
export async function commitChange(group: CallGroup, policy: CallPolicy, change: GroupChange): Promise<Result<ProposedChange, CommitRefusal>> {
  const proposals: Proposal[] = change.remove.map((removed) => ({ proposalType: 'remove', remove: { removed } }));
  for (const bytes of change.add) {
    const message = decodeMessage(bytes);
    if (message?.wireformat !== 'mls_key_package') return refusal('malformed-commit');
    proposals.push({ proposalType: 'add', add: { keyPackage: message.keyPackage } });
  }
  const cipherSuite = await callSuite(group.device.signer);
  const state = { ...group.state, clientConfig: strictConfig(policy) };
  if (!(await isAllowed(state.ratchetTree, proposals, await certificateAt(state.ratchetTree, state.privatePath.leafIndex), policy)))
    return refusal('not-allowed');
  try {
    // Public: the server knows who is in the call anyway, and no ratchet of ours moves for a commit that may be overtaken.
    const made = await createCommit({ state, cipherSuite }, { extraProposals: proposals, wireAsPublicMessage: true, ratchetTreeExtension: true });
    const commit = encodeMessage(made.commit);
    const welcome = made.welcome === undefined ? null : encodeMessage({ version: 'mls10', wireformat: 'mls_welcome', welcome: made.welcome });
    return success({ group: { ...group, pending: { commit, next: made.newState } }, commit, welcome });
  } catch {
    return refusal('forged');
  }
}

/** The next commit in the server's order, or any other bytes that it sends as such. */
export async function receiveCommit(
  group: CallGroup,
  policy: CallPolicy,
  bytes: Uint8Array,
): Promise<{ readonly group: CallGroup; readonly outcome: CommitOutcome }> {
  const message = decodeMessage(bytes);
  if (message?.wireformat !== 'mls_public_message') return { group, outcome: { kind: 'refused', code: 'malformed-commit' } };
  const { content } = message.publicMessage;
  const { epoch, groupId } = group.state.groupContext;
  if (content.contentType !== 'commit' || !equalBytes(content.groupId, groupId))
    return { group, outcome: { kind: 'refused', code: 'malformed-commit' } };
  if (content.epoch < epoch) return { group, outcome: { kind: 'past' } };
  if (content.epoch > epoch) return { group, outcome: { kind: 'gap', epoch: content.epoch } };
  if (group.pending !== null && equalBytes(group.pending.commit, bytes)) {
    return { group: { ...group, state: group.pending.next, pending: null }, outcome: { kind: 'advanced', isOwn: true, isOvertaken: false } };
  }
  return applyCommit(group, policy, message.publicMessage);
}

async function applyCommit(
  group: CallGroup,
  policy: CallPolicy,
  message: PublicMessage,
): Promise<{ readonly group: CallGroup; readonly outcome: CommitOutcome }> {
  const state = { ...group.state, clientConfig: strictConfig(policy) };
  const proposals = proposalsOf(message);
  const committer = await committerOf(state.ratchetTree, message, policy);
  if (proposals === null || committer === null) return { group, outcome: { kind: 'refused', code: 'not-allowed' } };
  const isExternal = message.content.sender.senderType === 'new_member_commit';
  const allowed = isExternal
    ? await isReplacingItself(state.ratchetTree, proposals, committer)
    : await isAllowed(state.ratchetTree, proposals, committer, policy);
  if (!allowed) return { group, outcome: { kind: 'refused', code: 'not-allowed' } };
  try {
    const suite = await callSuite(group.device.signer);
    if (isRemoved(group, proposals)) {
      // Whoever is taken out cannot follow, but can tell that the commit is what its author signed. Also where the same device came in again from elsewhere.
      await unprotectPublicMessage(state.keySchedule.membershipKey, state.groupContext, state.ratchetTree, message, suite);
      return { group: { ...group, pending: null }, outcome: { kind: 'removed' } };
    }
    const { newState } = await processPublicMessage(state, message, emptyPskIndex, suite);
    return { group: { ...group, state: newState, pending: null }, outcome: { kind: 'advanced', isOwn: false, isOvertaken: group.pending !== null } };
  } catch {
    return { group, outcome: { kind: 'refused', code: 'forged' } };
  }
}

function isRemoved({ state }: CallGroup, proposals: readonly Proposal[]): boolean {
  return proposals.some((proposal) => removedBy(proposal) === state.privatePath.leafIndex);
}

/** Proposals stand in the commit itself. One that was sent before is refused: nobody but the committer answers for a change. */
function proposalsOf({ content }: PublicMessage): readonly Proposal[] | null {
  if (content.contentType !== 'commit') return null;
  const proposals = content.commit.proposals.flatMap((each) => (each.proposalOrRefType === 'proposal' ? [each.proposal] : []));
  return proposals.length === content.commit.proposals.length ? proposals : null;
}

/** Who commits, as the tree or the new leaf says; the library verifies the signature with the same key. Null where they may not. */
async function committerOf(tree: RatchetTree, { content }: PublicMessage, policy: CallPolicy): Promise<DeviceCertificate | null> {
  if (content.contentType !== 'commit') return null;
  if (content.sender.senderType === 'member') return certificateAt(tree, content.sender.leafIndex);
  if (content.sender.senderType !== 'new_member_commit') return null;
  const leaf = content.commit.path?.leafNode;
  const certificate = leaf === undefined ? null : await certificateIn(leaf.credential, leaf.signaturePublicKey);
  return certificate !== null && policy.standingOf(certificate) === 'rostered' ? certificate : null;
}

/** Who comes in by themselves takes out at most their own old leaf. */
async function isReplacingItself(tree: RatchetTree, proposals: readonly Proposal[], joiner: DeviceCertificate): Promise<boolean> {
  for (const proposal of proposals) {
    if (proposal.proposalType === 'external_init') continue;
    const leaf = removedBy(proposal);
    const removed = leaf === null ? null : await certificateAt(tree, leaf);
    if (removed === null || !equalBytes(removed.deviceKey, joiner.deviceKey)) return false;
  }
  return true;
}

/** Additions by who is of the roster, and by guests where they are among themselves; removals as the policy says; nothing else that MLS has. */
async function isAllowed(
  tree: RatchetTree,
  proposals: readonly Proposal[],
  committer: DeviceCertificate | null,
  policy: CallPolicy,
): Promise<boolean> {
  if (committer === null) return false;
  const standing = policy.standingOf(committer);
  if (standing === 'refused') return false;
  const areAmongThemselves = standing === 'guest' && (await isOfGuests(tree, policy));
  if (proposals.length > 0 && standing !== 'rostered' && !areAmongThemselves) return false;
  for (const proposal of proposals) {
    // Who is added shows a certificate: the library asks `strictConfig`.
    if (proposal.proposalType === 'add') continue;
    const leaf = removedBy(proposal);
    const removed = leaf === null ? null : await certificateAt(tree, leaf);
    if (removed === null || !(areAmongThemselves || mayRemove(policy, committer, removed))) return false;
  }
  return true;
}

function mayRemove(policy: CallPolicy, by: DeviceCertificate, whom: DeviceCertificate): boolean {
  return equalBytes(by.account, whom.account) || policy.standingOf(whom) === 'refused' || policy.mayRemove(by, whom);
}

/** The leaf that a proposal takes out, or null. */
function removedBy(proposal: Proposal): number | null {
  return proposal.proposalType === 'remove' && 'remove' in proposal ? proposal.remove.removed : null;
}

/** Everybody in the call, by leaf. */
export async function participantsOf({ state }: CallGroup): Promise<Participant[]> {
  const participants: Participant[] = [];
  for (let leaf = 0; 2 * leaf < state.ratchetTree.length; leaf++) {
    const certificate = await certificateAt(state.ratchetTree, leaf);
    if (certificate !== null) participants.push({ leaf, certificate });
  }
  return participants;
}

/** Those who may no longer be in the call, for any device of the roster to take out. */
export async function unwelcomeLeaves(group: CallGroup, policy: CallPolicy): Promise<number[]> {
  const participants = await participantsOf(group);
  return participants.filter(({ certificate }) => policy.standingOf(certificate) === 'refused').map(({ leaf }) => leaf);
}

/** Whether the call has the leaf that this package asks for. */
export function isInCall({ state }: CallGroup, keyPackage: Uint8Array): boolean {
  const message = decodeMessage(keyPackage);
  if (message?.wireformat !== 'mls_key_package') return false;
  const { hpkePublicKey } = message.keyPackage.leafNode;
  return state.ratchetTree.some((node) => node?.nodeType === 'leaf' && equalBytes(node.leaf.hpkePublicKey, hpkePublicKey));
}

export interface EpochKeys {
  readonly epoch: bigint;
  readonly ownLeaf: number;
  readonly leaves: readonly number[];
  /** For `FrameSealer` and `FrameOpener`. */
  readonly baseKey: Bytes;
  /** Five groups of five digits, the same for everybody in the call: whoever reads another has other keys. */
  readonly code: string;
}

/** @remarks RFC 9605 section 5.2. */
export async function epochKeysOf(group: CallGroup): Promise<EpochKeys> {
  const { device, state } = group;
  const suite = await callSuite(device.signer);
  const exported = async (label: string, length: number) =>
    new Uint8Array(await mlsExporter(state.keySchedule.exporterSecret, label, new Uint8Array(), length, suite));
  return {
    epoch: state.groupContext.epoch,
    ownLeaf: state.privatePath.leafIndex,
    leaves: (await participantsOf(group)).map(({ leaf }) => leaf),
    baseKey: await exported('SFrame 1.0 Base Key', 32),
    code: fiveDigitGroups(await exported('Tocsin call code v1', 25), 5),
  };
}

/** Whose leaf it is; null where there is none. */
export async function certificateAt(tree: RatchetTree, leaf: number): Promise<DeviceCertificate | null> {
  const node = tree[2 * leaf];
  return node?.nodeType === 'leaf' ? certificateIn(node.leaf.credential, node.leaf.signaturePublicKey) : null;
}
