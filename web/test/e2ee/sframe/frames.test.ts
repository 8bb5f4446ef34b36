import { describe, expect, it } from 'vitest';
import { type Bytes, equalBytes } from '../../../src/e2ee/bytes';
import { FrameOpener } from '../../../src/e2ee/sframe/frame-opener';
import { FrameSealer } from '../../../src/e2ee/sframe/frame-sealer';
import { encodeHeader, maximumHeaderLength, parseHeader } from '../../../src/e2ee/sframe/header';
import { keyIdOf, parseKeyId, trackKinds } from '../../../src/e2ee/sframe/key-id';
import { ReplayWindow, replayWindowSize } from '../../../src/e2ee/sframe/replay-window';
import { SeededRandom } from '../seeded';

const nothing = new Uint8Array();

async function sealed(sealer: FrameSealer, ...[kind, metadata, plaintext]: Parameters<FrameSealer['seal']>): Promise<Bytes> {
  const frame = await sealer.seal(kind, metadata, plaintext);
  if (frame === null) throw new Error('no epoch has begun');
  return frame;
}

/** A sealer of leaf 3 and an opener that knows leaves 0 to 4, both in epoch 7. */
function pair(baseKey: Bytes): { readonly sealer: FrameSealer; readonly opener: FrameOpener } {
  const sealer = new FrameSealer(5);
  const opener = new FrameOpener(5);
  sealer.beginEpoch(7n, 3, baseKey);
  opener.addEpoch(7n, [0, 1, 2, 3, 4], baseKey);
  return { sealer, opener };
}

describe('SFrame headers', () => {
  it('any_two_numbers_come_back', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 2000; round++) {
      const header = { keyId: random.uint64(), counter: random.uint64() };
      const encoded = encodeHeader(header);
      expect(encoded.length).toBeLessThanOrEqual(maximumHeaderLength);
      expect(parseHeader(encoded)).toEqual({ header, length: encoded.length });
    }
  });

  it('a_header_that_is_cut_anywhere_is_none', () => {
    const encoded = encodeHeader({ keyId: 0x1234_5678_9abcn, counter: 0xffff_ffff_ffff_ffffn });
    for (let length = 0; length < encoded.length; length++) expect(parseHeader(encoded.subarray(0, length))).toBeNull();
  });

  it('random_bytes_are_read_without_an_exception_and_say_the_same_when_written_again', () => {
    const random = new SeededRandom();
    for (let round = 0; round < 5000; round++) {
      const bytes = random.bytes(random.below(20));
      const parsed = parseHeader(bytes);
      if (parsed !== null) expect(equalBytes(encodeHeader(parsed.header), bytes.subarray(0, parsed.length))).toBe(true);
    }
  });

  it('a_number_written_longer_than_it_must_be_is_refused', () => {
    expect(parseHeader(Uint8Array.of(0x80, 0x05))).toBeNull();
    expect(parseHeader(Uint8Array.of(0x09, 0x00, 0x80))).toBeNull();
    expect(() => encodeHeader({ keyId: -1n, counter: 0n })).toThrow(RangeError);
    expect(() => encodeHeader({ keyId: 1n << 64n, counter: 0n })).toThrow(RangeError);
  });
});

describe('the replay window', () => {
  it('takes_each_counter_once_as_a_plain_set_would', () => {
    const random = new SeededRandom();
    const window = new ReplayWindow();
    const seen = new Set<bigint>();
    let highest = -1n;
    for (let round = 0; round < 20_000; round++) {
      // Mostly a little ahead or behind, now and then a leap.
      const step = random.chance(0.001) ? random.below(5000) : random.below(80) - 60;
      const counter = highest + BigInt(step) < 0n ? 0n : highest + BigInt(step);
      const expected = !seen.has(counter) && highest - counter < BigInt(replayWindowSize);
      expect(window.isFresh(counter)).toBe(expected);
      expect(window.tryMark(counter)).toBe(expected);
      seen.add(counter);
      if (counter > highest) highest = counter;
    }
  });

  it('goes_to_the_last_counter_of_64_bits', () => {
    const window = new ReplayWindow();
    expect(window.tryMark(0xffff_ffff_ffff_ffffn)).toBe(true);
    expect(window.tryMark(0xffff_ffff_ffff_ffffn)).toBe(false);
    expect(window.tryMark(0n)).toBe(false);
  });
});

describe('key ids', () => {
  it('name_epoch_sender_and_kind_and_no_two_are_the_same', () => {
    const ids = new Set<bigint>();
    for (const kind of trackKinds) {
      for (const sender of [0, 1, 255, 256, 65_535]) {
        for (const epoch of [0n, 1n, 255n]) {
          const id = keyIdOf({ epoch, sender, kind });
          expect(parseKeyId(id)).toEqual({ epochLow: Number(epoch), sender, kind });
          ids.add(id);
        }
      }
    }
    expect(ids.size).toBe(trackKinds.length * 5 * 3);
    expect(parseKeyId(0xffff_ffff_ffffn)).toBeNull();
    expect(() => keyIdOf({ epoch: 0n, sender: 65_536, kind: 'audio' })).toThrow(RangeError);
  });
});

describe('sealing and opening', () => {
  it('a_frame_comes_back_and_says_who_sent_it', async () => {
    const random = new SeededRandom();
    const { sealer, opener } = pair(random.bytes(32));
    for (let round = 0; round < 100; round++) {
      const kind = random.pick(trackKinds);
      const plaintext = random.bytes(random.below(1500));
      const metadata = random.bytes(random.below(12));
      const opened = await opener.open(await sealed(sealer, kind, metadata, plaintext), metadata);
      expect(opened).toEqual({ ok: true, value: { plaintext, epoch: 7n, sender: 3, kind } });
    }
  });

  it('no_counter_is_used_twice_under_a_key_though_frames_are_sealed_at_once_and_tracks_made_anew', async () => {
    const { sealer } = pair(new Uint8Array(32));
    const frames = await Promise.all(Array.from({ length: 200 }, (_, at) => sealed(sealer, at % 2 === 0 ? 'audio' : 'video', nothing, nothing)));
    sealer.beginEpoch(7n, 3, new Uint8Array(32));
    frames.push(await sealed(sealer, 'audio', nothing, nothing));
    const headers = new Set(
      frames.map((frame) => JSON.stringify(parseHeader(frame), (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))),
    );
    expect(headers.size).toBe(201);
    expect(() => sealer.beginEpoch(6n, 3, new Uint8Array(32))).toThrow(RangeError);
  });

  it('nothing_is_sealed_before_the_first_epoch', async () => {
    expect(await new FrameSealer(4).seal('audio', nothing, nothing)).toBeNull();
  });

  it('a_copy_is_opened_once_even_when_both_are_under_way_together', async () => {
    const { sealer, opener } = pair(new Uint8Array(32));
    const frame = await sealed(sealer, 'video', nothing, Uint8Array.of(1));
    const outcomes = await Promise.all([opener.open(frame, nothing), opener.open(frame, nothing)]);
    expect(outcomes.filter((outcome) => outcome.ok).length).toBe(1);
    expect(await opener.open(frame, nothing)).toEqual({ ok: false, code: 'replayed' });
  });

  it('each_changed_bit_of_frame_or_metadata_is_refused_and_the_true_frame_still_opens', async () => {
    const random = new SeededRandom();
    const { sealer, opener } = pair(random.bytes(32));
    const metadata = random.bytes(3);
    const frame = await sealed(sealer, 'audio', metadata, random.bytes(20));
    for (let bit = 0; bit < (frame.length + metadata.length) * 8; bit++) {
      const forged = new Uint8Array(frame);
      const beside = new Uint8Array(metadata);
      const at = bit >> 3;
      if (at < frame.length) forged[at] = (forged[at] ?? 0) ^ (1 << (bit & 7));
      else beside[at - frame.length] = (beside[at - frame.length] ?? 0) ^ (1 << (bit & 7));
      expect((await opener.open(forged, beside)).ok).toBe(false);
    }
    expect((await opener.open(frame, metadata)).ok).toBe(true);
  });

  it('a_frame_that_is_cut_anywhere_is_refused', async () => {
    const { sealer, opener } = pair(new Uint8Array(32));
    const frame = await sealed(sealer, 'screen', nothing, new Uint8Array(40));
    for (let length = 0; length < frame.length; length++) expect((await opener.open(frame.subarray(0, length), nothing)).ok).toBe(false);
  });

  it('random_bytes_are_refused_without_an_exception', async () => {
    const random = new SeededRandom();
    const { opener } = pair(random.bytes(32));
    for (let round = 0; round < 2000; round++) expect((await opener.open(random.bytes(random.below(60)), nothing)).ok).toBe(false);
  });

  it('a_leaf_outside_the_group_an_epoch_not_known_and_one_forgotten_are_all_an_unknown_key', async () => {
    const baseKey = new Uint8Array(32);
    const { opener } = pair(baseKey);
    const stranger = new FrameSealer(5);
    stranger.beginEpoch(7n, 5, baseKey);
    expect(await opener.open(await sealed(stranger, 'audio', nothing, nothing), nothing)).toEqual({ ok: false, code: 'unknown-key' });
    const { sealer } = pair(baseKey);
    opener.addEpoch(8n, [3], new Uint8Array(32).fill(8));
    expect((await opener.open(await sealed(sealer, 'audio', nothing, nothing), nothing)).ok).toBe(true);
    opener.forgetBefore(8n);
    expect(await opener.open(await sealed(sealer, 'audio', nothing, nothing), nothing)).toEqual({ ok: false, code: 'unknown-key' });
    sealer.beginEpoch(8n, 3, new Uint8Array(32).fill(8));
    expect((await opener.open(await sealed(sealer, 'audio', nothing, nothing), nothing)).ok).toBe(true);
  });

  it('the_fifth_epoch_drives_out_the_first', async () => {
    const { sealer, opener } = pair(new Uint8Array(32));
    const early = await sealed(sealer, 'audio', nothing, nothing);
    for (const epoch of [8n, 9n, 10n, 11n]) opener.addEpoch(epoch, [3], new Uint8Array(32).fill(Number(epoch)));
    expect(await opener.open(early, nothing)).toEqual({ ok: false, code: 'unknown-key' });
  });
});
