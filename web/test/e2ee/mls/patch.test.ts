import { createGroup, joinGroup, type ClientState } from 'ts-mls/clientState.js';
import { createCommit, createGroupInfoWithExternalPubAndRatchetTree, joinGroupExternal } from 'ts-mls/createCommit.js';
import type { CiphersuiteImpl } from 'ts-mls/crypto/ciphersuite.js';
import { defaultCapabilities } from 'ts-mls/defaultCapabilities.js';
import { generateKeyPackageWithKey, type KeyPackage, type PrivateKeyPackage } from 'ts-mls/keyPackage.js';
import { defaultLifetime } from 'ts-mls/lifetime.js';
import { processPublicMessage } from 'ts-mls/processMessages.js';
import type { Proposal } from 'ts-mls/proposal.js';
import { emptyPskIndex } from 'ts-mls/pskIndex.js';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/e2ee/bytes';
import { signerFromSeed } from '../../../src/e2ee/signature';
import { SeededRandom } from '../seeded';
import { vectorSuite } from './vector-suite';
import { patched, patches, sha256 } from '../../../patches/apply.mjs';

const web = new URL('../../../', import.meta.url);

describe('the correction of ts-mls', () => {
  it.each(patches.map((patch) => patch.file))('is_made_where_it_is_installed: %s', (file) => {
    const patch = patches.find((each) => each.file === file);
    expect(sha256(readFileSync(fileURLToPath(new URL(file, web)), 'utf8'))).toBe(patch?.after);
  });

  it('is_not_made_of_another_file', () => {
    const [patch] = patches;
    if (patch === undefined) throw new Error('no patch');
    expect(() => patched('another version', patch)).toThrow('is not the file');
    const corrected = readFileSync(fileURLToPath(new URL(patch.file, web)), 'utf8');
    expect(patched(corrected, patch)).toBe(corrected);
  });

  // RFC 9420 section 7.9. As published, ts-mls 1.6.4 refuses about one in thirteen of these joins.
  it('a_group_in_which_leaves_were_emptied_and_filled_again_can_be_joined', async () => {
    const suite = await vectorSuite();
    const random = new SeededRandom();
    let group = await Group.create(suite);
    for (let round = 0; round < 40; round++) {
      if (group.members.length > 3 && (group.members.length > 7 || random.chance(0.5))) group = await group.remove(random);
      else if (random.chance(0.6)) group = await group.add(random);
      else group = await group.joinExternally(random);
      expect(new Set(group.members.map((member) => member.keySchedule.epochAuthenticator.join())).size).toBe(1);
    }
  });
});

interface Package {
  readonly publicPackage: KeyPackage;
  readonly privatePackage: PrivateKeyPackage;
}

/** Every member's own state, all in the same epoch. */
class Group {
  private constructor(
    private readonly suite: CiphersuiteImpl,
    readonly members: readonly ClientState[],
    private readonly made: number,
  ) {}

  static async create(suite: CiphersuiteImpl): Promise<Group> {
    const { publicPackage, privatePackage } = await Group.package(suite, 0);
    return new Group(suite, [await createGroup(utf8('group'), publicPackage, privatePackage, [], suite)], 1);
  }

  private static async package(suite: CiphersuiteImpl, number: number): Promise<Package> {
    const signKey = crypto.getRandomValues(new Uint8Array(32));
    const { publicKey } = await signerFromSeed(signKey);
    const credential = { credentialType: 'basic', identity: utf8(`member ${number}`) } as const;
    return generateKeyPackageWithKey(credential, defaultCapabilities(), defaultLifetime, [], { signKey, publicKey }, suite);
  }

  async add(random: SeededRandom): Promise<Group> {
    const joiner = await Group.package(this.suite, this.made);
    const committer = random.pick(this.members);
    const { commit, welcome, newState } = await this.commit(committer, { proposalType: 'add', add: { keyPackage: joiner.publicPackage } });
    if (welcome === undefined) throw new Error('no welcome for an addition');
    const joined = await joinGroup(welcome, joiner.publicPackage, joiner.privatePackage, emptyPskIndex, this.suite, newState.ratchetTree);
    return new Group(this.suite, [...(await this.received(committer, newState, commit)), joined], this.made + 1);
  }

  async remove(random: SeededRandom): Promise<Group> {
    const [removed, committer] = random.shuffled(this.members);
    if (removed === undefined || committer === undefined) throw new Error('too few members');
    const { commit, newState } = await this.commit(committer, { proposalType: 'remove', remove: { removed: removed.privatePath.leafIndex } });
    const staying = new Group(
      this.suite,
      this.members.filter((member) => member !== removed),
      this.made,
    );
    return new Group(this.suite, await staying.received(committer, newState, commit), this.made);
  }

  async joinExternally(random: SeededRandom): Promise<Group> {
    const joiner = await Group.package(this.suite, this.made);
    const info = await createGroupInfoWithExternalPubAndRatchetTree(random.pick(this.members), [], this.suite);
    const { publicMessage, newState } = await joinGroupExternal(info, joiner.publicPackage, joiner.privatePackage, false, this.suite);
    const others = await Promise.all(
      this.members.map(async (member) => (await processPublicMessage(member, publicMessage, emptyPskIndex, this.suite)).newState),
    );
    return new Group(this.suite, [...others, newState], this.made + 1);
  }

  private commit(committer: ClientState, proposal: Proposal) {
    return createCommit({ state: committer, cipherSuite: this.suite }, { extraProposals: [proposal], wireAsPublicMessage: true });
  }

  private received(
    committer: ClientState,
    newState: ClientState,
    commit: Awaited<ReturnType<typeof createCommit>>['commit'],
  ): Promise<ClientState[]> {
    if (commit.wireformat !== 'mls_public_message') throw new Error('the commit is to be public');
    return Promise.all(
      this.members.map(async (member) =>
        member === committer ? newState : (await processPublicMessage(member, commit.publicMessage, emptyPskIndex, this.suite)).newState,
      ),
    );
  }
}
