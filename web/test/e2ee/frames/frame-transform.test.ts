import { describe, expect, it } from 'vitest';
import { type Bytes, concatenate, toHex } from '../../../src/e2ee/bytes';
import { type Codec, divideFrame, divideSealed, joinFrame, joinSealed, sealableCodecs } from '../../../src/e2ee/frames/frame-layout';
import { openFrame, sealFrame } from '../../../src/e2ee/frames/frame-transform';
import { FrameOpener } from '../../../src/e2ee/sframe/frame-opener';
import { FrameSealer } from '../../../src/e2ee/sframe/frame-sealer';
import { SeededRandom } from '../seeded';

function pair(): { readonly sealer: FrameSealer; readonly opener: FrameOpener } {
  const sealer = new FrameSealer(5);
  const opener = new FrameOpener(5);
  sealer.beginEpoch(1n, 2, new Uint8Array(32));
  opener.addEpoch(1n, [2], new Uint8Array(32));
  return { sealer, opener };
}

const leaf = (number: number) => (_epoch: bigint, other: number) => other === number;

function obu(type: number, body: Uint8Array): Bytes {
  return concatenate(Uint8Array.of((type << 3) | 2, body.length), body);
}

/** Something that the codec could have written, to the degree that the layout looks at it. */
function frameOf(codec: Codec, random: SeededRandom): Bytes {
  const content = random.bytes(9 + random.below(100));
  switch (codec) {
    case 'opus':
    case 'vp9':
      return content;
    case 'vp8':
      return concatenate(Uint8Array.of(random.chance(0.5) ? 0x10 : 0x11), content);
    case 'h264': {
      const slice = concatenate(
        Uint8Array.of(0, 0, 0, 1, random.pick([0x65, 0x41])),
        content.map((byte) => byte | 4),
      );
      return random.chance(0.5) ? slice : concatenate(Uint8Array.of(0, 0, 0, 1, 0x67, 9, 9, 0, 0, 0, 1, 0x68, 7), slice);
    }
    case 'av1':
      return random.chance(0.5)
        ? concatenate(obu(2, new Uint8Array()), obu(6, content))
        : concatenate(obu(2, new Uint8Array()), obu(1, random.bytes(11)), obu(6, content));
  }
}

describe.each(sealableCodecs)('a frame of %s', (codec) => {
  it('comes_back_as_the_encoder_wrote_it', async () => {
    const random = new SeededRandom();
    const { sealer, opener } = pair();
    for (let round = 0; round < 100; round++) {
      const frame = frameOf(codec, random);
      const sealed = await sealFrame(sealer, codec, 'video', frame);
      if (sealed === null) throw new Error('not sealed');
      const opened = await openFrame(opener, codec, 'video', leaf(2), sealed);
      // AV1 may put its sequence header before its temporal delimiter: the order of what is sealed stays.
      if (codec === 'av1') expect(opened.ok && [...opened.value].sort().join()).toBe([...frame].sort().join());
      else expect(opened.ok && toHex(opened.value)).toBe(toHex(frame));
    }
  });

  it('of_another_participant_or_track_is_refused', async () => {
    const random = new SeededRandom();
    const { sealer, opener } = pair();
    const sealed = (await sealFrame(sealer, codec, 'video', frameOf(codec, random))) ?? new Uint8Array();
    expect(await openFrame(opener, codec, 'video', leaf(3), sealed)).toEqual({ ok: false, code: 'other-track' });
    const again = (await sealFrame(sealer, codec, 'video', frameOf(codec, random))) ?? new Uint8Array();
    expect(await openFrame(opener, codec, 'screen', leaf(2), again)).toEqual({ ok: false, code: 'other-track' });
  });

  it('that_is_cut_changed_or_random_is_refused_without_an_exception', async () => {
    const random = new SeededRandom();
    const { sealer, opener } = pair();
    const frame = (await sealFrame(sealer, codec, 'video', frameOf(codec, random))) ?? new Uint8Array();
    for (let length = 0; length < frame.length; length++)
      expect((await openFrame(opener, codec, 'video', leaf(2), frame.subarray(0, length))).ok).toBe(false);
    for (let round = 0; round < 200; round++) {
      const noise = random.bytes(random.below(80));
      expect((await openFrame(opener, codec, 'video', leaf(2), noise)).ok).toBe(false);
      divideFrame(codec, noise);
    }
  });

  it('is_not_sent_before_there_is_a_key', async () => {
    expect(await sealFrame(new FrameSealer(5), codec, 'video', frameOf(codec, new SeededRandom()))).toBeNull();
  });
});

describe('what stays clear', () => {
  it('ten_bytes_of_a_key_frame_of_vp8_three_of_another_and_nothing_of_opus_and_vp9', () => {
    const frame = (first: number) => concatenate(Uint8Array.of(first), new Uint8Array(30));
    expect(divideFrame('vp8', frame(0x10))?.clear.length).toBe(10);
    expect(divideFrame('vp8', frame(0x11))?.clear.length).toBe(3);
    expect(divideFrame('opus', frame(0x10))?.clear.length).toBe(0);
    expect(divideFrame('vp9', frame(0x10))?.clear.length).toBe(0);
    // Firefox may send an empty audio frame.
    expect(divideFrame('opus', new Uint8Array())?.secret.length).toBe(0);
  });

  it('parameter_sets_of_h264_and_eight_bytes_of_the_first_slice_with_long_start_codes', () => {
    const frame = Uint8Array.of(0, 0, 1, 0x67, 1, 0, 0, 1, 0x65, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    const parts = divideFrame('h264', frame);
    expect(toHex(parts?.clear ?? new Uint8Array())).toBe('0000000167010000000165' + '01020304050607');
    expect(toHex(parts?.secret ?? new Uint8Array())).toBe('0809');
    expect(divideFrame('h264', Uint8Array.of(1, 2, 3, 4, 5))).toBeNull();
  });

  it('zeros_after_a_slice_of_h264_that_is_shorter_than_what_stays_clear', async () => {
    const { sealer, opener } = pair();
    const frame = Uint8Array.of(0, 0, 0, 1, 0x41, 0x9a, 0x80, 0, 0, 1, 0x41, 1, 2, 3);
    const sealed = (await sealFrame(sealer, 'h264', 'video', frame)) ?? new Uint8Array();
    const opened = await openFrame(opener, 'h264', 'video', leaf(2), sealed);
    expect(opened.ok && toHex(opened.value)).toBe('00000001419a80' + '0000000000' + '00000141010203');
    expect(divideFrame('vp8', Uint8Array.of(0x10, 1, 2))).toBeNull();
  });

  it('no_start_code_appears_in_what_is_sealed_of_h264', () => {
    const random = new SeededRandom();
    const clear = Uint8Array.of(0, 0, 0, 1, 0x65, 0, 0);
    for (let round = 0; round < 500; round++) {
      const sealed = random.bytes(40).map((byte) => (byte < 200 ? byte % 5 : byte));
      const frame = joinSealed('h264', { clear, sealed });
      const text = toHex(frame.subarray(5));
      expect(text.match(/^(..)*?000000|^(..)*?000001|^(..)*?000002/)).toBeNull();
      expect(frame.at(-1)).toBe(0x80);
      const parts = divideSealed(
        'h264',
        concatenate(Uint8Array.of(0, 0, 0, 1, 0x65, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff), joinSealed('h264', { clear: new Uint8Array(), sealed })),
      );
      expect(parts?.sealed).toEqual(sealed);
    }
  });

  it('the_sequence_header_of_av1_and_the_rest_is_one_frame_unit', () => {
    const sequence = obu(1, Uint8Array.of(1, 2, 3));
    const parts = divideFrame('av1', concatenate(obu(2, new Uint8Array()), sequence, obu(6, Uint8Array.of(4, 5))));
    expect(toHex(parts?.clear ?? new Uint8Array())).toBe(toHex(sequence));
    expect(toHex(parts?.secret ?? new Uint8Array())).toBe(toHex(concatenate(obu(2, new Uint8Array()), obu(6, Uint8Array.of(4, 5)))));
    const frame = joinSealed('av1', { clear: sequence, sealed: new Uint8Array(200) });
    expect(toHex(frame.subarray(sequence.length, sequence.length + 3))).toBe('32c801');
    // A depacketizer that took the sizes away: the last unit goes to the end.
    const bare = concatenate(Uint8Array.of(6 << 3), new Uint8Array(200));
    expect(divideSealed('av1', bare)?.sealed.length).toBe(200);
    expect(joinFrame({ clear: sequence, secret: Uint8Array.of(9) }).length).toBe(sequence.length + 1);
  });
});
