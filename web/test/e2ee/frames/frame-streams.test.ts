import { beforeEach, describe, expect, it } from 'vitest';
import { FrameReceiver, FrameSender, type EncodedFrame } from '../../../src/core/meetings/encryption/frame-streams';
import { CallFrames, type FrameEpoch } from '../../../src/e2ee/frames/call-frames';

const claire: Partial<FrameEpoch> = { ownLeaf: 0 };

function epochOf(number: bigint, changes: Partial<FrameEpoch> = {}): FrameEpoch {
  return {
    group: 'g',
    epoch: number,
    ownLeaf: 1,
    baseKey: new Uint8Array(32).fill(Number(number)),
    participants: [
      [0, 'claire'],
      [1, 'karim'],
    ],
    ...changes,
  };
}

/** What VP8 writes: a first byte that tells a key frame, and a content. */
function picture(isKey: boolean): EncodedFrame {
  return { data: Uint8Array.of(isKey ? 0x10 : 0x11, ...new Uint8Array(40).fill(7)).buffer, type: isKey ? 'key' : 'delta' };
}

describe('what one sends and another receives', () => {
  let sending: CallFrames;
  let receiving: CallFrames;
  let receiver: FrameReceiver;
  let now = 0;
  let requests = 0;
  let shown: EncodedFrame[] = [];
  let legibility: boolean[] = [];

  const send = async (frame: EncodedFrame): Promise<EncodedFrame | undefined> => {
    let sent: EncodedFrame | undefined;
    await new FrameSender(sending, { direction: 'send', codec: 'vp8', track: 'video' }).transform(frame, (passed) => (sent = passed));
    return sent;
  };
  const receive = async (frame: EncodedFrame | undefined): Promise<void> => {
    if (frame) await receiver.transform(frame, (passed) => shown.push(passed));
  };

  beforeEach(() => {
    sending = new CallFrames();
    receiving = new CallFrames();
    now = requests = 0;
    shown = [];
    legibility = [];
    receiver = new FrameReceiver(
      receiving,
      { direction: 'receive', codec: 'vp8', track: 'video', participant: 'claire' },
      { now: () => now, requestKeyFrame: () => (requests += 1), legible: (is) => legibility.push(is) },
    );
    sending.begin(epochOf(1n, claire));
    receiving.begin(epochOf(1n));
  });

  it('comes_back_as_it_was', async () => {
    await receive(await send(picture(true)));
    await receive(await send(picture(false)));
    expect(shown.map((frame) => new Uint8Array(frame.data))).toEqual([new Uint8Array(picture(true).data), new Uint8Array(picture(false).data)]);
  });

  it('does_not_leave_before_there_is_a_key', async () => {
    sending = new CallFrames();
    expect(await send(picture(true))).toBeUndefined();
  });

  it('is_not_shown_with_another_key_and_is_from_a_key_frame_on_once_the_key_came', async () => {
    sending.begin(epochOf(2n, claire));
    await receive(await send(picture(true)));
    now = 1_999;
    await receive(await send(picture(false)));
    expect([shown, legibility]).toEqual([[], []]);
    now = 2_000;
    await receive(await send(picture(false)));
    expect(legibility).toEqual([false]);
    receiving.begin(epochOf(2n));
    receiver.keysCame();
    expect(requests).toBe(1);
    await receive(await send(picture(false)));
    expect([shown.length, legibility]).toEqual([0, [false, true]]);
    now = 2_600;
    await receive(await send(picture(false)));
    expect(requests).toBe(2);
    await receive(await send(picture(true)));
    await receive(await send(picture(false)));
    expect(shown).toHaveLength(2);
  });

  it('is_not_shown_as_somebody_elses_whatever_the_server_says', async () => {
    receiving.begin(epochOf(1n, { participants: [[0, 'mallory']] }));
    await receive(await send(picture(true)));
    expect(shown).toEqual([]);
    // Who is behind a leaf may become known after its keys.
    receiving.begin(epochOf(1n));
    await receive(await send(picture(true)));
    expect(shown).toHaveLength(1);
  });

  it('a_copy_is_dropped_and_nothing_is_asked_for', async () => {
    const sent = await send(picture(true));
    const copy = sent && { data: sent.data.slice(0), type: 'key' };
    await receive(sent);
    await receive(copy);
    await receive(await send(picture(false)));
    expect([shown.length, requests, legibility]).toEqual([2, 0, []]);
  });

  it('what_was_sealed_before_somebody_left_is_opened_no_more_once_it_is_forgotten', async () => {
    const late = await send(picture(true));
    receiving.begin(epochOf(2n));
    receiving.forgetBefore(2n);
    await receive(late);
    expect(shown).toEqual([]);
  });

  it('another_group_begins_anew', async () => {
    sending.begin(epochOf(0n, { ...claire, group: 'h' }));
    receiving.begin(epochOf(0n, { group: 'h' }));
    await receive(await send(picture(true)));
    expect(shown).toHaveLength(1);
  });
});
