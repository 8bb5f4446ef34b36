import { beforeEach, describe, expect, it } from 'vitest';
import { Outbox } from '../../../src/core/outbox';
import { indexedOutboxStore } from '../../../src/platform/outbox-store';
import { ApiError } from '../../../src/transport/api-error';

interface Sent {
  readonly path: string;
  readonly idempotencyKey: string | undefined;
}

describe('outbox', () => {
  let sent: Sent[];
  let waiting: number[];
  let refused: string[];
  let respond: (path: string) => void;
  let outbox: Outbox;
  let account: string;

  beforeEach(() => {
    account = crypto.randomUUID();
    sent = [];
    waiting = [];
    refused = [];
    respond = () => undefined;
    outbox = new Outbox(
      indexedOutboxStore,
      {
        sendKept: <Result>(_method: string, path: string, _body: unknown, options: { idempotencyKey?: string } = {}): Promise<Result> => {
          sent.push({ path, idempotencyKey: options.idempotencyKey });
          try {
            respond(path);
            return Promise.resolve(undefined as Result);
          } catch (error) {
            return Promise.reject(error as Error);
          }
        },
      },
      { waiting: (count) => waiting.push(count), left: () => undefined, refused: (command) => refused.push(command.path) },
      () => 0,
    );
  });

  const cutOff = (): void => {
    throw ApiError.unreachable();
  };

  const hand = (path: string): Promise<string> => outbox.hand(account, 'label', 'POST', path, {});

  it('what_the_server_takes_at_once_is_not_kept', async () => {
    expect(await hand('/a')).toBe('sent');
    await outbox.drain(account);
    expect(sent.map((one) => one.path)).toEqual(['/a']);
  });

  it('what_can_not_leave_is_kept_and_leaves_in_order_under_the_same_key', async () => {
    respond = cutOff;
    expect(await hand('/a')).toBe('kept');
    expect(await hand('/b')).toBe('kept');
    expect(waiting).toEqual([1, 2]);
    const firstTry = sent[0];
    sent = [];
    respond = () => undefined;
    await outbox.drain(account);
    expect(sent.map((one) => one.path)).toEqual(['/a', '/b']);
    expect(sent[0]?.idempotencyKey).toBe(firstTry?.idempotencyKey);
    expect(waiting.at(-1)).toBe(0);
  });

  it('a_later_command_does_not_overtake_one_that_waits', async () => {
    respond = cutOff;
    await hand('/a');
    respond = () => undefined;
    sent = [];
    expect(await hand('/b')).toBe('kept');
    expect(sent).toEqual([]);
    await outbox.drain(account);
    expect(sent.map((one) => one.path)).toEqual(['/a', '/b']);
  });

  it('a_refusal_at_once_is_thrown_and_nothing_is_kept', async () => {
    respond = () => {
      throw new ApiError('alert-closed', 409, 'closed');
    };
    await expect(hand('/a')).rejects.toMatchObject({ code: 'alert-closed' });
    sent = [];
    await outbox.drain(account);
    expect(sent).toEqual([]);
  });

  it('a_refusal_later_is_told_and_does_not_hold_up_the_rest', async () => {
    respond = cutOff;
    await hand('/a');
    await hand('/b');
    respond = (path) => {
      if (path === '/a') throw new ApiError('alert-closed', 409, 'closed');
    };
    await outbox.drain(account);
    expect(refused).toEqual(['/a']);
    expect(waiting.at(-1)).toBe(0);
  });

  it('another_account_at_the_same_browser_sends_nothing_of_it', async () => {
    respond = cutOff;
    await hand('/a');
    respond = () => undefined;
    sent = [];
    await outbox.drain('somebody-else');
    expect(sent).toEqual([]);
  });

  it('what_comes_to_wait_while_others_leave_leaves_too', async () => {
    respond = cutOff;
    await hand('/a');
    let late: Promise<string> | undefined;
    respond = (path) => {
      if (path === '/a') late = hand('/b');
    };
    sent = [];
    const draining = outbox.drain(account);
    await draining;
    expect(await late).toBe('kept');
    await outbox.drain(account);
    expect(sent.map((one) => one.path)).toEqual(['/a', '/b']);
    // Asked for while it goes on, it is done once more, and no more than that.
    respond = cutOff;
    await hand('/c');
    respond = () => undefined;
    sent = [];
    const [one, two, three] = [outbox.drain(account), outbox.drain(account), outbox.drain(account)];
    expect(two).toBe(three);
    await Promise.all([one, two, three]);
    expect(sent.map((sent) => sent.path)).toEqual(['/c']);
    expect(waiting.at(-1)).toBe(0);
  });

  it('a_server_that_breaks_for_a_moment_loses_nothing_and_one_that_always_does_holds_up_nothing', async () => {
    respond = (path) => {
      if (path === '/a') throw new ApiError('internal', 500, 'broken');
    };
    expect(await hand('/a')).toBe('kept');
    expect(await hand('/b')).toBe('kept');
    sent = [];
    for (let times = 0; times < 3; times++) await outbox.drain(account);
    expect([sent.map((one) => one.path), refused]).toEqual([['/a', '/a', '/a'], []]);
    await outbox.drain(account);
    expect([sent.at(-1)?.path, refused]).toEqual(['/b', ['/a']]);
    expect(waiting.at(-1)).toBe(0);
  });
});
