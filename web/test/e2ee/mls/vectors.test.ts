import { defaultClientConfig } from 'ts-mls/clientConfig.js';
import { joinGroup, makePskIndex, type ClientState } from 'ts-mls/clientState.js';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { encodeGroupContext, type GroupContext } from 'ts-mls/groupContext.js';
import { initializeEpoch, mlsExporter } from 'ts-mls/keySchedule.js';
import { verifyLeafNodeSignature } from 'ts-mls/leafNode.js';
import { decodeMlsMessage } from 'ts-mls/message.js';
import { verifyParentHashes } from 'ts-mls/parentHash.js';
import { processPrivateMessage, processPublicMessage } from 'ts-mls/processMessages.js';
import { decodeProposal } from 'ts-mls/proposal.js';
import type { PskIndex } from 'ts-mls/pskIndex.js';
import {
  addLeafNode,
  decodeRatchetTree,
  encodeRatchetTree,
  removeLeafNode,
  resolution,
  updateLeafNode,
  type RatchetTree,
} from 'ts-mls/ratchetTree.js';
import { treeHash, treeHashRoot } from 'ts-mls/treeHash.js';
import { nodeToLeafIndex, toLeafIndex, toNodeIndex } from 'ts-mls/treemath.js';
import { bytesToBase64 } from 'ts-mls/util/byteArray.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../src/e2ee/bytes';
import { readVectors } from '../vectors';
import { vectorSuite } from './vector-suite';

const suiteNumber = 1;
let suite: CiphersuiteImpl;

beforeAll(async () => {
  suite = await vectorSuite();
});

function ofOurSuite<Vector extends { readonly cipher_suite: number }>(path: string): Vector[] {
  return readVectors<Vector[]>(path).filter((vector) => vector.cipher_suite === suiteNumber);
}

function decoded<Value>(result: readonly [Value, number] | undefined): Value {
  if (result === undefined) throw new Error('a vector cannot be decoded');
  return result[0];
}

interface PassiveClient {
  readonly cipher_suite: number;
  readonly external_psks: readonly { readonly psk_id: string; readonly psk: string }[];
  readonly key_package: string;
  readonly signature_priv: string;
  readonly encryption_priv: string;
  readonly init_priv: string;
  readonly welcome: string;
  readonly ratchet_tree: string | null;
  readonly initial_epoch_authenticator: string;
  readonly epochs: readonly { readonly proposals: readonly string[]; readonly commit: string; readonly epoch_authenticator: string }[];
}

async function joinAsVectorSays(vector: PassiveClient, externalPsks: Record<string, Uint8Array>): Promise<ClientState> {
  const keyPackage = decoded(decodeMlsMessage(fromHex(vector.key_package), 0));
  const welcome = decoded(decodeMlsMessage(fromHex(vector.welcome), 0));
  if (keyPackage.wireformat !== 'mls_key_package' || welcome.wireformat !== 'mls_welcome') throw new Error('not what the vector says');
  return joinGroup(
    welcome.welcome,
    keyPackage.keyPackage,
    {
      hpkePrivateKey: fromHex(vector.encryption_priv),
      initPrivateKey: fromHex(vector.init_priv),
      signaturePrivateKey: fromHex(vector.signature_priv),
    },
    makePskIndex(undefined, externalPsks),
    suite,
    vector.ratchet_tree === null ? undefined : decoded(decodeRatchetTree(fromHex(vector.ratchet_tree), 0)),
    undefined,
    defaultClientConfig,
  );
}

async function process(state: ClientState, message: string, psks: PskIndex): Promise<ClientState> {
  const read = decoded(decodeMlsMessage(fromHex(message), 0));
  if (read.wireformat === 'mls_public_message') return (await processPublicMessage(state, read.publicMessage, psks, suite)).newState;
  if (read.wireformat === 'mls_private_message') return (await processPrivateMessage(state, read.privateMessage, psks, suite)).newState;
  throw new Error('neither a public nor a private message');
}

describe.each([
  ['passive-client-welcome', 8],
  ['passive-client-handling-commit', 13],
  ['passive-client-random', 1],
])('the vectors of RFC 9420: %s', (name, count) => {
  const vectors = ofOurSuite<PassiveClient>(`mls/${name}.json.gz`);

  it('are_all_there', () => expect(vectors.length).toBe(count));

  it.each(vectors.map((vector, at) => [at, vector] as const))('%i', async (_, vector) => {
    const externalPsks = Object.fromEntries(vector.external_psks.map(({ psk_id, psk }) => [bytesToBase64(fromHex(psk_id)), fromHex(psk)]));
    let state = await joinAsVectorSays(vector, externalPsks);
    expect(toHex(state.keySchedule.epochAuthenticator)).toBe(vector.initial_epoch_authenticator);
    for (const epoch of vector.epochs) {
      for (const message of [...epoch.proposals, epoch.commit]) state = await process(state, message, makePskIndex(state, externalPsks));
      expect(toHex(state.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator);
    }
  });
});

interface KeyScheduleVector {
  readonly cipher_suite: number;
  readonly group_id: string;
  readonly initial_init_secret: string;
  readonly epochs: readonly (Readonly<Record<'tree_hash' | 'confirmed_transcript_hash' | 'group_context' | 'commit_secret' | 'psk_secret', string>> &
    Readonly<Record<'joiner_secret' | 'init_secret' | 'exporter_secret' | 'external_secret' | 'epoch_authenticator' | 'confirmation_key', string>> & {
      readonly exporter: { readonly label: string; readonly context: string; readonly length: number; readonly secret: string };
    })[];
}

it('the vectors of RFC 9420: key-schedule', async () => {
  const [vector] = ofOurSuite<KeyScheduleVector>('mls/key-schedule.json.gz');
  if (vector === undefined) throw new Error('no vector of this suite');
  let initSecret: Uint8Array = fromHex(vector.initial_init_secret);
  for (const [index, epoch] of vector.epochs.entries()) {
    const context: GroupContext = {
      version: 'mls10',
      cipherSuite: suite.name,
      groupId: fromHex(vector.group_id),
      epoch: BigInt(index),
      treeHash: fromHex(epoch.tree_hash),
      confirmedTranscriptHash: fromHex(epoch.confirmed_transcript_hash),
      extensions: [],
    };
    expect(toHex(encodeGroupContext(context))).toBe(epoch.group_context);
    const secrets = await initializeEpoch(initSecret, fromHex(epoch.commit_secret), context, fromHex(epoch.psk_secret), suite.kdf);
    expect(toHex(secrets.joinerSecret)).toBe(epoch.joiner_secret);
    expect(toHex(secrets.keySchedule.initSecret)).toBe(epoch.init_secret);
    expect(toHex(secrets.keySchedule.exporterSecret)).toBe(epoch.exporter_secret);
    expect(toHex(secrets.keySchedule.externalSecret)).toBe(epoch.external_secret);
    expect(toHex(secrets.keySchedule.epochAuthenticator)).toBe(epoch.epoch_authenticator);
    expect(toHex(secrets.keySchedule.confirmationKey)).toBe(epoch.confirmation_key);
    const { label, context: exporterContext, length, secret } = epoch.exporter;
    expect(toHex(await mlsExporter(secrets.keySchedule.exporterSecret, label, fromHex(exporterContext), length, suite))).toBe(secret);
    initSecret = secrets.keySchedule.initSecret;
  }
});

interface TreeValidationVector {
  readonly cipher_suite: number;
  readonly tree: string;
  readonly group_id: string;
  readonly tree_hashes: readonly string[];
  readonly resolutions: readonly (readonly number[])[];
}

it('the vectors of RFC 9420: tree-validation', async () => {
  const vectors = ofOurSuite<TreeValidationVector>('mls/tree-validation.json.gz');
  expect(vectors.length).toBe(14);
  for (const vector of vectors) {
    const tree = decoded(decodeRatchetTree(fromHex(vector.tree), 0));
    for (const [index, hash] of vector.tree_hashes.entries()) expect(toHex(await treeHash(tree, toNodeIndex(index), suite.hash))).toBe(hash);
    for (const [index, expected] of vector.resolutions.entries()) expect(resolution(tree, toNodeIndex(index))).toEqual(expected);
    expect(await verifyParentHashes(tree, suite.hash)).toBe(true);
    for (const [index, node] of tree.entries()) {
      if (node?.nodeType !== 'leaf') continue;
      expect(await verifyLeafNodeSignature(node.leaf, fromHex(vector.group_id), nodeToLeafIndex(toNodeIndex(index)), suite.signature)).toBe(true);
    }
  }
});

interface TreeOperationVector {
  readonly cipher_suite: number;
  readonly proposal: string;
  readonly proposal_sender: number;
  readonly tree_before: string;
  readonly tree_after: string;
  readonly tree_hash_after: string;
}

function apply(tree: RatchetTree, vector: TreeOperationVector): RatchetTree {
  const proposal = decoded(decodeProposal(fromHex(vector.proposal), 0));
  if (proposal.proposalType === 'add' && 'add' in proposal) return addLeafNode(tree, proposal.add.keyPackage.leafNode)[0];
  if (proposal.proposalType === 'update' && 'update' in proposal)
    return updateLeafNode(tree, proposal.update.leafNode, toLeafIndex(vector.proposal_sender));
  if (proposal.proposalType === 'remove' && 'remove' in proposal) return removeLeafNode(tree, toLeafIndex(proposal.remove.removed));
  throw new Error('no operation on a tree');
}

it('the vectors of RFC 9420: tree-operations', async () => {
  const vectors = ofOurSuite<TreeOperationVector>('mls/tree-operations.json.gz');
  expect(vectors.length).toBe(5);
  for (const vector of vectors) {
    const after = apply(decoded(decodeRatchetTree(fromHex(vector.tree_before), 0)), vector);
    expect(toHex(encodeRatchetTree(after))).toBe(vector.tree_after);
    expect(toHex(await treeHashRoot(after, suite.hash))).toBe(vector.tree_hash_after);
  }
});
