import { HttpTransportType, HubConnectionBuilder, LogLevel, type ISubscription } from '@microsoft/signalr';
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

/** A line of its own beside the session's: a call does not wait for the feed's next try, nor the feed for the call's. */
export function signalrMeetingLine(url: '/hub' | '/hub/guest'): MeetingLine {
  const connection = new HubConnectionBuilder()
    .withUrl(url, { transport: HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling })
    .configureLogging(LogLevel.None)
    .build();
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
    open: () => connection.start(),
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
