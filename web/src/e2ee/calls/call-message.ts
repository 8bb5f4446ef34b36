import { createApplicationMessage } from 'ts-mls/createMessage.js';
import { unprotectPrivateMessage } from 'ts-mls/messageProtection.js';
import { type Bytes, equalBytes } from '../bytes';
import type { DeviceCertificate } from '../identities/device-certificate';
import { certificateAt, type CallGroup } from './call-group';
import { type CallPolicy, strictConfig } from './mls-authentication';
import { decodeMessage, encodeMessage } from './mls-message';
import { callSuite } from './mls-suite';

/** What the server carries at most, in bytes: what is longer is refused before anything is computed. */
export const maximumSealedLength = 9 * 1024;

export type OpenedMessage =
  /** `sender` is the device whose leaf signed it. */
  | { readonly kind: 'opened'; readonly sender: DeviceCertificate; readonly content: Bytes }
  /** Of an epoch that is still to come: changes before it are missing. */
  | { readonly kind: 'gap' }
  /** Not of this epoch, changed on its way, heard before, or of nobody who is in the group. */
  | { readonly kind: 'refused' };

/** An application message of the group (RFC 9420 section 6.3): signed by this device's leaf, its key used once and forgotten. */
export async function sealMessage(group: CallGroup, content: Uint8Array): Promise<{ readonly group: CallGroup; readonly message: Bytes }> {
  const { newState, privateMessage } = await createApplicationMessage(group.state, content, await callSuite(group.device.signer));
  const message = encodeMessage({ version: 'mls10', wireformat: 'mls_private_message', privateMessage });
  return { group: { ...group, state: newState }, message };
}

/**
 * Opens what another device sealed in the present epoch: the server takes messages of no other. The group goes on as it was where the message is refused, so that a forged one uses up no key.
 * @remarks The library's `processPrivateMessage` does not say whose leaf signed, and takes commits as well; what it is made of does.
 */
export async function openMessage(
  group: CallGroup,
  policy: CallPolicy,
  bytes: Uint8Array,
): Promise<{ readonly group: CallGroup; readonly outcome: OpenedMessage }> {
  const refused = { group, outcome: { kind: 'refused' } } as const;
  const message = bytes.length > maximumSealedLength ? null : decodeMessage(bytes);
  if (message?.wireformat !== 'mls_private_message') return refused;
  const { privateMessage } = message;
  const { groupContext, keySchedule, secretTree, ratchetTree } = group.state;
  if (privateMessage.contentType !== 'application' || !equalBytes(privateMessage.groupId, groupContext.groupId)) return refused;
  if (privateMessage.epoch > groupContext.epoch) return { group, outcome: { kind: 'gap' } };
  if (privateMessage.epoch < groupContext.epoch) return refused;
  try {
    const { keyRetentionConfig } = strictConfig(policy);
    const suite = await callSuite(group.device.signer);
    const opened = await unprotectPrivateMessage(
      keySchedule.senderDataSecret,
      privateMessage,
      secretTree,
      ratchetTree,
      groupContext,
      keyRetentionConfig,
      suite,
    );
    const { content } = opened.content;
    if (content.contentType !== 'application' || content.sender.senderType !== 'member') return refused;
    const sender = await certificateAt(ratchetTree, content.sender.leafIndex);
    // Revoked since it came in: the next change takes it out.
    if (sender === null || policy.standingOf(sender) === 'refused') return refused;
    const state = { ...group.state, secretTree: opened.tree };
    return { group: { ...group, state }, outcome: { kind: 'opened', sender, content: new Uint8Array(content.applicationData) } };
  } catch {
    return refused;
  }
}
