import { HttpTransportType, HubConnectionBuilder, LogLevel, type ISubscription } from '@microsoft/signalr';
import type { EventBatch, FeedLine } from './event-feed';

/** What somebody in a room lets the others know now: sealed, in base64. */
export interface RoomSignal {
  readonly roomId: string;
  readonly signal: string;
}

/** A line over SignalR. WebSocket first; where a proxy refuses it, SignalR falls back to server-sent events, then to long polling. */
export function signalrLine(url: string, receiveSignal?: (signal: RoomSignal) => void): FeedLine {
  const connection = new HubConnectionBuilder()
    .withUrl(url, { transport: HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling })
    .configureLogging(LogLevel.None)
    .build();
  let subscription: ISubscription<EventBatch> | undefined;
  let signals: ISubscription<RoomSignal> | undefined;

  return {
    open: () => connection.start(),
    subscribe(after, receive, broken) {
      let told = false;
      const tell = (): void => {
        if (told) return;
        told = true;
        broken();
      };
      connection.onclose(tell);
      subscription = connection.stream<EventBatch>('Subscribe', after).subscribe({ next: receive, error: tell, complete: tell });
      if (receiveSignal === undefined) return;
      // Without them nothing is lost: the line goes on.
      const nothing = (): void => undefined;
      signals = connection.stream<RoomSignal>('FollowRoomSignals').subscribe({ next: receiveSignal, error: nothing, complete: nothing });
    },
    close() {
      subscription?.dispose();
      signals?.dispose();
      void connection.stop();
    },
  };
}
