import type { HubConnection } from '@microsoft/signalr';
import { beforeEach, describe, expect, it } from 'vitest';
import { signalrMeetingLines } from '../../../src/transport/meeting-line';

/** What each line did, in order. */
let done: string[];
/** Of the server, or of a proxy before it; undefined: nobody listens. */
let status: number | undefined;
let opens: boolean;
let webSockets: boolean;
let newLine: ReturnType<typeof signalrMeetingLines>;

beforeEach(() => {
  done = [];
  [status, opens, webSockets] = [200, true, true];
  newLine = signalrMeetingLines('/hub', {
    connect: (url, isDirect, carried) =>
      ({
        start() {
          done.push(`${isDirect ? 'WebSocket' : 'negotiation'} ${url}`);
          if (!opens) return Promise.reject(new Error('refused'));
          if (webSockets) carried();
          return Promise.resolve();
        },
      }) as HubConnection,
    fetch(input) {
      done.push(input);
      return status === undefined ? Promise.reject(new TypeError('refused')) : Promise.resolve({ status });
    },
  });
});

const open = (): Promise<string> =>
  newLine()
    .open()
    .then(
      () => 'open',
      () => 'broken',
    );

describe('a line of a call', () => {
  it('finds_out_what_the_network_carries', async () => {
    expect(await open()).toBe('open');
    expect(done).toEqual(['negotiation /hub']);
  });

  it('that_is_opened_again_is_a_WebSocket_at_once_where_the_one_before_was', async () => {
    await open();
    expect(await open()).toBe('open');
    expect(done.slice(1)).toEqual(['/health/live', 'WebSocket /hub']);
  });

  it('goes_on_asking_where_no_WebSocket_came_through', async () => {
    webSockets = false;
    await open();
    await open();
    expect(done).toEqual(['negotiation /hub', 'negotiation /hub']);
  });

  it.each([undefined, 502, 503])('opens_no_WebSocket_that_would_fail_while_there_is_no_server (%s)', async (said) => {
    await open();
    status = said;
    expect([await open(), await open()]).toEqual(['broken', 'broken']);
    status = 200;
    expect(await open()).toBe('open');
    expect(done.slice(1)).toEqual(['/health/live', '/health/live', '/health/live', 'WebSocket /hub']);
  });

  it('asks_anew_once_a_WebSocket_failed_though_there_is_a_server', async () => {
    await open();
    opens = false;
    expect(await open()).toBe('broken');
    [opens, webSockets] = [true, false];
    expect(await open()).toBe('open');
    expect(done.slice(1)).toEqual(['/health/live', 'WebSocket /hub', 'negotiation /hub']);
  });
});
