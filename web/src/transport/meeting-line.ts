import { HttpTransportType, HubConnectionBuilder, LogLevel, type HubConnection, type ISubscription } from '@microsoft/signalr';
import { ApiError } from './api-error';
import type { CheckRequest, HubAnswer, JoinRequest, MeetingCommand, MeetingCommands, MeetingEvent } from './meeting-signalling';

/** One connection for one place in a call, good until it breaks. */
export interface MeetingLine {
  open(): Promise<void>;
  /** Events until the line breaks or the server ends the stream; then `ended`, once. */
  join(request: JoinRequest, receive: (events: readonly MeetingEvent[]) => void, ended: () => void): void;
  /** The same, of a call of one. */
  check(request: CheckRequest, receive: (events: readonly MeetingEvent[]) => void, ended: () => void): void;
  /** Fails with an ApiError: the server's refusal, or `unreachable` where the line is broken. */
  command<Name extends MeetingCommand>(name: Name, argument: MeetingCommands[Name][0]): Promise<MeetingCommands[Name][1]>;
  close(): void;
}

/** What even a server that is being prepared answers, without asking who it is that wants to know. */
const liveness = '/health/live';

/** What lines are made of; tests give stand-ins. */
export interface LineParts {
  /** With `isDirect` it opens a WebSocket without asking what there is. `carried` is called where a message came by one. */
  connect(url: string, isDirect: boolean, carried: () => void): HubConnection;
  fetch(input: string, init: RequestInit): Promise<Pick<Response, 'status'>>;
}

/**
 * Lines of a call's own beside the session's: a call does not wait for the feed's next try, nor the feed for the call's. The first finds out what the network lets through. Where that was a
 * WebSocket, the later ones open one at once: that spares a server that has just started, and whoever waits for it, a request and its connection.
 */
export function signalrMeetingLines(url: '/hub' | '/hub/guest', parts: LineParts = browserParts): () => MeetingLine {
  let carriesWebSockets = false;
  return () => {
    const isDirect = carriesWebSockets;
    const connection = parts.connect(url, isDirect, () => (carriesWebSockets = true));
    return meetingLine(connection, async () => {
      if (isDirect) await findServer(parts);
      try {
        await connection.start();
      } catch (error) {
        // There is a server: it may be the network that has changed.
        carriesWebSockets = false;
        throw error;
      }
    });
  };
}

const browserParts: LineParts = {
  connect(url, isDirect, carried) {
    const Noted = class extends WebSocket {
      constructor(address: string | URL, protocols?: string | string[]) {
        super(address, protocols);
        this.addEventListener('message', carried, { once: true });
      }
    };
    // The library takes a WebSocket of ours; its types keep that to themselves.
    const options = {
      WebSocket: Noted,
      transport: isDirect
        ? HttpTransportType.WebSockets
        : HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling,
      skipNegotiation: isDirect,
    };
    return new HubConnectionBuilder().withUrl(url, options).configureLogging(LogLevel.None).build();
  },
  fetch: (input, init) => fetch(input, init),
};

/**
 * Browsers hold back WebSockets where some have failed, for longer and longer: so what may fail, because no server listens yet, is a request. One that listens answers it before it is prepared.
 * A proxy may answer for it: that it has none.
 */
async function findServer(parts: LineParts): Promise<void> {
  const { status } = await parts.fetch(liveness, { cache: 'no-store' });
  if (status >= 500) throw new Error(`No server: ${status}.`);
}

function meetingLine(connection: HubConnection, open: () => Promise<void>): MeetingLine {
  let subscription: ISubscription<{ events: readonly MeetingEvent[] }> | undefined;

  const stream = (
    method: string,
    request: JoinRequest | CheckRequest,
    receive: (events: readonly MeetingEvent[]) => void,
    ended: () => void,
  ): void => {
    let told = false;
    const tell = (): void => {
      if (told) return;
      told = true;
      ended();
    };
    connection.onclose(tell);
    subscription = connection
      .stream<{ events: readonly MeetingEvent[] }>(method, request)
      .subscribe({ next: (batch) => receive(batch.events), error: tell, complete: tell });
  };

  return {
    open,
    join: (request, receive, ended) => stream('JoinMeeting', request, receive, ended),
    check: (request, receive, ended) => stream('CheckMedia', request, receive, ended),
    async command<Name extends MeetingCommand>(name: Name, argument: MeetingCommands[Name][0]): Promise<MeetingCommands[Name][1]> {
      let answer: HubAnswer<MeetingCommands[Name][1]>;
      try {
        answer = await (argument === undefined ? connection.invoke(name) : connection.invoke(name, argument));
      } catch {
        throw ApiError.unreachable();
      }
      if (answer.refusal) throw new ApiError(answer.refusal.code, 409, answer.refusal.title, answer.refusal.detail ?? undefined);
      return answer.value as MeetingCommands[Name][1];
    },
    close() {
      subscription?.dispose();
      void connection.stop();
    },
  };
}
